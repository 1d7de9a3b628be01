//! What to do about a failure where the operation is known: which quota is used up, which further
//! IAM action is needed, and how far the changes got.

use super::{Cause, Failure, Sent};
use crate::operation::Operation;

impl Failure {
    /// What to do about the failure. Where the operation is known, it says more than the cause
    /// alone: which quota is used up, which further IAM action is needed.
    pub fn next_step(&self) -> String {
        let step = self.cause.next_step();
        let operation = self.trace.operation;
        if let Some(step) = operation.and_then(|operation| of_admin(&self.cause, operation)) {
            return step.to_owned();
        }
        match (
            &self.cause,
            operation.and_then(quota),
            operation.and_then(further_action),
        ) {
            (Cause::LimitReached, Some(quota), _) => format!("{quota} {step}"),
            (Cause::Forbidden, _, Some(action)) => format!("{step} {action}"),
            _ => step,
        }
    }

    /// A sentence about the changes that were asked for; `None` where the cause tells it already.
    pub fn what_was_sent(&self) -> Option<&'static str> {
        let sent = self.trace.sent?;
        let is_told = sent == Sent::Unanswered && self.cause == Cause::OutcomeUnknown
            || sent == Sent::Partly && matches!(self.cause, Cause::Partly(_));
        if is_told { None } else { sent.sentence() }
    }
}

/// The quota that an operation can use up (AWS General Reference, "Amazon Chime SDK quotas").
const fn quota(operation: Operation) -> Option<&'static str> {
    Some(match operation {
        Operation::CreateAppInstance => {
            "The quota is of AppInstances in an account and Region (L-0222B40A)."
        }
        Operation::CreateAppInstanceUser => "The quota is of users in an AppInstance (L-D54E9933).",
        Operation::CreateAppInstanceAdmin => {
            "The quota is of admins in an AppInstance (L-9A7ECB60)."
        }
        Operation::RegisterAppInstanceUserEndpoint => {
            "A user can have ten endpoints unless AWS raised the quota (L-39BCA56C)."
        }
        _ => return None,
    })
}

/// What a refusal means where an admin is promoted or demoted. AWS tells no more than a code:
/// promoting twice is a conflict; a member who is missing, or who is no admin, is forbidden.
const fn of_admin(cause: &Cause, operation: Operation) -> Option<&'static str> {
    Some(match (cause, operation) {
        (Cause::Conflict, Operation::CreateAppInstanceAdmin) => {
            "This user or bot is an admin of the AppInstance already."
        }
        (Cause::Forbidden, Operation::CreateAppInstanceAdmin) => {
            "Check the ID: the AppInstance may have no such user or bot. If it has, the \
             connection’s IAM policy is missing the action below."
        }
        (Cause::Forbidden, Operation::DeleteAppInstanceAdmin) => {
            "This user or bot is not an admin of the AppInstance, or was demoted meanwhile; look \
             at the list of admins. If it is in there, the connection’s IAM policy is missing the \
             action below."
        }
        _ => return None,
    })
}

/// What a call needs beside the action of its own name (developer guide, "Registering endpoints"
/// and "AppInstanceUser expiration").
const fn further_action(operation: Operation) -> Option<&'static str> {
    Some(match operation {
        Operation::RegisterAppInstanceUserEndpoint => {
            "It also needs mobiletargeting:GetApp on the Pinpoint application."
        }
        Operation::CreateAppInstanceUser => {
            "With an expiration it also needs chime:PutAppInstanceUserExpirationSettings."
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_of_a_promotion_or_demotion_has_its_own_sentence() {
        let step = |cause: Cause, operation| Failure::from(cause).during(operation).next_step();
        let (promote, demote) = (
            Operation::CreateAppInstanceAdmin,
            Operation::DeleteAppInstanceAdmin,
        );

        let twice = step(Cause::Conflict, promote);
        let unknown = step(Cause::Forbidden, promote);
        let no_admin = step(Cause::Forbidden, demote);

        assert!(twice.contains("admin of the AppInstance already"));
        assert!(unknown.contains("no such user or bot"));
        assert!(no_admin.contains("is not an admin"));
        assert!(step(Cause::LimitReached, promote).contains("L-9A7ECB60"));
    }

    #[test]
    fn a_quota_or_a_further_action_is_named_where_the_operation_is_known() {
        let step = |cause: Cause, operation| Failure::from(cause).during(operation).next_step();

        let endpoint = Operation::RegisterAppInstanceUserEndpoint;
        assert!(step(Cause::LimitReached, endpoint).contains("ten endpoints"));
        assert!(step(Cause::LimitReached, endpoint).contains("L-39BCA56C"));
        assert!(step(Cause::Forbidden, endpoint).contains("mobiletargeting:GetApp"));
        let user = Operation::CreateAppInstanceUser;
        assert!(step(Cause::Forbidden, user).contains("PutAppInstanceUserExpirationSettings"));
        let other = Operation::DescribeAppInstanceUser;
        assert_eq!(step(Cause::Forbidden, other), Cause::Forbidden.next_step());
    }

    #[test]
    fn what_was_sent_is_said_by_whoever_knows_and_not_by_the_cause() {
        let said = |cause: Cause, sent| {
            let mut failure = Failure::from(cause);
            failure.trace.sent = sent;
            failure.what_was_sent()
        };

        for cause in [Cause::StoreUnavailable, Cause::ReadOnly, Cause::Internal] {
            assert_eq!(said(cause.clone(), None), None, "{cause:?}");
            let nothing = said(cause.clone(), Some(Sent::Nothing)).unwrap();
            assert!(nothing.contains("No change was sent"), "{nothing}");
            let open = said(cause.clone(), Some(Sent::Unanswered)).unwrap();
            assert!(open.contains("was sent to AWS"), "{open}");
            let part = said(cause, Some(Sent::Partly)).unwrap();
            assert!(part.contains("part of the change was made"), "{part}");
        }
        // The headline says it.
        assert_eq!(said(Cause::OutcomeUnknown, Some(Sent::Unanswered)), None);
        assert_eq!(said(Cause::Conflict, Some(Sent::Answered)), None);
    }
}
