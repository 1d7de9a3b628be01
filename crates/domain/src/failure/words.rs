//! The catalogue: what each cause is called, and what to do about it.

use std::collections::HashSet;

use super::Cause;

/// The headline over problems of fields.
pub fn fields_need_a_change(count: usize) -> String {
    match count {
        1 => "One field needs a change".to_owned(),
        count => format!("{count} fields need a change"),
    }
}

impl Cause {
    /// What happened, in a few words.
    pub fn headline(&self) -> String {
        match self {
            Self::SignedOut => "You are signed out",
            Self::BadCredentials => "Username or password is not right",
            Self::BadCode => "The one-time code is not right",
            Self::CodesRefused => "Too many wrong one-time codes",
            Self::SlowDown(_) => "Too many attempts",
            Self::RoleNeeded(_) => "Your role does not allow this",
            Self::Limited => "Your scope does not cover this",
            Self::ReadOnly => "This console is read-only",
            Self::ProofNeeded => "Writes are locked",
            Self::Invalid(problems) => {
                // A field can have several: one for each line that is wrong.
                let fields: HashSet<_> = problems.iter().map(|problem| problem.field).collect();
                return fields_need_a_change(fields.len());
            }
            Self::Rejected => "AWS did not accept this value",
            Self::Forbidden => "Not found, or this connection may not do it",
            Self::NotFound => "This bot no longer exists",
            Self::Conflict => "Already exists, or changed meanwhile",
            Self::Changed(_) => "Somebody changed this while your form was open",
            Self::LimitReached => "Quota reached",
            Self::Throttled => "AWS is slowing us down",
            Self::AwsCredentials(problem) => problem.headline(),
            Self::NotConnected(reason) => reason.headline(),
            Self::AwsUnavailable => "AWS had a problem, or did not answer",
            Self::OutcomeUnknown => "No answer; the change may have been made",
            Self::TookTooLong => "This took too long",
            Self::StaleCursor => "This page of the list can no longer be shown",
            Self::Partly(_) => "Done in part",
            Self::Busy => "The console is busy",
            Self::StoreUnavailable => "The console cannot reach its database",
            Self::NoSuchPage => "There is no such page",
            Self::Outdated => "This page is older than the server",
            Self::Offline => "The console could not be reached",
            Self::LinkUsed => "This link was used already, or has expired",
            Self::LastAdmin => "This is the last Admin",
            Self::Provider(problem) => problem.headline(),
            Self::Internal => "Something went wrong here",
        }
        .to_owned()
    }

    /// What to do about it.
    pub fn next_step(&self) -> String {
        match self {
            Self::SignedOut => "Sign in. What you typed is kept.",
            Self::BadCredentials => "Check both and try again.",
            Self::BadCode => "Each code works once, for half a minute. Wait for the next one, or use a recovery code.",
            Self::CodesRefused => "No code is accepted any more, not even a right one. Ask an Admin of this console to reset your authenticator, or for a link.",
            Self::SlowDown(seconds) => {
                return format!("Wait {seconds} s and try again.");
            }
            Self::RoleNeeded(role) => {
                return format!("This needs the role {role}. Ask an Admin of this console.");
            }
            Self::Limited => "Your role is limited to parts of this console, and this needs more than those. Ask an Admin of this console.",
            Self::ReadOnly => "The console was started with --read-only. An Admin can start it without.",
            Self::ProofNeeded => "Unlock them with your password or a one-time code: this asks for one from the last 15 minutes. What you typed is kept.",
            Self::Invalid(_) => "What you typed is kept.",
            Self::Rejected => "Check the values against the rules beside the fields.",
            Self::Forbidden => "AWS answers the same for both. Check the Region and the ID; if it \
                exists, the connection’s IAM policy is missing the action below.",
            Self::NotFound => "Go back to the list; it may have been deleted in another window.",
            Self::Conflict => "Look at the existing one before you try again.",
            Self::Changed(_) => "Compare the versions below, then save again or leave it.",
            Self::LimitReached => "Delete what is no longer used, or ask AWS for a higher quota in Service Quotas.",
            Self::Throttled => "We tried several times. Wait a moment and try again.",
            Self::AwsCredentials(problem) => return problem.next_step(),
            Self::NotConnected(reason) => reason.next_step(),
            Self::AwsUnavailable => "Try again; the same request is never made twice.",
            Self::OutcomeUnknown => "Look at the resource first. If the change is not there, try again: the same request is never made twice.",
            Self::TookTooLong => "Try again in a few seconds. If this goes on, an Admin finds in the server’s log what is slow: AWS, the network or the database.",
            Self::StaleCursor => "Start again from the first page.",
            Self::Partly(operation) => {
                return format!("{} failed; the steps before it were done. Try that step again.", operation.label());
            }
            Self::Busy | Self::StoreUnavailable => "Try again in a few seconds.",
            Self::NoSuchPage => "Check the address, or start from the overview.",
            Self::Outdated => "Reload the page and try again.",
            Self::Offline => "Check your network. Nothing typed is lost; try again.",
            Self::LinkUsed => "Ask for a new one.",
            Self::LastAdmin => "Nothing was changed: without an Admin who can sign in, nobody could manage operators. Make somebody else an Admin first.",
            Self::Provider(problem) => problem.next_step(),
            Self::Internal => "Try again. If this goes on, give the operation ID to whoever runs this console.",
        }
        .to_owned()
    }
}
