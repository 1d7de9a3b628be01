//! What the operator who sends a request may do, and why not. Links, buttons and forms show it
//! beforehand; the backend decides again at each call.

use backend::access::{may, may_settle};
use backend::{Act, Caller, Connection};
use domain::import::Kind;
use domain::{Cause, Failure, JobKind, Operation, Region, Role, Timestamp};

use crate::operations::done_by;
use crate::paths::leading_to;
use crate::request::Request;

/// Why the operator may not call an operation; `None` when they may.
pub fn reason(request: &Request, operation: Operation) -> Option<String> {
    why_not(
        request.caller().ok(),
        request.connection(),
        operation,
        request.now(),
    )
}

/// Fails where the operator may not call an operation. A proof of who they are is asked for when they do.
pub fn check(request: &Request, operation: Operation) -> Result<(), Failure> {
    let act = Act::call(operation);
    match may(request.caller()?, request.connection(), act, request.now()) {
        Err(failure) if failure.cause != Cause::ProofNeeded => Err(failure),
        _ => Ok(()),
    }
}

/// Why the operator's role is too weak to plan a job of a kind, or to look after one; `None` when it is
/// not.
pub fn reason_to_plan(request: &Request, kind: JobKind) -> Option<String> {
    let role = request.caller().ok()?.role;
    let operations = kind.operations().iter();
    let mut needed = operations.map(|operation| Act::call(*operation).role());
    let needed = needed.find(|needed| role < *needed)?;
    Some(format!("Needs the role {needed}"))
}

fn why_not(
    caller: Option<&Caller>,
    connection: &Connection,
    operation: Operation,
    now: Timestamp,
) -> Option<String> {
    if connection.read_only && operation.effect().is_write() {
        return Some("This console is read-only".to_owned());
    }
    let act = Act::call(operation);
    let refused = match caller {
        Some(caller) => may(caller, connection, act, now).err()?.cause,
        None => Cause::RoleNeeded(act.role()),
    };
    match refused {
        Cause::RoleNeeded(needed) => Some(format!("Needs the role {needed}")),
        // A fresh proof, which the page asks for itself.
        _ => None,
    }
}

/// Why the operator may not import rows of a kind; `None` when they may.
pub fn reason_of_import(request: &Request, kind: Kind) -> Option<String> {
    let mut operations = kind.job().operations().iter();
    operations.find_map(|operation| reason(request, *operation))
}

/// Why the operator may not create an AppInstance in a Region; `None` when they may. Their scope
/// must cover the whole Region.
pub fn reason_of_create(request: &Request, region: Region) -> Option<String> {
    reason(request, Operation::CreateAppInstance).or_else(|| {
        let is_limited = !request.covers_region(region);
        is_limited.then(|| format!("Your scope does not cover all of {region}"))
    })
}

/// Why the form of this page would be refused, whatever is typed into it; `None` when there is no
/// such reason.
pub fn reason_of_form(request: &Request, action: &str) -> Option<String> {
    done_by(action).find_map(|operation| match (operation, request.scope()) {
        (Operation::CreateAppInstance, Ok(scope)) => reason_of_create(request, scope.region),
        _ => reason(request, operation),
    })
}

/// The address of the page that unlocks writes. It leads on to `next`.
pub fn unlock_path(next: &str) -> String {
    leading_to("/unlock", next)
}

/// Why what is in the audit like a write, and is none, is not open to the one who asks.
pub fn reason_to_settle(request: &Request) -> Option<String> {
    match settles(request).err()? {
        Cause::RoleNeeded(needed) => Some(format!("Needs the role {needed}")),
        _ => None,
    }
}

/// Whether that waits for a proof of who asks, and for nothing else.
pub fn waits_to_settle(request: &Request) -> bool {
    settles(request) == Err(Cause::ProofNeeded)
}

fn settles(request: &Request) -> Result<(), Cause> {
    let caller = request
        .caller()
        .map_err(|_| Cause::RoleNeeded(Role::Operator))?;
    let settles = may_settle(caller, Some(request.connection()), request.now());
    settles.map_err(|failure| failure.cause)
}

/// Whether a fresh proof of identity is all that the operator lacks to call an operation.
pub fn waits(request: &Request, operation: Operation) -> bool {
    Act::call(operation).asks_proof(request.connection())
        && is_stale(request)
        && reason(request, operation).is_none()
}

/// Whether the operator proved their identity too long ago.
pub fn is_stale(request: &Request) -> bool {
    let caller = request.caller();
    caller.is_ok_and(|caller| caller.proof_left(request.now()).is_none())
}

/// The address of the page that unlocks writes, when the function of a form would ask for that
/// first; `None` when it would not.
pub fn unlock_before(request: &Request, action: &str) -> Option<String> {
    let here = || unlock_path(&request.with_query(&[]));
    let asks = ["/api/operators/", "/api/account/authenticator/"];
    if asks.iter().any(|asks| action.starts_with(asks)) {
        return is_stale(request).then(here);
    }
    done_by(action)
        .any(|operation| waits(request, operation))
        .then(here)
}

#[cfg(test)]
mod tests {
    use backend::{Changes, OperatorId};
    use domain::{Environment, Grant};

    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    fn caller(role: Role) -> Caller {
        Caller {
            operator: OperatorId::from("op-1".to_owned()),
            username: "ada".to_owned(),
            role,
            grant: Grant::EVERYTHING,
            remote: None,
            request_id: String::new(),
            proved: None,
            session: None,
            changes: Changes::default(),
        }
    }

    fn connection(read_only: bool) -> Connection {
        Connection {
            id: "main".parse().unwrap(),
            label: "Main".to_owned(),
            environment: Environment::Production,
            regions: vec![Region::UsEast1],
            read_only,
            endpoint_url: None,
        }
    }

    #[test]
    fn the_reason_is_the_connection_or_the_role() {
        let why = |role: Option<Role>, read_only, operation| {
            let caller = role.map(caller);
            why_not(caller.as_ref(), &connection(read_only), operation, NOW)
        };
        let delete = Operation::DeleteAppInstanceUser;
        assert_eq!(why(Some(Role::Operator), false, delete), None);
        assert_eq!(
            why(Some(Role::Viewer), false, delete).as_deref(),
            Some("Needs the role Operator")
        );
        assert_eq!(
            why(None, false, delete),
            why(Some(Role::Viewer), false, delete)
        );
        for role in [Role::Viewer, Role::Admin] {
            assert_eq!(
                why(Some(role), true, delete).as_deref(),
                Some("This console is read-only")
            );
        }
        let read = Operation::DescribeAppInstanceUser;
        assert_eq!(why(Some(Role::Viewer), true, read), None);
    }
}
