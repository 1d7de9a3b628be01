//! What sending a form would do, as far as that can be told without sending it.

use domain::consequence::confirm;
use domain::snippet::Call;
use domain::tag::TagRow;
use domain::{Failure, Field};

use super::{BASE, FormSpec, Rule, When};

/// The button that shows a form again, and its value that asks for the preview.
pub const AGAIN: &str = "again";
/// That value.
pub const PREVIEW: &str = "preview";

/// The preview of a form.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// Whether somebody asked for it.
    pub asked: bool,
    /// What the fields held before anything was typed: of a form that edits, what is saved.
    pub saved: Vec<(Field, String)>,
    /// The same of its tags.
    pub tags: Vec<TagRow>,
    /// Whether what it edits was changed while it was open, which sending it would tell first.
    pub is_outdated: bool,
    /// The calls that it would make as it stands.
    pub calls: Vec<Call>,
    /// Why it would be refused instead.
    pub failure: Option<Failure>,
}

impl FormSpec {
    /// Lets somebody ask for a preview.
    #[must_use]
    pub fn with_preview(mut self) -> Self {
        self.preview = Some(Preview::default());
        self
    }

    /// Begins the preview, if it was asked for. The form does not hold yet what was typed.
    pub(super) fn begin_preview(&mut self, typed: &[(String, String)]) {
        let of = |wanted: &str| {
            let found = typed.iter().find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.as_str())
        };
        if of(AGAIN) != Some(PREVIEW) {
            return;
        }
        let saved = self.fields.iter();
        let saved = saved.map(|field| (field.field, field.value.clone()));
        let preview = Preview {
            asked: true,
            saved: saved.collect(),
            tags: self.tag_rows().to_vec(),
            is_outdated: of(BASE).is_some_and(|base| base != self.hidden_value(BASE)),
            ..Preview::default()
        };
        if let Some(offered) = &mut self.preview {
            *offered = preview;
        }
    }

    /// Ends the preview with what the form would call.
    pub fn end_preview(&mut self, calls: Result<Vec<Call>, Failure>) {
        let calls = calls.and_then(|calls| self.confirmed().map(|()| calls));
        if let Some(preview) = &mut self.preview {
            match calls {
                Ok(calls) => preview.calls = calls,
                Err(failure) => preview.failure = Some(failure),
            }
        }
    }

    /// Whether it shows a preview.
    pub fn is_previewed(&self) -> bool {
        self.preview.as_ref().is_some_and(|preview| preview.asked)
    }

    /// What a field holds, or an example where it is empty. A preview has no examples.
    pub fn value_or<'a>(&'a self, field: Field, example: &'a str) -> &'a str {
        match self.value_of(field) {
            "" if !self.is_previewed() => example,
            value => value,
        }
    }

    /// Fails where something is to be confirmed that is not.
    fn confirmed(&self) -> Result<(), Failure> {
        for field in &self.fields {
            if let Rule::Confirm { name, when } = &field.rule
                && (*when == When::Always || self.loses())
            {
                confirm(field.field, &field.value, name)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{Control, FieldSpec};

    fn asked(fields: &[(&str, &str)]) -> FormSpec {
        let mut spec = FormSpec::new("x", "/x".into(), "Save", "Saving…")
            .with_preview()
            .field(FieldSpec::new(Field::Name, Control::short(), Rule::None).value("Ann"))
            .hidden(BASE, 2);
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let typed: Vec<_> = fields.iter().map(own).collect();
        spec.begin_preview(&typed);
        spec.with_typed(&typed, None)
    }

    #[test]
    fn a_preview_knows_what_is_saved_and_has_no_examples() {
        let spec = asked(&[(AGAIN, PREVIEW), ("name", ""), (BASE, "2")]);
        let preview = spec.preview.as_ref().unwrap();

        assert!(preview.asked && !preview.is_outdated);
        assert_eq!(preview.saved, [(Field::Name, "Ann".to_owned())]);
        assert_eq!(spec.value_or(Field::Name, "An example"), "");
        let outdated = asked(&[(AGAIN, PREVIEW), (BASE, "1")]);
        assert!(outdated.preview.unwrap().is_outdated);
    }

    #[test]
    fn a_form_that_only_searches_has_no_preview() {
        let spec = asked(&[(AGAIN, "find"), ("name", "")]);
        assert!(!spec.is_previewed());
        assert_eq!(spec.value_or(Field::Name, "An example"), "An example");
    }
}
