//! The one form: every operation's form is this markup with another description.
//!
//! It is an ordinary form post to a server function; [`crate::islands::LiveForm`] around it checks
//! while somebody types.

use domain::failure::Failure;
use domain::snippet::Call;
use domain::{Cause, FieldProblem};
use leptos::prelude::*;

use super::allowed::why;
use super::code::Code;
use super::conflict;
use super::field::field_view;
use super::lock;
use super::parts::{icon, note};
use super::{preview, restored};
use crate::form::{AGAIN, Control, FieldSpec, FormSpec, Rule};
use crate::islands::{LiveField, LiveForm, LiveTags};
use crate::request::Request;

/// A form from its description.
#[component]
pub fn Form(
    /// What the form holds, and where it is sent.
    spec: FormSpec,
) -> impl IntoView {
    let fields = spec.fields.iter().filter_map(live).collect::<Vec<_>>();
    let tags = spec.fields.iter().find_map(|field| match &field.control {
        Control::Tags { before, .. } => Some(LiveTags {
            before: before.clone(),
        }),
        _ => None,
    });
    let form = markup(spec);
    view! {
        <LiveForm fields=fields tags=tags>
            {form}
        </LiveForm>
    }
}

/// A form as somebody left it, and "As code" for the calls that it would make as it stands. Its button
/// "Preview" shows them too.
pub async fn with_code<C>(
    request: &Request,
    spec: FormSpec,
    calls: impl FnOnce(&FormSpec) -> Result<C, Failure>,
) -> (AnyView, Code)
where
    C: IntoIterator<Item = Call>,
{
    let mut spec = request.resumed(spec.with_preview()).await;
    let calls = calls(&spec).map(|calls| calls.into_iter().collect::<Vec<_>>());
    let code = Code::of_form(&spec, calls.clone());
    spec.end_preview(calls);
    (view! { <Form spec=spec /> }.into_any(), code)
}

fn live(field: &FieldSpec) -> Option<LiveField> {
    let unchecked = matches!(
        field.control,
        Control::Tags { .. } | Control::Select(_) | Control::Ticks(_) | Control::Checkbox
    );
    (!unchecked && field.rule != Rule::None).then(|| LiveField {
        name: field.field.name().to_owned(),
        label: field.field.label().to_owned(),
        rule: field.rule.clone(),
        optional: field.optional,
    })
}

fn markup(spec: FormSpec) -> AnyView {
    let (id, loses) = (spec.id(), spec.loses());
    let searches = |field: &FieldSpec| matches!(field.control, Control::Ticks(_));
    let again = spec.fields.iter().any(searches).then_some(AGAIN);
    let conflict = conflict::versions(&spec);
    let restored = restored::note(&spec);
    let (preview, ask_preview) = (preview::panel(&spec), preview::button(&spec));
    let hidden = spec
        .hidden
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    let fields = (!spec.fields.is_empty()).then(|| {
        let fields = spec
            .fields
            .iter()
            .enumerate()
            .map(|(at, field)| {
                // A refusal is read first.
                let is_told = spec.failure.is_some() || preview.is_some();
                let has_focus = at == 0 && spec.focused && !is_told;
                field_view(field, spec.failure.as_ref(), loses, has_focus)
            })
            .collect_view();
        view! { <section class="panel panel-form">{fields}</section> }
    });
    let username = spec.username.map(username);
    let failure = spec.failure.as_ref().map(failure_view);
    let changed = spec.changed.then_some("true");
    let refused = spec.refused;
    let is_refused = refused.is_some();
    let button = submit(spec.submit, spec.working, spec.danger, refused.clone());
    view! {
        <form
            class="stack narrow"
            id=id
            method="post"
            action=spec.action
            novalidate=true
            data-changed=changed
        >
            <input type="hidden" name="page" value=spec.page />
            {hidden}
            {username}
            // The first button is what Enter presses: without this one, a row of tags would be added.
            // Where the form cannot be sent it is off, and Enter does nothing.
            // Where something is searched for, it searches.
            <button hidden=true disabled=is_refused name=again value="find"></button>
            {failure}
            {conflict}
            {restored}
            {refused.map(refusal)}
            {spec.locked.map(lock::note)}
            {found_here()}
            {fields}
            {preview}
            <div class="form-actions">
                {button} {ask_preview}
                {spec
                    .cancel
                    .map(|to| {
                        view! {
                            <a class="btn btn-link" href=to>
                                "Cancel"
                            </a>
                        }
                    })}
            </div>
        </form>
    }
    .into_any()
}

/// The name that belongs to the password of the form, for password managers: they pass over what is
/// `hidden`.
fn username(name: String) -> AnyView {
    view! {
        <input
            class="sr-only"
            name="username"
            value=name
            autocomplete="username"
            aria-label="Username"
            readonly=true
            tabindex="-1"
        />
    }
    .into_any()
}

/// The button that sends the form; one that says why it does not, where sending it is refused.
fn submit(text: String, working: String, danger: bool, refused: Option<String>) -> AnyView {
    let class = if danger {
        "btn btn-danger"
    } else {
        "btn btn-primary"
    };
    match refused {
        None => {
            let data_text = text.clone();
            view! {
                <button class=class data-working=working data-text=data_text>
                    <span class="spinner" aria-hidden="true"></span>
                    <span>{text}</span>
                </button>
            }
            .into_any()
        }
        Some(reason) => view! {
            <button class=class type="button" aria-disabled="true" title=reason.clone()>
                <span>{text}</span>
                {why(&reason)}
            </button>
        }
        .into_any(),
    }
}

/// Says, before anything is typed, why the form cannot be sent.
fn refusal(reason: String) -> AnyView {
    let sentence = "You can look at this form, but not send it.";
    note("flash", "lock", reason, sentence)
}

/// What the browser fills in when it finds problems before anything is sent.
fn found_here() -> AnyView {
    let cause = Cause::Invalid(Vec::new());
    let next_step = Failure::from(cause.clone()).next_step();
    view! {
        <div
            class="flash flash-error error-summary error-here"
            role="alert"
            tabindex="-1"
            hidden=true
        >
            {icon("octagon")}
            <div class="flash-text">
                <h2>{cause.headline()}</h2>
                <p>{next_step}</p>
                <ul></ul>
            </div>
        </div>
        <template id="error-item">
            <li>
                <a></a>
            </li>
        </template>
    }
    .into_any()
}

/// What went wrong, above the fields. Field problems are links to their fields.
pub fn failure_view(failure: &Failure) -> AnyView {
    let problems = failure.field_problems().to_vec();
    let trace = failure.trace.clone();
    let list = (!problems.is_empty()).then(|| {
        let items = problems
            .into_iter()
            .map(|FieldProblem { field, problem }| {
                let text = format!("{field}: {problem}");
                view! {
                    <li>
                        <a href=format!("#{}", field.name())>{text}</a>
                    </li>
                }
            })
            .collect_view();
        view! { <ul>{items}</ul> }
    });
    let operation = trace.operation.map(|operation| {
        view! { <p class="flash-ref">"Action " <code>{operation.iam_action()}</code></p> }
    });
    let request = trace
        .aws_request
        .map(|id| view! { <p class="flash-ref">"AWS request " <code>{id}</code></p> });
    let entry = trace
        .entry
        .map(|id| view! { <p class="flash-ref">"Operation " <code>{id}</code></p> });
    view! {
        <div class="flash flash-error error-summary" role="alert" tabindex="-1" autofocus=true>
            {icon("octagon")}
            <div class="flash-text">
                <h2>{failure.cause.headline()}</h2>
                <p>{failure.next_step()}</p>
                {failure.what_was_sent().map(|sent| view! { <p>{sent}</p> })}
                {list}
                {operation}
                {request}
                {entry}
            </div>
        </div>
    }
    .into_any()
}
