//! How types are written and read as text, said once for each way: enums whose values are words,
//! and types that are one text that keeps a rule.

/// Declares an enum whose values are words: the list of all, the word of each, how it is shown,
/// and how a text is read back. The last line has the method that gives the word, what compares a
/// word with a text, and the type and value of the error when no word is the text.
macro_rules! words {
    (
        $(#[$about_enum:meta])*
        pub enum $name:ident { $($(#[$about:meta])* $variant:ident => $text:expr),* $(,)? }
        $(#[$about_word:meta])*
        fn $word:ident $(, read by $same:path, else $error:ty = $value:expr)?;
    ) => {
        $(#[$about_enum])*
        pub enum $name { $($(#[$about])* $variant),* }

        impl $name {
            /// Every value, in the order in which they are declared.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            $(#[$about_word])*
            pub const fn $word(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.$word())
            }
        }

        $(impl std::str::FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, $error> {
                Self::ALL.iter().copied().find(|value| $same(value.$word(), text)).ok_or($value)
            }
        })?
    };
}

/// Lets serde write and read a type as its text: `#[serde(try_from = "String", into = "String")]`.
/// The type has a `FromStr` with this error; the closure gives the text of a value.
macro_rules! serialised_as_text {
    ($name:ty, $error:ty, |$value:ident| $text:expr) => {
        impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from(text: String) -> Result<Self, $error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from($value: $name) -> Self {
                $text
            }
        }
    };
}

/// Writes a type that is one text: as `&str`, for people, and for serde. The type has a `FromStr` with this
/// error. Its text is in the member that is named; else it has an `as_str`, and the closure gives the text
/// of a value that is no longer needed.
macro_rules! text_type {
    ($(#[$about:meta])* $name:ident.$member:tt, $error:ty) => {
        impl $name {
            $(#[$about])*
            pub fn as_str(&self) -> &str {
                &self.$member
            }
        }

        text_type!($name, $error, |value| value.$member);
    };
    ($name:ident, $error:ty, |$value:ident| $text:expr) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        serialised_as_text!($name, $error, |$value| $text);
    };
}
