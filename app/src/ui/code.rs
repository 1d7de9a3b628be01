//! "As code": the calls of a page in other languages, in a drawer that has its own address.
//!
//! On the page of a form it shows what the form would call as it stands. Its links are then buttons
//! that send the form there and back, which changes nothing and loses nothing (`server::forms`).

use domain::Failure;
use domain::snippet::{Call, Language};
use leptos::prelude::*;

use crate::form::FormSpec;
use crate::islands::Copy;
use crate::request::Request;
use crate::ui::bidi::marked_up;
use crate::ui::parts::{icon, small_icon};

/// What "As code" shows of a page.
#[derive(Debug, Default)]
pub struct Code {
    calls: Vec<Call>,
    form: Option<OfForm>,
}

/// The form whose calls they are.
#[derive(Debug)]
struct OfForm {
    id: String,
    /// Whether it can be sent at all.
    refused: bool,
    /// Whether the page previews it: then the calls have what was typed, device tokens too, which are never
    /// written out.
    is_previewed: bool,
    /// Why it makes no call as it stands.
    failure: Option<Failure>,
}

impl Code {
    /// The calls that a page made.
    pub fn of(calls: impl IntoIterator<Item = Call>) -> Self {
        Self {
            calls: calls.into_iter().collect(),
            form: None,
        }
    }

    /// The calls that a form would make as it stands, or why it would make none.
    pub fn of_form<C>(spec: &FormSpec, calls: Result<C, Failure>) -> Self
    where
        C: IntoIterator<Item = Call>,
    {
        let (calls, failure) = match calls {
            Ok(calls) => (calls.into_iter().collect(), None),
            Err(failure) => (Vec::new(), Some(failure)),
        };
        Self {
            calls,
            form: Some(OfForm {
                id: spec.id(),
                refused: spec.refused.is_some(),
                is_previewed: spec.is_previewed(),
                failure,
            }),
        }
    }

    /// The button that opens or closes the drawer, if there is anything to show.
    pub fn toggle(&self, request: &Request, open: bool) -> Option<AnyView> {
        let current = open.then_some("true");
        let to = if open { "" } else { Language::Cli.slug() };
        match &self.form {
            None if self.calls.is_empty() => None,
            None => Some(
                view! {
                    <a class="btn" href=request.with_query(&[("code", to)]) aria-current=current>
                        {icon("code")}
                        "As code"
                    </a>
                }
                .into_any(),
            ),
            Some(form) => Some(
                view! {
                    // Enter presses the first button of a form in the page, and that must not be
                    // the next one.
                    <button form=form.id.clone() hidden=true disabled=form.refused></button>
                    {form
                        .button(
                            to,
                            "btn",
                            current,
                            view! {
                                {icon("code")}
                                "As code"
                            },
                        )}
                }
                .into_any(),
            ),
        }
    }

    /// The drawer, if the address asks for it.
    pub fn drawer(&self, request: &Request) -> Option<AnyView> {
        let wanted = request.query("code")?;
        let language = Language::ALL.iter().copied().find(|l| l.slug() == wanted)?;
        let is_previewed = self.form.as_ref().is_some_and(|form| form.is_previewed);
        if is_previewed || self.calls.is_empty() && self.form.is_none() {
            return None;
        }
        let tabs = Language::ALL
            .iter()
            .map(|each| view! { <li>{self.tab(request, *each, language)}</li> })
            .collect_view();
        let (lead, close) = match &self.form {
            None => (
                "The calls of this page, with your own credentials.",
                view! {
                    <a
                        class="btn btn-icon btn-ghost btn-small"
                        href=request.with_query(&[("code", "")])
                        aria-label="Close As code"
                    >
                        {icon("x")}
                    </a>
                }
                .into_any(),
            ),
            Some(form) => (
                "The calls that this form would make now, with your own credentials. An example stands in the place of a value that is still missing.",
                form.button(
                    "",
                    "btn btn-icon btn-ghost btn-small",
                    None,
                    view! {
                        {icon("x")}
                        <span class="sr-only">"Close As code"</span>
                    },
                ),
            ),
        };
        let failure = self.form.as_ref().and_then(|form| form.failure.as_ref());
        let body = failure.map_or_else(|| calls_view(&self.calls, language), no_call);
        Some(
            view! {
                <aside class="drawer" id="code" aria-labelledby="h-code">
                    <div class="drawer-head">
                        <h2 id="h-code" tabindex="-1">
                            "As code"
                        </h2>
                        {close}
                    </div>
                    <p class="muted">{lead}</p>
                    <nav class="tabs" aria-label="Language">
                        <ul>{tabs}</ul>
                    </nav>
                    {body}
                </aside>
            }
            .into_any(),
        )
    }

    fn tab(&self, request: &Request, each: Language, shown: Language) -> AnyView {
        let current = (each == shown).then_some("page");
        match &self.form {
            None => {
                let to = request.with_query(&[("code", each.slug())]);
                view! {
                    <a href=to aria-current=current>
                        {each.label()}
                    </a>
                }
                .into_any()
            }
            Some(form) => form.button(each.slug(), "tab", current, each.label()),
        }
    }
}

impl OfForm {
    /// A button that shows the form again, with the drawer in a language, or without it.
    fn button(
        &self,
        language: &'static str,
        class: &'static str,
        current: Option<&'static str>,
        inside: impl IntoView + 'static,
    ) -> AnyView {
        view! {
            <button
                class=class
                form=self.id.clone()
                name="as_code"
                value=language
                aria-current=current
            >
                {inside.into_any()}
            </button>
        }
        .into_any()
    }
}

fn calls_view(calls: &[Call], language: Language) -> AnyView {
    let snippets = calls
        .iter()
        .map(|call| {
            let text = call.write(language);
            let name = call.operation().name();
            view! {
                <h3>{name}</h3>
                <div class="code-box">
                    <Copy text=text.clone() what=format!("{name} as {}", language.label()) />
                    <pre class="code" dir="ltr" tabindex="0" aria-label=name>
                        <code>{text}</code>
                    </pre>
                </div>
            }
        })
        .collect_view();
    let needs = calls
        .iter()
        .map(|call| {
            view! { <li>{small_icon("key")} <code>{call.operation().iam_action()}</code></li> }
        })
        .collect_view();
    view! {
        {snippets}
        <h3>"Permissions these calls need"</h3>
        <ul class="checks">{needs}</ul>
    }
    .into_any()
}

/// Why the form as it stands makes no call.
fn no_call(failure: &Failure) -> AnyView {
    view! {
        <p>"This form would be refused now, and make no call:"</p>
        {problem_links(failure)}
    }
    .into_any()
}

/// What is wrong with the fields of a form, each a link to its field.
pub(super) fn problem_links(failure: &Failure) -> AnyView {
    let problems = failure.field_problems().iter().map(|found| {
        let text = format!("{}: {}", found.field, found.problem);
        view! {
            <li>
                <a href=format!("#{}", found.field.name())>{marked_up(&text)}</a>
            </li>
        }
    });
    view! { <ul>{problems.collect_view()}</ul> }.into_any()
}
