//! The page of what can be planned for ticked rows: how many are ticked, what it would do, and its values.
//!
//! The lists and what can be planned for each are `selection`.

use std::collections::BTreeSet;

use backend::jobs::Around;
use domain::settings::AllowMessages;
use domain::tag::TagRow;
use domain::{Cause, Field};
use leptos::prelude::*;
use leptos_router::{MatchNestedRoutes, path};
use serde_json::Value;

use crate::form::{Control, FieldSpec, FormSpec, Rule};
use crate::request::Request;
use crate::selection::{Action, List, OF_JOB};
use crate::ui::bidi::{chosen, isolated};
use crate::ui::form::Form;
use crate::ui::frame::Nav;
use crate::ui::page::{Content, at, page};
use crate::ui::parts::note;
use crate::{app_instances, metadata, tags};

/// How many of the selected rows are named.
const NAMED: usize = 20;

/// The addresses of what can be planned for ticked rows.
#[component(transparent)]
pub fn SelectedRoutes() -> impl MatchNestedRoutes + Clone {
    (
        at(
            path!("/:connection/:region/selected-app-instances/:act"),
            ActionPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/selected-users/:act"),
            ActionPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/selected-bots/:act"),
            ActionPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/selected-admins/:act"),
            ActionPage,
        ),
        at(
            path!(
                "/:connection/:region/app-instances/:instance/users/:user/selected-endpoints/:act"
            ),
            ActionPage,
        ),
    )
}

/// The page of an action.
#[component]
fn ActionPage() -> impl IntoView {
    page(|request| async move {
        let (list, act) = List::of_path(&request).await?;
        let action = Action::named(&list, &act).ok_or(Cause::NoSuchPage)?;
        let kept = list.kept(&request).await?;
        let back = list.path(&request.connection().id);
        let body = if kept.is_empty() {
            nothing(&list, &back)
        } else {
            let earlier = earlier(&request, action).await.unwrap_or_default();
            let spec = fields(form(&request, &list, action, &back), action, &earlier);
            let mut spec = request.resumed(spec).await;
            spec.refused = action.reason(&request);
            let effect = note("flash", "info", action.effect(), PLAN);
            view! { <div class="stack narrow">{effect} {named(&list, &kept)} <Form spec=spec /></div> }
                .into_any()
        };
        let (title, crumb) = (action.label(), (list.label(), back));
        let what = format!("{title}: {}", list.count(kept.len()));
        let instance = match list.around() {
            Around::Instance(instance) => instance,
            Around::Region(region) => {
                let content = Content::new(title, Nav::Instances(region), body);
                let content = content.crumb(crumb.0, crumb.1);
                return Ok(content.headed(format!("{what} in {region}")));
            }
        };
        let name = app_instances::name(&request, instance).await;
        let content = app_instances::below_list(&request, instance, &name, crumb, title, body);
        let around = match &list {
            List::Endpoints(user) => user.user_id().to_string(),
            _ => name,
        };
        Ok(content.headed(format!("{what} of {}", isolated(&around))))
    })
}

/// What the button does.
const PLAN: &str = "Making the plan reads each of them and changes nothing. The plan then says what would be done with each, and you decide whether it is run.";

fn form(request: &Request, list: &List, action: Action, back: &str) -> FormSpec {
    request
        .form("selection/plan", "Make the plan", "Making the plan…")
        .cancel(back)
        .hidden("target", list.of(&request.connection().id))
        .hidden("list", list.word())
        .hidden("act", action.word())
}

/// The values that an action needs, at first those of an earlier plan.
fn fields(form: FormSpec, action: Action, earlier: &Value) -> FormSpec {
    let text = |member: &str| earlier[member].as_str().unwrap_or_default();
    match action {
        Action::Update => form
            .field(
                FieldSpec::new(Field::Name, Control::short(), Rule::UserName)
                    .optional()
                    .value(text("Name"))
                    .help("What other members of a channel see. All of them get the same one."),
            )
            .field(metadata::field(text("Metadata")))
            .field(
                FieldSpec::new(Field::NoMetadata, Control::Checkbox, Rule::None)
                    .optional()
                    .value((earlier["Metadata"] == "").to_string())
                    .help("Each would have none afterwards."),
            ),
        Action::SetExpiration => {
            let days = earlier["ExpirationDays"].as_u64();
            form.field(
                FieldSpec::new(Field::ExpireAfter, Control::Days, Rule::Filled)
                    .value(days.map(|days| days.to_string()).unwrap_or_default())
                    .help("A whole number from 1 to 5475, counted from the creation of each user, not from today."),
            )
        }
        Action::Tag => form.field(FieldSpec {
            optional: false,
            ..tags::field(tag_rows(earlier), None)
        }),
        Action::Untag => form.field(
            FieldSpec::new(Field::TagKeys, Control::TextArea, Rule::Filled)
                .value(texts(&earlier["TagKeys"]).join("\n"))
                .help("One key a line. Capital letters count."),
        ),
        Action::AllowMessages => {
            let cards = Control::cards(
                AllowMessages::ALL,
                AllowMessages::as_str,
                AllowMessages::meaning,
            );
            let field = FieldSpec::new(Field::AllowMessages, cards, Rule::Chosen);
            form.field(field.value(text("AllowMessages")))
        }
        _ => form,
    }
}

/// The tags of an earlier plan; an empty row where there are none.
fn tag_rows(earlier: &Value) -> Vec<TagRow> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let row = |tag: &Value| TagRow {
        key: text(&tag["Key"]),
        value: text(&tag["Value"]),
    };
    match earlier["Tags"].as_array() {
        Some(tags) if !tags.is_empty() => tags.iter().map(row).collect(),
        _ => vec![TagRow::default()],
    }
}

fn texts(values: &Value) -> Vec<&str> {
    let values = values.as_array().into_iter().flatten();
    values.filter_map(Value::as_str).collect()
}

/// What was asked for with the job that the address names; nothing where it is none of this action, or is
/// not seen by the one who asks.
async fn earlier(request: &Request, action: Action) -> Option<Value> {
    let job = request.query(OF_JOB)?.parse().ok()?;
    let jobs = request.backend().jobs();
    let job = jobs.get(request.caller().ok()?, &job).await.ok()??;
    (job.kind == action.kind()).then_some(job.input)
}

/// The first selected rows, by their ids.
fn named(list: &List, kept: &BTreeSet<String>) -> AnyView {
    let id = |row: &String| {
        let id = match list {
            List::Endpoints(_) => row,
            _ => row.split_once('/').map_or(row.as_str(), |(_, id)| id),
        };
        view! { <li class="mono">{chosen(id)}</li> }
    };
    let rows = kept.iter().take(NAMED).map(id).collect_view();
    let more = kept.len().checked_sub(NAMED).filter(|more| *more > 0);
    let more = more.map(|more| view! { <p class="muted">{format!("and {more} more")}</p> });
    let heading = format!("{} selected", list.count(kept.len()));
    view! {
        <section class="panel" aria-labelledby="h-selected">
            <div class="panel-head">
                <h2 id="h-selected">{heading}</h2>
            </div>
            <div class="panel-body">
                <ul class="picked">{rows}</ul>
                {more}
            </div>
        </section>
    }
    .into_any()
}

/// What stands there when nothing is selected.
fn nothing(list: &List, back: &str) -> AnyView {
    let sentence = view! {
        "Tick rows of the list first. "
        <a href=back.to_owned()>{format!("Go to {}", list.rows())}</a>
    };
    note("flash", "info", "Nothing is selected", sentence)
}
