//! The page of what can be planned for a selection: how much is selected, what it would do, and its values.

use std::collections::BTreeSet;

use domain::settings::AllowMessages;
use domain::tag::TagRow;
use domain::{Cause, Field};
use leptos::prelude::*;

use super::{Action, List};
use crate::form::{Control, FieldSpec, FormSpec, Rule};
use crate::request::Request;
use crate::ui::bidi::{chosen, isolated};
use crate::ui::form::Form;
use crate::ui::page::page;
use crate::ui::parts::note;
use crate::{app_instances, metadata, tags};

/// How many of the selected rows are named.
const NAMED: usize = 20;

/// The page of an action.
#[component]
pub fn ActionPage() -> impl IntoView {
    page(|request| async move {
        let (list, act) = List::of_path(&request).await?;
        let action = Action::named(&list, &act).ok_or(Cause::NoSuchPage)?;
        let connection = request.connection().id.clone();
        let owner = &request.caller()?.operator;
        let selections = request.backend().selections();
        let kept = selections.of(owner, &list.key(&connection)).await?;
        let back = list.path(&connection);
        let body = if kept.is_empty() {
            nothing(&list, &back)
        } else {
            let spec = fields(form(&request, &list, action, &back), action);
            let mut spec = request.resumed(spec).await;
            spec.refused = action.reason(&request);
            let effect = note("flash", "info", action.effect(), PLAN);
            view! { <div class="stack narrow">{effect} {named(&list, &kept)} <Form spec=spec /></div> }
                .into_any()
        };
        let name = app_instances::name(&request, list.instance()).await;
        let crumb = (list.label(), back);
        let title = action.label();
        let instance = list.instance();
        let content = app_instances::below_list(&request, instance, &name, crumb, title, body);
        let around = match &list {
            List::Endpoints(user) => user.user_id().to_string(),
            _ => name,
        };
        let heading = format!(
            "{title}: {} of {}",
            list.count(kept.len()),
            isolated(&around)
        );
        Ok(content.headed(heading))
    })
}

/// What the button does.
const PLAN: &str = "Making the plan reads each of them and changes nothing. The plan then says what would be done with each, and you decide whether it is run.";

fn form(request: &Request, list: &List, action: Action, back: &str) -> FormSpec {
    request
        .form("selection/plan", "Make the plan", "Making the plan…")
        .cancel(back)
        .on(&request.connection().id, list.of())
        .hidden("list", list.word())
        .hidden("act", action.word())
}

/// The values that an action needs.
fn fields(form: FormSpec, action: Action) -> FormSpec {
    match action {
        Action::Update => form
            .field(
                FieldSpec::new(Field::Name, Control::short(), Rule::UserName)
                    .optional()
                    .help("What other members of a channel see. All of them get the same one."),
            )
            .field(metadata::field(""))
            .field(
                FieldSpec::new(Field::NoMetadata, Control::Checkbox, Rule::None)
                    .optional()
                    .help("Each would have none afterwards."),
            ),
        Action::SetExpiration => form.field(
            FieldSpec::new(Field::ExpireAfter, Control::Days, Rule::Filled)
                .help("A whole number from 1 to 5475, counted from the creation of each user, not from today."),
        ),
        Action::Tag => form.field(FieldSpec {
            optional: false,
            ..tags::field(vec![TagRow::default()], None)
        }),
        Action::Untag => form.field(
            FieldSpec::new(Field::TagKeys, Control::TextArea, Rule::Filled)
                .help("One key a line. Capital letters count."),
        ),
        Action::AllowMessages => {
            let cards = Control::cards(
                AllowMessages::ALL,
                AllowMessages::as_str,
                AllowMessages::meaning,
            );
            form.field(FieldSpec::new(Field::AllowMessages, cards, Rule::Chosen))
        }
        _ => form,
    }
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
        <a href=back.to_owned()>{format!("Go to {}", list.label().to_lowercase())}</a>
    };
    note("flash", "info", "Nothing is selected", sentence)
}
