//! What the one who asks may do, and why not: for links, buttons and forms, which show it before anybody
//! is refused. The backend decides again at each call.

use domain::{Operation, Region, Role};

use crate::operations::done_by;
use crate::paths::encoded;
use crate::request::Request;

/// Why an operation is not open to the one who asks; nothing when it is.
pub fn reason(request: &Request, operation: Operation) -> Option<String> {
    let role = request.caller().ok().map(|caller| caller.role);
    why_not(role, request.connection().read_only, operation)
}

fn why_not(role: Option<Role>, read_only: bool, operation: Operation) -> Option<String> {
    if read_only && operation.effect().is_write() {
        return Some("This console is read-only".to_owned());
    }
    let needed = Role::needed_for(operation);
    (role < Some(needed)).then(|| format!("Needs the role {needed}"))
}

/// Why an AppInstance cannot be created in a Region: it needs all of that.
pub fn reason_of_create(request: &Request, region: Region) -> Option<String> {
    reason(request, Operation::CreateAppInstance).or_else(|| {
        let is_limited = !request.covers_region(region);
        is_limited.then(|| format!("Your scope does not cover all of {region}"))
    })
}

/// Why sending the form of this page would be refused, whatever is typed; nothing when it would not.
pub fn reason_of_form(request: &Request, action: &str) -> Option<String> {
    done_by(action).find_map(|operation| match (operation, request.scope()) {
        (Operation::CreateAppInstance, Ok(scope)) => reason_of_create(request, scope.region),
        _ => reason(request, operation),
    })
}

/// The page to unlock writes on, which leads to another one.
pub fn unlock_path(next: &str) -> String {
    format!("/unlock?next={}", encoded(next))
}

/// Whether an operation waits for a proof of who asks, and for nothing else.
pub fn waits(request: &Request, operation: Operation) -> bool {
    request.backend().asks_proof(operation)
        && is_stale(request)
        && reason(request, operation).is_none()
}

/// Whether the proof of who asks is too old.
pub fn is_stale(request: &Request) -> bool {
    let caller = request.caller();
    caller.is_ok_and(|caller| caller.proof_left(request.now()).is_none())
}

/// Where to unlock before a form is sent, when its function would ask for it.
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
    use super::*;

    #[test]
    fn the_reason_is_the_connection_or_the_role() {
        let why = |role, read_only| why_not(role, read_only, Operation::DeleteAppInstanceUser);
        assert_eq!(why(Some(Role::Operator), false), None);
        assert_eq!(
            why(Some(Role::Viewer), false).as_deref(),
            Some("Needs the role Operator")
        );
        assert_eq!(why(None, false), why(Some(Role::Viewer), false));
        assert_eq!(
            why(Some(Role::Admin), true).as_deref(),
            Some("This console is read-only")
        );
        let read = Operation::DescribeAppInstanceUser;
        assert_eq!(why_not(Some(Role::Viewer), true, read), None);
    }
}
