//! Addresses that once led to a form and now belong to a resource of that name. Where there is no
//! such resource, the page says so and leads to the form.

use domain::{Cause, Failure};
use leptos::prelude::*;

use super::parts::icon;
use crate::request::Request;

/// What was at an address before.
pub struct Moved {
    /// The last segment of the address, which is now an id.
    pub word: &'static str,
    /// What has such ids.
    pub kind: &'static str,
    /// What the form does.
    pub action: &'static str,
    /// Where the form is now.
    pub to: String,
}

impl Moved {
    /// What to show when reading the resource `id` failed: the way to the form, if this is its old
    /// address and no resource has that id. AWS answers for a missing resource as if it were
    /// forbidden.
    pub fn instead_of(
        self,
        request: &Request,
        id: &str,
        failure: &Failure,
    ) -> Option<(String, AnyView)> {
        let is_there = !matches!(failure.cause, Cause::Forbidden | Cause::NotFound);
        if id != self.word || is_there {
            return None;
        }
        request.set_status(Cause::NotFound.status());
        let Self {
            kind, action, to, ..
        } = self;
        let sentence = "Nothing has this ID, or AWS does not show it. The form that was at this address has moved.";
        let body = view! {
            <section class="panel">
                <div class="empty empty-small">
                    {icon("arrow-right")} <h2>{action}</h2> <p>{sentence}</p>
                    <a class="btn btn-primary" href=to>
                        {action}
                    </a>
                </div>
            </section>
        };
        Some((format!("There is no {kind} “{id}”"), body.into_any()))
    }
}
