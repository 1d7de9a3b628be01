//! A resource that somebody changed while a form was open: each value as it was, as one typed it, and as
//! it is saved now.

use leptos::prelude::*;

use crate::form::{FormSpec, Version, is_told};
use crate::ui::parts::{panel, text_or_missing};
use crate::ui::table::differences;

/// The three versions side by side, when the resource changed while the form was open.
pub fn versions(spec: &FormSpec) -> Option<AnyView> {
    spec.failure.as_ref().filter(|failure| is_told(failure))?;
    let rows = spec.versions.iter().map(|version| row(spec, version));
    let rows = rows.collect_view();
    let lost = spec.versions.iter();
    let lost = lost.filter(|version| version.is_lost(spec.value_of(version.field)));
    let lost: Vec<_> = lost.map(|version| version.field.label()).collect();
    let sentence = if lost.is_empty() {
        "Saving keeps what was changed meanwhile.".to_owned()
    } else {
        format!(
            "Saving undoes what was changed meanwhile: {}.",
            lost.join(", ")
        )
    };
    let heads = ["When you opened it", "Yours", "Saved meanwhile"];
    let caption = "What was there, what you typed and what is saved now";
    let body = view! {
        <p>{sentence}</p>
        {differences(caption, heads, rows)}
    };
    Some(panel("conflict", "What changed", body))
}

fn row(spec: &FormSpec, version: &Version) -> AnyView {
    let marked = |text: &str| {
        let shown = text_or_missing(text);
        if version.changes(text) {
            view! {
                <ins>{shown}</ins>
                <small class="muted">" changed"</small>
            }
            .into_any()
        } else {
            shown
        }
    };
    let base = version.base.as_deref();
    let base = base.map_or_else(|| "not known".into_any(), text_or_missing);
    view! {
        <tr>
            <th scope="row">{version.field.label()}</th>
            <td data-label="When you opened it">{base}</td>
            <td data-label="Yours">{marked(spec.value_of(version.field))}</td>
            <td data-label="Saved meanwhile">{marked(&version.saved)}</td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::{Cause, Failure, Field, Timestamp};

    use super::*;
    use crate::form::{Control, FieldSpec, Rule};

    /// A form with a name, `Old` when it was opened, and metadata, which nobody touched.
    fn form(typed: &str, saved: &str, failure: Failure) -> FormSpec {
        let field =
            |field, value: &str| FieldSpec::new(field, Control::short(), Rule::None).value(value);
        let typed = [
            ("base", "1"),
            ("name", typed),
            ("metadata", "a\r\nb"),
            ("was_name", "Old"),
            ("was_metadata", "a\nb"),
        ];
        let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned()));
        FormSpec::new("x/update", "/x/edit".to_owned(), "Save", "Saving…")
            .field(field(Field::Name, saved))
            .field(field(Field::Metadata, "a\nb"))
            .edits(Some(Timestamp(2)))
            .with_typed(&typed, Some(failure))
    }

    fn changed() -> Failure {
        Cause::Changed(Some(Timestamp(2))).into()
    }

    fn shown(typed: &str, saved: &str) -> String {
        versions(&form(typed, saved, changed())).unwrap().to_html()
    }

    #[test]
    fn only_what_differs_from_what_was_there_is_marked() {
        let html = shown("Mine", "Theirs");
        assert_eq!(html.matches("<ins>").count(), 2, "{html}");
        assert!(
            html.contains("<ins><bdi>Mine") && html.contains("<ins><bdi>Theirs"),
            "{html}"
        );
        assert!(
            html.contains("undoes what was changed meanwhile: Name."),
            "{html}"
        );
        // In the order: what was there, yours, theirs.
        let at = |text| html.find(text).unwrap();
        assert!(
            at(">Old<") < at("Mine") && at("Mine") < at("Theirs"),
            "{html}"
        );
    }

    #[test]
    fn what_one_did_not_touch_takes_the_change_of_somebody_else_back() {
        let html = shown("Old", "Theirs");
        assert_eq!(html.matches("<ins>").count(), 1, "{html}");
        assert!(html.contains("changed meanwhile: Name."), "{html}");
    }

    #[test]
    fn the_same_change_twice_takes_nothing_back() {
        assert!(shown("Same", "Same").contains("keeps what was changed"));
        assert!(shown("Mine", "Old").contains("keeps what was changed"));
    }

    #[test]
    fn where_nobody_knows_what_was_there_whatever_differs_is_taken_back() {
        let mut spec = form("Mine", "Theirs", changed());
        for version in &mut spec.versions {
            version.base = None;
        }
        let html = versions(&spec).unwrap().to_html();
        assert!(html.contains("changed meanwhile: Name."), "{html}");
        assert!(html.contains("not known"), "{html}");
    }

    #[test]
    fn another_refusal_keeps_the_base_so_that_the_next_attempt_sees_the_change() {
        let invalid = form("", "Theirs", Cause::Invalid(Vec::new()).into());
        assert_eq!(invalid.hidden_value("base"), "1");
        assert_eq!(invalid.hidden_value("was_name"), "Old");
        assert!(versions(&invalid).is_none());

        let told = form("Mine", "Theirs", changed());
        assert_eq!(told.hidden_value("base"), "2");
        assert_eq!(told.hidden_value("was_name"), "Theirs");
    }
}
