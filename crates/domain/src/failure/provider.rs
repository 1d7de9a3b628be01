//! Why signing in with a provider (OpenID Connect) did not work. Closed like its parent: what a
//! provider wrote about itself or about somebody is never shown.

use serde::{Deserialize, Serialize};

/// What went wrong between the console, the provider and the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProviderProblem {
    /// It could not be reached, took too long, or its answer could not be read.
    Unavailable,
    /// It did not accept this console as its client.
    ClientRefused,
    /// The person chose not to sign in there (`error=access_denied`).
    Cancelled,
    /// It did not sign the person in, for another reason (`error=…`).
    Declined,
    /// This try is not held any more, was used, or was begun in another browser (`state`).
    Gone,
    /// The answer names another issuer (`iss`).
    OtherIssuer,
    /// The answer is for another client (`aud`, `azp`).
    OtherClient,
    /// The answer is too old (`exp`).
    Expired,
    /// The answer is to another try (`nonce`).
    OtherTry,
    /// The answer is not signed by the provider's key, or its parts do not belong together
    /// (`at_hash`).
    Unsigned,
    /// A claim that is used has a type that no provider sends.
    Unreadable,
    /// The provider did not ask for a proof of identity, as it was told to (`auth_time`).
    NotFresh,
    /// The person who signed in there is not the one who is signed in here.
    OtherPerson,
    /// It tells no name that could be a username.
    NoName,
    /// None of the person's groups has a role here.
    NoRole,
    /// The person is in more groups than the provider tells, so their groups are not known.
    GroupsUntold,
    /// The operator is disabled.
    Disabled,
    /// Another operator has the name already.
    NameTaken,
    /// The operator signs in with a provider, and has no password to be set.
    NoPassword,
}

impl ProviderProblem {
    /// Every problem.
    pub const ALL: &[Self] = &[
        Self::Unavailable,
        Self::ClientRefused,
        Self::Cancelled,
        Self::Declined,
        Self::Gone,
        Self::OtherIssuer,
        Self::OtherClient,
        Self::Expired,
        Self::OtherTry,
        Self::Unsigned,
        Self::Unreadable,
        Self::NotFresh,
        Self::OtherPerson,
        Self::NoName,
        Self::NoRole,
        Self::GroupsUntold,
        Self::Disabled,
        Self::NameTaken,
        Self::NoPassword,
    ];

    /// A word for logs, metrics and the audit.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unavailable => "provider-unavailable",
            Self::ClientRefused => "provider-refused-client",
            Self::Cancelled => "provider-cancelled",
            Self::Declined => "provider-declined",
            Self::Gone => "provider-try-gone",
            Self::OtherIssuer => "provider-other-issuer",
            Self::OtherClient => "provider-other-client",
            Self::Expired => "provider-expired",
            Self::OtherTry => "provider-other-try",
            Self::Unsigned => "provider-unsigned",
            Self::Unreadable => "provider-unreadable",
            Self::NotFresh => "provider-not-fresh",
            Self::OtherPerson => "provider-other-person",
            Self::NoName => "provider-no-name",
            Self::NoRole => "provider-no-role",
            Self::GroupsUntold => "provider-groups-untold",
            Self::Disabled => "provider-disabled",
            Self::NameTaken => "provider-name-taken",
            Self::NoPassword => "provider-no-password",
        }
    }

    /// The HTTP status of an answer that carries it.
    pub const fn status(self) -> u16 {
        match self {
            Self::Cancelled
            | Self::Declined
            | Self::OtherIssuer
            | Self::OtherClient
            | Self::Expired
            | Self::OtherTry
            | Self::Unsigned
            | Self::NotFresh => 401,
            Self::OtherPerson
            | Self::NoName
            | Self::NoRole
            | Self::GroupsUntold
            | Self::Disabled => 403,
            Self::NameTaken | Self::NoPassword => 409,
            Self::Gone => 410,
            Self::ClientRefused | Self::Unreadable => 502,
            Self::Unavailable => 503,
        }
    }

    /// What happened, in a few words.
    pub const fn headline(self) -> &'static str {
        match self {
            Self::Unavailable => "The provider did not answer",
            Self::ClientRefused => "The provider does not accept this console",
            Self::Cancelled => "You did not sign in with the provider",
            Self::Declined => "The provider did not sign you in",
            Self::Gone => "This sign-in was used already, or took too long",
            Self::OtherIssuer => "The answer came from another provider",
            Self::OtherClient => "The provider’s answer is not for this console",
            Self::Expired => "The provider’s answer has expired",
            Self::OtherTry => "The provider’s answer belongs to another sign-in",
            Self::Unsigned => "The provider’s answer cannot be trusted",
            Self::Unreadable => "The provider’s answer cannot be read",
            Self::NotFresh => "The provider did not ask who you are",
            Self::OtherPerson => "Somebody else signed in with the provider",
            Self::NoName => "The provider did not send your name",
            Self::NoRole => "Your groups have no role in this console",
            Self::GroupsUntold => "The provider did not send your groups",
            Self::Disabled => "You may no longer sign in here",
            Self::NameTaken => "Another operator has your name",
            Self::NoPassword => "This operator has no password",
        }
    }

    /// What to do about it.
    pub const fn next_step(self) -> &'static str {
        match self {
            Self::Unavailable => {
                "Try again in a moment. If you have a password for this console, use it meanwhile."
            }
            Self::ClientRefused => {
                "An Admin must check the client ID and the client secret that the server was started with."
            }
            Self::Cancelled => "Nobody was signed in. Try again whenever you like.",
            Self::Declined => {
                "Try again. If this goes on, ask whoever runs the provider whether you may use this console."
            }
            Self::Gone => {
                "Start again from here. A sign-in works once, for ten minutes, in the browser that began it."
            }
            Self::OtherIssuer | Self::OtherClient | Self::OtherTry | Self::Unsigned => {
                "Nobody was signed in. Start again from here; if this goes on, tell an Admin of this console."
            }
            Self::Unreadable => {
                "Nobody was signed in. Tell an Admin of this console: the log of the server names what cannot be read."
            }
            Self::Expired => {
                "Start again from here. If this goes on, the clocks of the server and the provider may differ: tell an Admin of this console."
            }
            Self::NotFresh => "Start again from here, and sign in when the provider asks.",
            Self::OtherPerson => "Sign out of the provider, then confirm with your own account.",
            Self::NoName => {
                "An Admin must check which claim holds the name: it needs 1 to 64 characters, and an email address must be verified."
            }
            Self::NoRole => "Ask an Admin of this console which group you need.",
            Self::GroupsUntold => {
                "You are in more groups than it sends at once, so nobody here knows your role. Ask an Admin: the provider can send only the groups that are meant for this console."
            }
            Self::Disabled | Self::NameTaken => "Ask an Admin of this console.",
            Self::NoPassword => {
                "They sign in with a provider. Disable them, or take the group away from them there."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_problem_has_its_own_word_and_headline_and_none_is_a_bug() {
        for (at, problem) in ProviderProblem::ALL.iter().enumerate() {
            assert_ne!(problem.status(), 500, "{problem:?}");
            for other in &ProviderProblem::ALL[at + 1..] {
                assert_ne!(problem.code(), other.code());
                assert_ne!(problem.headline(), other.headline());
            }
        }
    }
}
