//! A value from before an entry of the audit that a form was filled with. It travels with the form, so
//! that the form still says so when it comes back.

use std::fmt;

use domain::{Field, Timestamp};

use super::{FormSpec, field_named};

/// The name of the value that says so.
pub const RESTORED: &str = "restored";

/// Where a value of a form came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The entry that replaced the value.
    pub entry: i64,
    /// When that was.
    pub at: Timestamp,
    /// The field that holds the value.
    pub field: Field,
    /// What is saved now; nothing for tags, whose form shows that beside them.
    pub saved: Option<String>,
}

impl Restored {
    /// Reads it as it is written; `spec` is the form as it is without it.
    pub(super) fn read(text: &str, spec: &FormSpec) -> Option<Self> {
        let mut words = text.split(' ');
        let entry = words.next()?.parse().ok()?;
        let at = Timestamp(words.next()?.parse().ok()?);
        let field = field_named(words.next()?)?;
        let has_field = spec.fields.iter().any(|spec| spec.field == field);
        let saved = (has_field && field != Field::Tags).then(|| spec.value_of(field).to_owned());
        Some(Self {
            entry,
            at,
            field,
            saved,
        })
    }
}

impl fmt::Display for Restored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.entry, self.at.0, self.field.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{Control, FieldSpec, Rule};

    #[test]
    fn it_is_read_as_it_was_written_and_nothing_else_is() {
        let name = FieldSpec::new(Field::Name, Control::short(), Rule::None).value("Now");
        let spec = FormSpec::new("x", "/x".into(), "Save", "Saving…").field(name);
        let restored = Restored {
            entry: 12,
            at: Timestamp(5),
            field: Field::Name,
            saved: Some("Now".to_owned()),
        };

        assert_eq!(Restored::read(&restored.to_string(), &spec), Some(restored));
        for other in ["", "12", "12 5", "12 5 password", "x 5 name", "12 <b> name"] {
            assert_eq!(Restored::read(other, &spec), None, "{other}");
        }
    }
}
