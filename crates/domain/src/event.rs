//! What the audit names: operations of the API, and what happens in the console itself.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use crate::operation::Operation;

macro_rules! console_events {
    ($($variant:ident => $label:literal;)*) => {
        words! {
            /// Something that happens in the console and is no operation of the API.
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            #[expect(missing_docs, reason = "`label` says what each is")]
            pub enum ConsoleEvent { $($variant => stringify!($variant)),* }
            /// The name that the audit stores: `SignIn`.
            fn name;
        }

        impl ConsoleEvent {
            /// What an operator reads: `Sign in`.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),* }
            }
        }
    };
}

console_events! {
    RevealDeviceTokens => "Reveal device tokens";
    LookAgain => "Look again at an unknown outcome";
    AddOperator => "Add operator";
    SetOperatorRole => "Set operator’s role";
    SetOperatorScope => "Set operator’s scope";
    EnableOperator => "Enable operator";
    DisableOperator => "Disable operator";
    ResetOperatorPassword => "Reset operator’s password";
    InviteOperator => "Invite operator";
    SignOutOperator => "Sign operator out everywhere";
    SignIn => "Sign in";
    SignOut => "Sign out";
    SetUp => "Set up the first operator";
    ChoosePassword => "Choose password by link";
    ChangePassword => "Change own password";
    SeeNotices => "Mark own notices as seen";
    ChooseTimes => "Choose how times are shown";
    EndSession => "End own session";
    EndOtherSessions => "End own other sessions";
    UnlockWrites => "Unlock writes";
    BeginAuthenticator => "Begin to set up authenticator";
    SetUpAuthenticator => "Set up authenticator";
    NewRecoveryCodes => "Make new recovery codes";
    RemoveAuthenticator => "Remove own authenticator";
    ResetAuthenticator => "Reset operator’s authenticator";
    PlanJob => "Plan a job";
    StartJob => "Start a job";
    PauseJob => "Pause a job";
    ResumeJob => "Resume a job";
    CancelJob => "Cancel a job";
    RetryJob => "Plan the failed rows of a job again";
    TakeOverJob => "Take a job over";
}

/// What an entry of the audit is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// An operation of the API.
    Operation(Operation),
    /// Something that happened in the console itself.
    Console(ConsoleEvent),
    /// A name that only a newer version of the console knows.
    Newer(String),
}

impl Event {
    /// The name that the audit stores.
    pub fn name(&self) -> &str {
        match self {
            Self::Operation(operation) => operation.name(),
            Self::Console(event) => event.name(),
            Self::Newer(name) => name,
        }
    }

    /// The words that an operator reads.
    pub fn label(&self) -> &str {
        match self {
            Self::Operation(operation) => operation.label(),
            Self::Console(event) => event.label(),
            Self::Newer(name) => name,
        }
    }

    /// The operation; `None` for an event of the console or of a newer version.
    pub const fn operation(&self) -> Option<Operation> {
        match self {
            Self::Operation(operation) => Some(*operation),
            Self::Console(_) | Self::Newer(_) => None,
        }
    }
}

impl From<Operation> for Event {
    fn from(operation: Operation) -> Self {
        Self::Operation(operation)
    }
}

impl From<ConsoleEvent> for Event {
    fn from(event: ConsoleEvent) -> Self {
        Self::Console(event)
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Reading never fails: a name that is unknown here may come from a newer version.
impl FromStr for Event {
    type Err = Infallible;

    fn from_str(name: &str) -> Result<Self, Infallible> {
        if let Ok(operation) = name.parse() {
            return Ok(Self::Operation(operation));
        }
        let event = ConsoleEvent::ALL.iter().find(|event| event.name() == name);
        Ok(event.map_or_else(
            || Self::Newer(name.to_owned()),
            |event| Self::Console(*event),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str) -> Event {
        name.parse().unwrap()
    }

    #[test]
    fn an_operation_an_event_and_a_word_of_a_newer_version_have_a_label() {
        assert_eq!(
            read("UpdateAppInstanceBot").label(),
            "Update AppInstanceBot"
        );
        assert_eq!(read("RevealDeviceTokens").label(), "Reveal device tokens");
        assert_eq!(read("NewEvent").label(), "NewEvent");
    }

    #[test]
    fn every_name_is_read_back_as_what_it_names() {
        for operation in Operation::ALL {
            assert_eq!(read(operation.name()).operation(), Some(*operation));
        }
        for event in ConsoleEvent::ALL {
            assert_eq!(read(event.name()), Event::Console(*event));
            assert_eq!(read(event.name()).operation(), None);
        }
        assert_eq!(read("NewEvent"), Event::Newer("NewEvent".into()));
        assert_eq!(read("NewEvent").name(), "NewEvent");
    }
}
