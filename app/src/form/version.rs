//! A value of a form that edits, and whether somebody changed it while the form was open.

use domain::name::unix_newlines;
use domain::{Cause, Failure, Field};

use super::FieldSpec;

/// A value of a form that edits.
#[derive(Clone, Debug)]
pub struct Version {
    /// The field that has the value.
    pub field: Field,
    /// What it was when the form was made; nothing in a form that did not say so.
    pub base: Option<String>,
    /// What is saved.
    pub saved: String,
}

impl Version {
    /// The version of a field that holds the saved value.
    pub fn of(spec: &FieldSpec) -> Self {
        Self {
            field: spec.field,
            base: None,
            saved: spec.value.clone(),
        }
    }

    /// The name of the hidden value that has what it was.
    pub fn name(&self) -> String {
        format!("was_{}", self.field.name())
    }

    /// Whether a text differs from what the value was; browsers write line ends in their own way.
    pub fn changes(&self, text: &str) -> bool {
        let base = self.base.as_deref().unwrap_or(&self.saved);
        unix_newlines(text) != unix_newlines(base)
    }

    /// Whether saving what was typed would take back what somebody else saved.
    pub fn is_lost(&self, typed: &str) -> bool {
        let may_have_changed = self.base.is_none() || self.changes(&self.saved);
        may_have_changed && unix_newlines(typed) != unix_newlines(&self.saved)
    }
}

/// Whether a failure says that something changed meanwhile.
pub fn is_told(failure: &Failure) -> bool {
    matches!(failure.cause, Cause::Changed(_))
}
