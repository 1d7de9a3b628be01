//! What a form says of a value that it was filled with, and that is one from before.

use domain::Field;
use domain::name::unix_newlines;
use leptos::prelude::*;

use crate::form::{FormSpec, Restored};
use crate::ui::parts::{note_with, text_or_missing};
use crate::ui::table::differences;
use crate::ui::time::ExactTime;

/// Where the value came from, and what is saved now beside it.
pub fn note(spec: &FormSpec) -> Option<AnyView> {
    let restored = spec.restored.as_ref()?;
    let Restored {
        entry,
        at,
        field,
        saved,
    } = restored;
    let to = format!("/audit/{entry}");
    let compared = saved.as_deref().map(|saved| compared(spec, *field, saved));
    let further = view! {
        <p>
            "The value from before " <a href=to>{format!("entry {entry}")}</a> " of the audit log, "
            <ExactTime at=*at /> ". Nothing is changed until you save."
        </p>
        {compared}
    };
    let headline = format!("{}: the earlier value", called(*field));
    Some(note_with("flash", "undo", headline, further))
}

/// What a value is called.
fn called(field: Field) -> &'static str {
    match field {
        Field::ExpireAfter => "Expiration",
        Field::RetentionDays => "Retention",
        field => field.label(),
    }
}

fn compared(spec: &FormSpec, field: Field, saved: &str) -> AnyView {
    let here = spec.value_of(field);
    if unix_newlines(here) == unix_newlines(saved) {
        return view! { <p>"It is saved already: there is nothing to change."</p> }.into_any();
    }
    let row = view! {
        <tr>
            <th scope="row">{field.label()}</th>
            <td data-label="Saved now">{text_or_missing(saved)}</td>
            <td data-label="In this form">
                <ins>{text_or_missing(here)}</ins>
            </td>
        </tr>
    };
    let heads = ["Saved now", "In this form"];
    differences("What is saved now, and what this form has", heads, row)
}
