//! One field of a form: what it is called, how it is typed or chosen, which rule it keeps.

use domain::tag::TagRow;
use domain::{Field, Region};

use super::Rule;

/// The description of one field of a form.
#[derive(Clone, Debug)]
pub struct FieldSpec {
    /// Which field; decides the label, the name and where problems go.
    pub field: Field,
    /// What it is typed or chosen with.
    pub control: Control,
    /// The value that it holds, as text.
    pub value: String,
    /// One line under the label.
    pub help: String,
    /// Whether it may stay empty.
    pub optional: bool,
    /// What the browser and the server check.
    pub rule: Rule,
    /// What stands over it while it is folded away: for what is rarely needed.
    pub folded: Option<&'static str>,
    /// Where the resource is that has a value already, without the value: for ids that are taken.
    pub existing: Option<String>,
}

impl FieldSpec {
    /// A field that must be filled in.
    pub fn new(field: Field, control: Control, rule: Rule) -> Self {
        Self {
            field,
            control,
            value: String::new(),
            help: String::new(),
            optional: false,
            rule,
            folded: None,
            existing: None,
        }
    }

    /// Whether it would be work to type it again.
    pub(super) fn is_work(&self) -> bool {
        let is_password = matches!(self.control, Control::Password { .. });
        !is_password && !matches!(self.rule, Rule::Confirm { .. })
    }

    /// What it holds at first.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// Sets the line of help under the label.
    #[must_use]
    pub fn help(mut self, help: &str) -> Self {
        help.clone_into(&mut self.help);
        self
    }

    /// The address that leads to an existing resource when its id is put behind it.
    #[must_use]
    pub fn existing(mut self, base: String) -> Self {
        self.existing = Some(base);
        self
    }

    /// Folds the field away under a line while it is empty.
    #[must_use]
    pub fn folded(mut self, summary: &'static str) -> Self {
        self.folded = Some(summary);
        self
    }

    /// Lets the field stay empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}

/// The name of the form's value that holds what is searched for among [`Ticks`].
pub const FIND: &str = "find";

/// What can be ticked. The field holds the values that are, one a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticks {
    /// Everything that can be ticked.
    pub choices: Vec<Tick>,
    /// What was searched for.
    pub search: String,
    /// How far the search came.
    pub facts: Vec<String>,
    /// Where it can go on: the Region, and the cursor.
    pub further: Vec<(Region, String)>,
}

/// One thing that can be ticked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// What is sent.
    pub value: String,
    /// What it is called.
    pub name: String,
    /// More about it.
    pub note: String,
}

/// How a value is typed or chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// One line, with a hint for password managers (`off` for none).
    Text {
        /// The `autocomplete` attribute.
        autocomplete: String,
        /// Whether the width hints at an id or name.
        short: bool,
    },
    /// A secret.
    Password {
        /// `current-password` or `new-password`.
        autocomplete: String,
    },
    /// Several lines, monospaced.
    TextArea,
    /// A number of days.
    Days,
    /// One of a few, shown at once: value, meaning.
    Cards(Vec<(String, String)>),
    /// One of many: value, text.
    Select(Vec<(String, String)>),
    /// Yes or no.
    Checkbox,
    /// Several of many.
    Ticks(Ticks),
    /// Rows of keys and values.
    Tags {
        /// The rows to edit.
        rows: Vec<TagRow>,
        /// The rows as they are on the resource, to show what would change.
        before: Option<Vec<TagRow>>,
    },
}

impl Control {
    /// One line of free text.
    pub fn text() -> Self {
        Self::Text {
            autocomplete: "off".to_owned(),
            short: false,
        }
    }

    /// One line for a name or id.
    pub fn short() -> Self {
        Self::Text {
            autocomplete: "off".to_owned(),
            short: true,
        }
    }

    /// Adds the value that is in force to the choices when it is none of them, since it may stay.
    #[must_use]
    pub fn or_as_it_is(self, present: &str) -> Self {
        match self {
            Self::Cards(mut choices)
                if !present.is_empty() && choices.iter().all(|(value, _)| value != present) =>
            {
                let meaning = "As it is now; this version of the console does not know it";
                choices.push((present.to_owned(), meaning.to_owned()));
                Self::Cards(choices)
            }
            other => other,
        }
    }

    /// Choices from values with meanings.
    pub fn cards<T: Copy>(
        all: &[T],
        text: fn(T) -> &'static str,
        meaning: fn(T) -> &'static str,
    ) -> Self {
        Self::Cards(
            all.iter()
                .map(|v| (text(*v).to_owned(), meaning(*v).to_owned()))
                .collect(),
        )
    }
}
