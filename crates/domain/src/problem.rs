//! Why a value that somebody typed was refused, and the sentence that says so.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! fields {
    ($($variant:ident => $name:literal, $label:literal;)*) => {
        /// A field of a form. The name is the form control's; the label is what people read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "each is named for its label")]
        pub enum Field { $($variant),* }

        impl Field {
            /// The `name` of the form control.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The label a person reads.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),* }
            }
        }
    };
}

fields! {
    Username => "username", "Username";
    Password => "password", "Password";
    CurrentPassword => "current_password", "Current password";
    NewPassword => "new_password", "New password";
    OneTimeCode => "code", "One-time code";
    Role => "role", "Role";
    Scope => "scope", "Scope";
    Limit => "limit", "What it covers";
    Limits => "limits", "Limits";
    Name => "name", "Name";
    Metadata => "metadata", "Metadata";
    NoMetadata => "no_metadata", "Take the metadata away";
    Tags => "tags", "Tags";
    Key => "tag_key", "Key";
    Value => "tag_value", "Value";
    TagKeys => "tag_keys", "Tag keys";
    RetentionDays => "retention_days", "Retention days";
    UserId => "user_id", "User ID";
    ExpireAfter => "expiration_days", "Expire after (days)";
    Kind => "kind", "Type";
    ResourceArn => "resource_arn", "Resource ARN";
    DeviceToken => "device_token", "Device token";
    VoipDeviceToken => "voip_device_token", "VoIP device token";
    AllowMessages => "allow_messages", "Allow messages";
    LexBotAliasArn => "lex_bot_alias_arn", "Lex bot alias ARN";
    LocaleId => "locale_id", "Locale ID";
    WelcomeIntent => "welcome_intent", "Welcome intent";
    StandardMessages => "standard_messages", "Standard messages";
    TargetedMessages => "targeted_messages", "Targeted messages";
    Admin => "member", "ID or ARN";
    Arn => "arn", "ARN or ID";
    Another => "another", "Create another";
    Confirm => "confirm", "Type the name to confirm";
    ConfirmUserId => "confirm_user_id", "Type the user ID to confirm";
    ConfirmCount => "confirm_count", "Type the number of rows to confirm";
    Size => "size", "Rows on a page";
    Page => "page", "Page";
    Before => "before", "Before row";
    After => "after", "After row";
    Outcome => "outcome", "Outcome";
    Since => "since", "Time";
    Job => "job", "Job";
    Verdict => "verdict", "Plan";
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// Why a value was refused. Holds limits and positions, never the value itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[expect(missing_docs, reason = "the message of each says what it is")]
pub enum Problem {
    #[error("Enter a value.")]
    Empty,
    #[error("Enter at least one character that is not a space.")]
    Blank,
    #[error("Use at most {max} characters; this has {actual}.")]
    TooLong { max: u32, actual: u32 },
    #[error("Use at least {min} characters.")]
    TooShort { min: u32 },
    #[error(
        "Use at most {max} bytes; this has {actual}. Letters with accents and emoji take 2 to 4 bytes each."
    )]
    TooManyBytes { max: u32, actual: u32 },
    #[error("Remove the control character at position {position}.")]
    ControlCharacter { position: u32 },
    #[error("A user ID cannot contain “{character}”. Use letters A–Z, digits and : - _ . @")]
    UserIdCharacter { character: char },
    #[error("A user ID starts with a letter or a digit.")]
    UserIdStart,
    #[error("A user ID ends with a letter or a digit.")]
    UserIdEnd,
    #[error("Enter a whole number from {min} to {max}.")]
    NotInRange { min: u32, max: u32 },
    #[error("Two tags have the key in row {row}. Each key can be used once.")]
    DuplicateKey { row: u32 },
    #[error("Row {row}: enter a key of 1 to 128 characters.")]
    TagKey { row: u32 },
    #[error(
        "Row {row}: enter a value of 1 to 256 characters. Chime does not accept an empty tag value."
    )]
    TagValue { row: u32 },
    #[error("Row {row}: keys that start with “aws:” are reserved by AWS.")]
    ReservedKey { row: u32 },
    #[error("A resource can have at most {max} tags; this would make {actual}.")]
    TooManyTags { max: u32, actual: u32 },
    #[error("Enter an ARN. It starts with “arn:aws:”.")]
    NotAnArn,
    #[error("This ARN is cut off. That of an AppInstance ends with “:app-instance/” and its ID.")]
    CutArn,
    #[error("This is an address of another site, with no ARN in it.")]
    OtherSite,
    #[error("This is not the ARN of {wanted}.")]
    WrongKind { wanted: Kind },
    #[error("This ARN belongs to another account. The connection uses account {account}.")]
    OtherAccount { account: String },
    #[error("This ARN belongs to another Region. You are working in {region}.")]
    OtherRegion { region: String },
    #[error("This user or bot belongs to another AppInstance.")]
    OtherInstance,
    #[error(
        "Enter a Lex V2 bot alias: arn:aws:lex:REGION:ACCOUNT:bot-alias/ and two IDs of 10 capital letters and digits."
    )]
    LexAlias,
    #[error("Enter a Lex V2 locale such as en_US or es_419.")]
    Locale,
    #[error("An intent name has letters and single underscores only, and no digits.")]
    Intent,
    #[error("A VoIP token is for APNS and APNS_SANDBOX only. Leave it empty for GCM.")]
    VoipNeedsApns,
    #[error("Choose one of the values.")]
    NotAChoice,
    #[error("This is not the name shown above. Type it as it is written there.")]
    Mismatch,
    #[error("This is not the number shown above.")]
    OtherNumber,
    #[error("This ID is already taken in this AppInstance.")]
    Taken,
    #[error(
        "This device token is already registered. Open the endpoint that has it, or use another token."
    )]
    TokenRegistered,
    #[error("This password is easy to guess. Use a longer or less common one.")]
    WeakPassword,
    #[error("Leave your username and the name of this console out of the password.")]
    PasswordHoldsName,
    #[error("This password is in a list of leaked ones. Choose another one.")]
    LeakedPassword,
    #[error("This is not your password.")]
    WrongPassword,
    #[error("This code is not right, or was used already. Wait for the next one.")]
    WrongCode,
    #[error("An operator has this name already, or one that looks like it.")]
    NameTaken,
    #[error(
        "Remove the character at position {position}. A username has letters, digits and signs such as - . _ @"
    )]
    NameCharacter { position: u32 },
    #[error("Use letters of one script: others among them can look alike.")]
    NameMixed,
    #[error("The console uses this name itself. Choose another one.")]
    NameReserved,
    #[error(
        "Line {row}: enter a connection, a connection and Region with a slash between, or the ARN of an AppInstance."
    )]
    NotALimit { row: u32 },
    #[error("Line {row}: this console has no such connection, Region or AWS account.")]
    LimitElsewhere { row: u32 },
    #[error("Use at most {max} limits; this has {actual}.")]
    TooManyLimits { max: u32, actual: u32 },
    #[error("One of the boxes is not of this console. Tick only what is shown here.")]
    NotCoverable,
    #[error("Choose Limited above, or leave this empty.")]
    LimitsOfEverything,
    #[error("Fill in at least one of these, or tick the box.")]
    NothingChosen,
    #[error("Leave this empty, or untick the box that takes the metadata away.")]
    TakenAway,
}

/// A kind of resource, with its article, for the sentence of [`Problem::WrongKind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the API's own")]
pub enum Kind {
    AppInstance,
    AppInstanceUser,
    AppInstanceBot,
    UserOrBot,
    PinpointApp,
    LexBotAlias,
    IdentityResource,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AppInstance => "an AppInstance",
            Self::AppInstanceUser => "an AppInstanceUser",
            Self::AppInstanceBot => "an AppInstanceBot",
            Self::UserOrBot => "an AppInstanceUser or AppInstanceBot",
            Self::PinpointApp => "a Pinpoint application (arn:aws:mobiletargeting:…:apps/…)",
            Self::LexBotAlias => "a Lex bot alias",
            Self::IdentityResource => "an AppInstance, AppInstanceUser or AppInstanceBot",
        })
    }
}

/// One refused field, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    /// The field that was refused.
    pub field: Field,
    /// Why its value was refused.
    pub problem: Problem,
}

/// Values of fields as [`Check::field`] gives them, in a tuple: each is there or was refused.
pub trait Taken {
    /// The values themselves.
    type Values;

    /// The values; `None` when one is missing.
    fn values(self) -> Option<Self::Values>;
}

macro_rules! taken {
    ($(($($name:ident)+))+) => {
        $(impl<$($name),+> Taken for ($(Option<$name>,)+) {
            type Values = ($($name,)+);

            #[expect(non_snake_case, reason = "named for the types")]
            fn values(self) -> Option<Self::Values> {
                let ($($name,)+) = self;
                Some(($($name?,)+))
            }
        })+
    };
}

taken! { (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) }

/// Collects the problems of a form, so that all of them are told at once.
///
/// ```
/// use domain::{name::AppInstanceName, problem::{Check, Field}};
/// let mut check = Check::default();
/// let name = check.field(Field::Name, AppInstanceName::parse(""));
/// assert!(name.is_none() && check.finish().is_err());
/// ```
#[derive(Debug, Default)]
pub struct Check(Vec<FieldProblem>);

impl Check {
    /// Takes a value, or notes why it was refused.
    pub fn field<T>(&mut self, field: Field, result: Result<T, Problem>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(problem) => {
                self.add(field, problem);
                None
            }
        }
    }

    /// Notes a problem.
    pub fn add(&mut self, field: Field, problem: Problem) {
        self.0.push(FieldProblem { field, problem });
    }

    /// The values, if no field was refused; else every problem that was noted.
    pub fn all<T: Taken>(self, values: T) -> Result<T::Values, crate::Failure> {
        self.finish()?;
        // A value that is missing has a noted problem, unless somebody forgot to note it.
        values.values().ok_or_else(|| crate::Cause::Internal.into())
    }

    /// Fails with every problem that was noted.
    pub fn finish(self) -> Result<(), crate::Failure> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(crate::Cause::Invalid(self.0).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_values_or_every_problem() {
        let mut good = Check::default();
        let (one, two) = (
            good.field(Field::Name, Ok(1)),
            good.field(Field::Metadata, Ok("b")),
        );
        assert_eq!(good.all((one, two)), Ok((1, "b")));

        let mut wrong = Check::default();
        let one = wrong.field::<i32>(Field::Name, Err(Problem::Empty));
        let two = wrong.field::<i32>(Field::Metadata, Err(Problem::Blank));
        let failure = wrong.all((one, two, Some(3))).unwrap_err();
        let fields: Vec<_> = failure.field_problems().iter().map(|at| at.field).collect();
        assert_eq!(fields, [Field::Name, Field::Metadata]);
    }
}
