//! Two versions of a resource: what is saved, and what somebody typed meanwhile.

use domain::{Cause, Field};
use leptos::prelude::*;

use crate::form::FormSpec;
use crate::ui::parts::text_or_missing;

/// Both versions side by side, when the resource changed while the form was open.
pub fn both_versions(spec: &FormSpec, saved: &[(Field, &str)]) -> Option<AnyView> {
    let failure = spec.failure.as_ref()?;
    if !matches!(failure.cause, Cause::Changed(_)) {
        return None;
    }
    let rows = saved
        .iter()
        .map(|(field, saved)| {
            view! {
                <tr>
                    <th scope="row">{field.label()}</th>
                    <td data-label="Now saved">
                        <del>{text_or_missing(saved)}</del>
                    </td>
                    <td data-label="Yours">
                        <ins>{text_or_missing(spec.value_of(*field))}</ins>
                    </td>
                </tr>
            }
        })
        .collect_view();
    Some(
        view! {
            <section class="panel narrow" aria-labelledby="h-conflict">
                <div class="panel-head">
                    <h2 id="h-conflict">"Both versions"</h2>
                    <span class="panel-note">"Saving replaces what is now saved"</span>
                </div>
                <div class="panel-body">
                    <table class="diff">
                        <caption class="sr-only">"What is saved and what you typed"</caption>
                        <thead>
                            <tr>
                                <th scope="col">"Field"</th>
                                <th scope="col">"Now saved"</th>
                                <th scope="col">"Yours"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
        .into_any(),
    )
}
