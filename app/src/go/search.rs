//! What is found for a word that is no ARN, and what was searched: the names and ids of AppInstances,
//! and the exact ids of users, bots and endpoints where somebody comes from.

use domain::arn::{AppInstanceArn, AppInstanceBotArn, AppInstanceUserArn};
use domain::name::UserId;
use domain::{Cause, Failure, input};
use leptos::prelude::*;

use super::{FROM, form, heading, leave};
use crate::find::{self, End, Looked};
use crate::request::Request;
use crate::ui::bidi::{chosen, isolated, marked_up};
use crate::ui::frame::Nav;
use crate::ui::page::Content;
use crate::ui::parts::{icon, short_id};
use crate::{app_instances, paths, request};

/// The value of the address that has the cursor to look on from.
const LOOK: &str = "look";

/// Something that was found.
struct Hit {
    kind: &'static str,
    icon: &'static str,
    name: String,
    id: String,
    to: String,
}

/// What was searched, and what that found.
struct Searched {
    hits: Vec<Hit>,
    /// How far each search came.
    facts: Vec<String>,
}

/// The page for a word, of a text that stays as it was typed. A single thing whose id it is, is gone
/// to.
pub(super) async fn page(request: &Request, text: &str, word: &str) -> Result<Content, Failure> {
    let (place, look) = (Place::of(request).await, request.query(LOOK));
    let (looked, by_id, inside) = tokio::join!(
        find::by_name(request, word, look.as_deref()),
        instances_by_id(request, word),
        inside(request, place.as_ref(), word)
    );
    let further = further(request, &looked);
    let named = by_name(request, looked);
    let exact: Vec<Hit> = by_id.hits.into_iter().chain(inside.hits).collect();
    let is_other = |hit: &Hit| exact.iter().all(|known| known.to != hit.to);
    let others: Vec<Hit> = named.hits.into_iter().filter(is_other).collect();
    if let ([only], true, None) = (exact.as_slice(), others.is_empty(), &look) {
        return Ok(leave(request, &only.to));
    }
    let hits: Vec<Hit> = exact.into_iter().chain(others).collect();
    let facts = named.facts.into_iter().chain(by_id.facts);
    let facts: Vec<String> = facts.chain(inside.facts).collect();
    let body = view! {
        <div class="stack">
            {form(request, text, None)} {found(hits)} {searched(facts, further)}
        </div>
    };
    Ok(Content::new("Go to", Nav::Other, body).headed(heading(word)))
}

/// The AppInstance, and the user in it, of the page that somebody comes from.
struct Place {
    instance: AppInstanceArn,
    user: Option<AppInstanceUserArn>,
}

impl Place {
    async fn of(request: &Request) -> Option<Self> {
        let from = request.query(FROM)?;
        let place = request::Place::parse(from.split('?').next().unwrap_or_default())?;
        let account = request.account().await.ok()?;
        let instance = place.instance(&account)?;
        request.stay_inside(&instance).ok()?;
        let user = place.user(&account);
        Some(Self { instance, user })
    }
}

fn by_name(request: &Request, looked: Vec<Looked>) -> Searched {
    let slug = &request.connection().id;
    let facts = looked.iter().map(Looked::words);
    let facts = facts.map(|words| format!("Names and IDs of AppInstances in {words}"));
    let facts = facts.collect();
    let rows = looked.into_iter().flat_map(|looked| looked.found);
    // An AppInstance whose ARN this version does not know has no page; the list of AppInstances
    // shows it.
    let hits = rows.filter_map(|row| {
        let arn = row.arn.known()?;
        Some(Hit {
            kind: "AppInstance",
            icon: "box",
            to: paths::instance(slug, arn),
            id: format!("{}, {}", short_id(arn.id()), arn.region()),
            name: row.name,
        })
    });
    Searched {
        hits: hits.collect(),
        facts,
    }
}

/// An AppInstance further down the list than was looked through has its id still.
async fn instances_by_id(request: &Request, word: &str) -> Searched {
    let mut searched = Searched {
        hits: Vec::new(),
        facts: Vec::new(),
    };
    let account = match request.account().await {
        Ok(account) => account,
        Err(failure) => {
            let why = failure.cause.headline();
            let fact = format!("An AppInstance with exactly this ID: {why}.");
            searched.facts.push(fact);
            return searched;
        }
    };
    let arn = |region| AppInstanceArn::new(region, &account, word).ok();
    let arns = request.regions().into_iter().filter_map(arn);
    for arn in arns.filter(|arn| request.stay_inside(arn).is_ok()) {
        let read = app_instances::describe(request, &arn).await;
        let about = format!("An AppInstance with exactly this ID in {}", arn.region());
        if let Some(instance) = searched.note(about, read) {
            searched.hits.push(Hit {
                kind: "AppInstance",
                icon: "box",
                to: paths::instance(&request.connection().id, &arn),
                id: format!("{}, {}", short_id(arn.id()), arn.region()),
                name: instance.name,
            });
        }
    }
    searched
}

/// The exact ids of what is in the AppInstance that somebody comes from.
async fn inside(request: &Request, place: Option<&Place>, word: &str) -> Searched {
    let mut searched = Searched {
        hits: Vec::new(),
        facts: Vec::new(),
    };
    let Some(Place { instance, user }) = place else {
        let how = "Users, bots and endpoints are found by their exact ID from a page of their AppInstance, or from anywhere by their ARN.";
        searched.facts.push(how.to_owned());
        return searched;
    };
    let slug = &request.connection().id;
    let place = isolated(&app_instances::name(request, instance).await);
    if let Ok(id) = UserId::parse(word) {
        let arn = AppInstanceUserArn::new(instance, &id);
        let read = input::DescribeAppInstanceUser {
            app_instance_user_arn: arn.clone(),
        };
        let read = request.call(read).await;
        let about = format!("A user of {place} with exactly this ID");
        if let Some(user) = searched.note(about, read) {
            searched.hits.push(Hit {
                kind: "User",
                icon: "user",
                to: paths::user(slug, &arn),
                id: word.to_owned(),
                name: user.name,
            });
        }
    }
    if let Ok(arn) = AppInstanceBotArn::new(instance, word) {
        let read = input::DescribeAppInstanceBot {
            app_instance_bot_arn: arn.clone(),
        };
        let read = request.call(read).await;
        let about = format!("A bot of {place} with exactly this ID");
        if let Some(bot) = searched.note(about, read) {
            searched.hits.push(Hit {
                kind: "Bot",
                icon: "bot",
                to: paths::bot(slug, &arn),
                id: short_id(word),
                name: bot.name,
            });
        }
        let Some(user) = user else {
            let how = "An endpoint is found by its exact ID from a page of its user.";
            searched.facts.push(how.to_owned());
            return searched;
        };
        let read = input::DescribeAppInstanceUserEndpoint {
            app_instance_user_arn: user.clone(),
            endpoint_id: word.to_owned(),
        };
        let read = request.call(read).await;
        let of = isolated(user.user_id().as_str());
        let about = format!("An endpoint of {of} with exactly this ID");
        if let Some(endpoint) = searched.note(about, read) {
            searched.hits.push(Hit {
                kind: "Endpoint",
                icon: "phone",
                to: paths::endpoint(slug, user, &endpoint.id),
                id: short_id(word),
                name: endpoint.name,
            });
        }
    }
    searched
}

impl Searched {
    /// Notes what a read by id told. For an id that does not exist AWS answers that it is
    /// forbidden.
    fn note<T>(&mut self, about: String, read: Result<T, Failure>) -> Option<T> {
        let told = match &read {
            Ok(_) => "found".to_owned(),
            Err(Failure {
                cause: Cause::Forbidden | Cause::NotFound | Cause::Rejected | Cause::NoSuchPage,
                ..
            }) => "none".to_owned(),
            Err(failure) => failure.cause.headline(),
        };
        self.facts.push(format!("{about}: {told}."));
        read.ok()
    }
}

fn found(hits: Vec<Hit>) -> AnyView {
    let body = if hits.is_empty() {
        view! {
            <div class="panel-body">
                <p class="muted">"Nothing was found in what was searched."</p>
            </div>
        }
        .into_any()
    } else {
        let row = |hit: Hit| {
            let name = if hit.name.trim().is_empty() {
                hit.id.clone()
            } else {
                hit.name
            };
            view! {
                <li>
                    <b>{icon(hit.icon)} " " {hit.kind}</b>
                    <div>
                        <a href=hit.to>{chosen(&name)}</a>
                        <small class="mono">{chosen(&hit.id)}</small>
                    </div>
                </li>
            }
        };
        view! { <ul class="rows">{hits.into_iter().map(row).collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="panel narrow" aria-labelledby="h-found">
            <div class="panel-head">
                <h2 id="h-found">"What was found"</h2>
            </div>
            {body}
        </section>
    }
    .into_any()
}

/// The ways on, where a list was not looked through to its end.
fn further(request: &Request, looked: &[Looked]) -> AnyView {
    let way = |looked: &Looked| match &looked.end {
        End::More(cursor) => {
            let to = request.with_query(&[(LOOK, cursor)]);
            let text = format!("Look further in {}", looked.region);
            Some(view! {
                <a class="btn btn-small" href=to>
                    {text}
                </a>
            })
        }
        _ => None,
    };
    looked.iter().filter_map(way).collect_view().into_any()
}

fn searched(facts: Vec<String>, further: AnyView) -> AnyView {
    let fact = |fact: String| view! { <li>{icon("search")} <span>{marked_up(&fact)}</span></li> };
    view! {
        <section class="panel narrow" aria-labelledby="h-searched">
            <div class="panel-head">
                <h2 id="h-searched">"What was searched"</h2>
            </div>
            <div class="panel-body">
                <ul class="checks">{facts.into_iter().map(fact).collect_view()}</ul>
                {further}
            </div>
        </section>
    }
    .into_any()
}
