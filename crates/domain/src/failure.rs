//! Why something did not work, as far as the person at the console can act on it.
//!
//! The only error that reaches a page. It is closed: it holds no free text, names or ARNs. So
//! nobody's data can leak with it, and nobody can inject anything through it.

mod advice;
mod provider;
mod reach;
mod sent;
mod words;

use std::fmt;

use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

use crate::operation::Operation;
use crate::problem::{Field, FieldProblem, Problem};
use crate::role::Role;
use crate::timestamp::Timestamp;

pub use provider::ProviderProblem;
pub use reach::{CredentialsProblem, NoConnection};
pub use sent::Sent;
pub use words::fields_need_a_change;

/// What went wrong. The sentences of each are in [`Cause::headline`] and [`Cause::next_step`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// Nobody is signed in, or the session ended.
    SignedOut,
    /// The username or the password is wrong; which one is not told.
    BadCredentials,
    /// The one-time code is wrong, or was used before.
    BadCode,
    /// Too many wrong one-time codes in a day: an Admin has to let them be tried again.
    CodesRefused,
    /// Too many failed attempts; seconds to wait.
    SlowDown(u32),
    /// The operator's role is too weak; the weakest role that would do.
    RoleNeeded(Role),
    /// The operator's role is limited to parts of the connections, and this needs more than those.
    Limited,
    /// The server was started with `--read-only`.
    ReadOnly,
    /// A fresh proof of identity is needed: the last is older than 15 minutes.
    ProofNeeded,
    /// Fields that were refused before any call.
    Invalid(Vec<FieldProblem>),
    /// AWS refused a value (`BadRequestException`).
    Rejected,
    /// It does not exist, or the AWS credentials may not see it (`ForbiddenException`).
    Forbidden,
    /// It does not exist (`NotFoundException`, bots only).
    NotFound,
    /// It exists already, or is in the wrong state (`ConflictException`).
    Conflict,
    /// The resource changed since the form was opened; when it changed, where AWS told.
    Changed(Option<Timestamp>),
    /// A quota is used up (`ResourceLimitExceededException`).
    LimitReached,
    /// AWS asks for fewer calls (`ThrottledClientException`).
    Throttled,
    /// AWS did not accept the server's credentials, or there are none.
    AwsCredentials(CredentialsProblem),
    /// No connection to AWS was made.
    NotConnected(NoConnection),
    /// AWS failed (`ServiceFailureException`, `ServiceUnavailableException`), or did not answer a
    /// read.
    AwsUnavailable,
    /// A write was sent and no answer came: AWS may have made the change.
    OutcomeUnknown,
    /// It was given up after its time.
    TookTooLong,
    /// The page cursor is no longer held.
    StaleCursor,
    /// Some steps were done and one failed; the operation that failed.
    Partly(Operation),
    /// Too many ask at once.
    Busy,
    /// The console's own database did not answer.
    StoreUnavailable,
    /// There is no such page here.
    NoSuchPage,
    /// The request is not one this version understands, for example from an old tab.
    Outdated,
    /// The browser could not reach the console.
    Offline,
    /// A link that can be used once was used, or has expired.
    LinkUsed,
    /// It would leave nobody who can manage operators.
    LastAdmin,
    /// Signing in with a provider did not work.
    Provider(ProviderProblem),
    /// A bug, logged under the operation id.
    Internal,
}

/// Where to look a failure up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// The AWS operation that failed.
    #[serde(default)]
    pub operation: Option<Operation>,
    /// The request id that AWS gave: letters, digits and `-`, at most 64.
    #[serde(default)]
    pub aws_request: Option<String>,
    /// Our operation id: the audit entry, or the incident in the log.
    #[serde(default)]
    pub entry: Option<String>,
    /// How far the changes that the request asked for got; `None` where it asked for none.
    #[serde(default)]
    pub sent: Option<Sent>,
}

/// What went wrong, and where to look it up. The one error that a page gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The kind of failure, with its sentences.
    pub cause: Cause,
    /// The ids by which it is found in AWS, in the audit and in the log.
    #[serde(default)]
    pub trace: Trace,
}

impl Cause {
    /// A word for logs, metrics and the audit.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::SignedOut => "signed-out",
            Self::BadCredentials => "bad-credentials",
            Self::BadCode => "bad-code",
            Self::CodesRefused => "codes-refused",
            Self::SlowDown(_) => "slow-down",
            Self::RoleNeeded(_) => "role-needed",
            Self::Limited => "limited",
            Self::ReadOnly => "read-only",
            Self::ProofNeeded => "proof-needed",
            Self::Invalid(_) => "invalid",
            Self::Rejected => "rejected",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::Conflict => "conflict",
            Self::Changed(_) => "changed",
            Self::LimitReached => "limit-reached",
            Self::Throttled => "throttled",
            Self::AwsCredentials(problem) => problem.code(),
            Self::NotConnected(reason) => reason.code(),
            Self::AwsUnavailable => "aws-unavailable",
            Self::OutcomeUnknown => "outcome-unknown",
            Self::TookTooLong => "took-too-long",
            Self::StaleCursor => "stale-cursor",
            Self::Partly(_) => "partly",
            Self::Busy => "busy",
            Self::StoreUnavailable => "store-unavailable",
            Self::NoSuchPage => "no-such-page",
            Self::Outdated => "outdated",
            Self::Offline => "offline",
            Self::LinkUsed => "link-used",
            Self::LastAdmin => "last-admin",
            Self::Provider(problem) => problem.code(),
            Self::Internal => "internal",
        }
    }

    /// Whether trying the same again can help.
    pub const fn can_retry(&self) -> bool {
        matches!(
            self,
            Self::Throttled
                | Self::NotConnected(_)
                | Self::AwsUnavailable
                | Self::OutcomeUnknown
                | Self::TookTooLong
                | Self::Busy
                | Self::StoreUnavailable
                | Self::Offline
                | Self::SlowDown(_)
        )
    }

    /// The HTTP status of an answer that carries it.
    pub const fn status(&self) -> u16 {
        match self {
            Self::SignedOut | Self::BadCredentials | Self::BadCode => 401,
            Self::RoleNeeded(_)
            | Self::Limited
            | Self::ReadOnly
            | Self::ProofNeeded
            | Self::CodesRefused
            | Self::Forbidden => 403,
            Self::NotFound | Self::NoSuchPage => 404,
            Self::Conflict | Self::Changed(_) | Self::LimitReached | Self::LastAdmin => 409,
            Self::LinkUsed | Self::StaleCursor => 410,
            Self::Invalid(_) | Self::Rejected => 422,
            Self::Outdated => 400,
            Self::Throttled | Self::SlowDown(_) => 429,
            Self::AwsCredentials(_) | Self::Partly(_) => 502,
            Self::NotConnected(_)
            | Self::AwsUnavailable
            | Self::Busy
            | Self::StoreUnavailable
            | Self::Offline => 503,
            Self::OutcomeUnknown | Self::TookTooLong => 504,
            Self::Provider(problem) => problem.status(),
            Self::Internal => 500,
        }
    }
}

impl Failure {
    /// Notes which AWS operation failed.
    #[must_use]
    pub fn during(mut self, operation: Operation) -> Self {
        self.trace.operation = Some(operation);
        self
    }

    /// Says which field a conflict is about. AWS tells only that there is one, but one new value
    /// alone can be it. Other causes stay as they are.
    #[must_use]
    pub fn conflict_of(self, field: Field, problem: Problem) -> Self {
        if self.cause != Cause::Conflict {
            return self;
        }
        let cause = Cause::Invalid(vec![FieldProblem { field, problem }]);
        Self { cause, ..self }
    }

    /// The problems of fields; empty for every other cause.
    pub fn field_problems(&self) -> &[FieldProblem] {
        match &self.cause {
            Cause::Invalid(problems) => problems,
            _ => &[],
        }
    }
}

impl From<Cause> for Failure {
    fn from(cause: Cause) -> Self {
        Self {
            cause,
            trace: Trace::default(),
        }
    }
}

impl From<FieldProblem> for Failure {
    fn from(problem: FieldProblem) -> Self {
        Cause::Invalid(vec![problem]).into()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.cause.code())
    }
}

impl std::error::Error for Failure {}

impl From<ServerFnErrorErr> for Failure {
    fn from(error: ServerFnErrorErr) -> Self {
        Self::from_server_fn_error(error)
    }
}

impl FromServerFnError for Failure {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Cause::Offline,
            ServerFnErrorErr::Deserialization(_)
            | ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_) => Cause::Outdated,
            _ => Cause::Internal,
        }
        .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lines_of_one_field_that_are_wrong_are_one_field() {
        let line = |field, row| {
            let problem = crate::Problem::NotALimit { row };
            FieldProblem { field, problem }
        };
        let same = vec![line(crate::Field::Limits, 1), line(crate::Field::Limits, 2)];
        let other = vec![line(crate::Field::Limits, 1), line(crate::Field::Name, 2)];
        assert_eq!(Cause::Invalid(same).headline(), "One field needs a change");
        let two = "2 fields need a change";
        assert_eq!(Cause::Invalid(other).headline(), two);
    }
}
