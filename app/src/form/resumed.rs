//! A form as its page shows it: with what was typed before it was refused, and whether it may be sent.

use backend::Draft;

use super::{FormSpec, RESTORED, Restored};
use crate::access;
use crate::request::Request;

impl Request {
    /// A form of this page without fields yet. A refused post comes back to the page.
    pub fn form(&self, action: &str, submit: &str, working: &str) -> FormSpec {
        FormSpec::new(action, self.path().to_owned(), submit, working)
    }

    /// Puts back what was typed into a form, if this page was reached by a refused post, and says
    /// whether sending it would be refused or asks for a proof first.
    pub async fn resumed(&self, mut spec: FormSpec) -> FormSpec {
        spec.refused = access::reason_of_form(self, &spec.action);
        spec.locked = access::unlock_before(self, &spec.action);
        match self.draft().await {
            Some(draft) if draft_is_for(&draft, &spec) => {
                spec.begin_preview(&draft.fields);
                let mut typed = draft.fields.iter();
                let restored = typed.find(|(name, _)| name == RESTORED);
                spec.restored = restored.and_then(|(_, text)| Restored::read(text, &spec));
                if let Some(restored) = &spec.restored {
                    spec.hidden
                        .push((RESTORED.to_owned(), restored.to_string()));
                }
                let spec = spec.with_typed(&draft.fields, draft.failure);
                if spec.shows_a_token() {
                    self.shows_a_secret();
                }
                spec
            }
            _ => spec,
        }
    }
}

/// A page can hold several forms; the one that was posted names its function.
fn draft_is_for(draft: &Draft, spec: &FormSpec) -> bool {
    let form = draft.fields.iter().find(|(name, _)| name == "form");
    form.is_none_or(|(_, name)| {
        spec.hidden
            .iter()
            .any(|(key, value)| key == "form" && value == name)
    })
}
