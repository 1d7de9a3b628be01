//! Choosing what an operator's role covers: everything, or some connections, Regions and
//! AppInstances. The invitation has the same fields.

use backend::{Connection, OperatorChange, OperatorId};
use domain::arn::AppInstanceArn;
use domain::grant::Limit;
use domain::input::{self, Input as _};
use domain::problem::Check;
use domain::view::AppInstanceSummary;
use domain::{AccountId, Cause, Failure, Field, Grant, Problem, Region};
use leptos::prelude::*;

use super::covering::offer;
use super::{LIST, Opened, path_of, unless_refused};
use crate::app_instances;
use crate::covered;
use crate::form::{Control, FieldSpec, Rule, Ticks};
use crate::paths;
use crate::request::{Done, Request};
use crate::side_by_side::of_each;
use crate::ui::bidi::{chosen, isolated};
use crate::ui::consequence::{Consequence, Severity};
use crate::ui::form::Form;
use crate::ui::frame::Nav;
use crate::ui::page::{Content, page};
use crate::ui::parts::{note, short_id};

/// The choices, as the form has them.
const EVERYTHING: &str = "Everything";
const LIMITED: &str = "Limited";
/// How many lines that are wrong are told at once.
const TOLD: usize = 10;

/// Lets the role cover something else, which counts from the operator's next request on.
#[server(prefix = "/api", endpoint = "operators/set-scope")]
pub async fn set_operator_scope(
    id: String,
    scope: String,
    #[server(default)] limit: Vec<String>,
    #[server(default)] limits: String,
) -> Result<Done, Failure> {
    let request = Request::current();
    let caller = request.caller()?;
    let chosen = Chosen {
        scope: &scope,
        ticked: &limit,
        typed: &limits,
        kept: &kept(&request, &id).await?,
    };
    let grant = chosen.read(&request, Check::default()).await;
    let grant = unless_refused(&request, grant).await?;
    let id = OperatorId::from(id);
    let change = OperatorChange::Grant(&grant);
    request
        .backend()
        .accounts()
        .change_operator(caller, &id, change)
        .await?;
    // An Admin who limited themselves may no longer see that page.
    let is_own = caller.operator == id && !grant.is_everything();
    let location = if is_own { "/".to_owned() } else { path_of(&id) };
    let detail = format!("The role now covers: {}.", covered::words(&grant));
    request.done(location, "Scope changed", detail).await
}

/// What an operator is limited to now. Those limits may stay, even when this console no longer has
/// what they name.
async fn kept(request: &Request, id: &str) -> Result<Grant, Failure> {
    let id = OperatorId::from(id.to_owned());
    let operator = request.backend().accounts().get(&id).await?;
    Ok(operator.map_or(Grant::EVERYTHING, |operator| operator.grant))
}

/// What a form chose.
pub(super) struct Chosen<'a> {
    /// Everything, or limited.
    pub scope: &'a str,
    /// What was ticked.
    pub ticked: &'a [String],
    /// What was typed, one a line.
    pub typed: &'a str,
    /// What was there before.
    pub kept: &'a Grant,
}

impl Chosen<'_> {
    /// The grant that was chosen; else every problem of the form, with those noted before.
    pub async fn read(&self, request: &Request, mut check: Check) -> Result<Grant, Failure> {
        let account = request.account().await.ok();
        let grant = read(request.connection(), account.as_ref(), self);
        let grant = grant.map_err(|(field, problems)| {
            for problem in problems {
                check.add(field, problem);
            }
        });
        check.finish()?;
        grant.map_err(|()| Cause::Internal.into())
    }
}

type Refused = (Field, Vec<Problem>);

fn read(
    connection: &Connection,
    account: Option<&AccountId>,
    chosen: &Chosen,
) -> Result<Grant, Refused> {
    let refused = |field| move |problem| (field, vec![problem]);
    let field = if chosen.typed.trim().is_empty() {
        Field::Limit
    } else {
        Field::Limits
    };
    match chosen.scope {
        EVERYTHING if field == Field::Limit && chosen.ticked.is_empty() => {
            return Ok(Grant::EVERYTHING);
        }
        EVERYTHING => return Err(refused(field)(Problem::LimitsOfEverything)),
        LIMITED => {}
        _ => return Err((Field::Scope, vec![Problem::NotAChoice])),
    }
    let (mut kept, mut problems) = (Vec::new(), Vec::new());
    let before = chosen.kept.by(&connection.id);
    let stays = |limit: &Limit| before.limits().contains(limit);
    let limit = |text: &str| text.parse::<Limit>().map(|limit| limit.by(&connection.id));
    for ticked in chosen.ticked {
        match limit(ticked) {
            Ok(limit) if is_ours(connection, account, &limit) || stays(&limit) => kept.push(limit),
            _ => return Err(refused(Field::Limit)(Problem::NotCoverable)),
        }
    }
    for (row, line) in (1..).zip(chosen.typed.lines().map(str::trim)) {
        match limit(line) {
            Ok(limit) if is_ours(connection, account, &limit) || stays(&limit) => kept.push(limit),
            Ok(_) => problems.push(Problem::LimitElsewhere { row }),
            Err(_) if line.is_empty() => {}
            Err(_) => problems.push(Problem::NotALimit { row }),
        }
    }
    if problems.is_empty() {
        return Grant::limited(kept).map_err(refused(field));
    }
    problems.truncate(TOLD);
    Err((Field::Limits, problems))
}

/// Whether a limit names something that this console can have. Any other limit would cover nothing,
/// and look as if it did.
fn is_ours(connection: &Connection, account: Option<&AccountId>, limit: &Limit) -> bool {
    let offers = |region| connection.regions.contains(&region);
    match limit {
        Limit::Connection(id) => *id == connection.id,
        Limit::Region(id, region) => *id == connection.id && offers(*region),
        Limit::AppInstance(id, arn) => {
            id.as_ref().is_none_or(|id| *id == connection.id)
                && offers(arn.region())
                && account.is_none_or(|account| account == arn.account())
        }
    }
}

/// The fields that choose a scope.
pub(super) fn fields(connection: &Connection, grant: &Grant) -> [FieldSpec; 3] {
    let choices = [
        (EVERYTHING, "all connections, Regions and AppInstances"),
        (LIMITED, "only what is ticked below"),
    ];
    let choices = choices.map(|(value, meaning)| (value.to_owned(), meaning.to_owned()));
    let (chosen, limits) = if grant.is_everything() {
        (EVERYTHING, String::new())
    } else {
        (LIMITED, grant.by(&connection.id).to_string())
    };
    let slug = &connection.id;
    let region = connection.regions.first().map_or("", |r| r.as_str());
    let help = format!(
        "One a line: a connection ({slug}), one of its Regions ({slug}/{region}), or the ARN of an \
         AppInstance. They are covered beside what is ticked."
    );
    [
        FieldSpec::new(Field::Scope, Control::Cards(choices.to_vec()), Rule::None)
            .value(chosen)
            .help("Where the role counts. This operator is shown nothing else."),
        FieldSpec::new(Field::Limit, Control::Ticks(Ticks::default()), Rule::None)
            .value(limits)
            .help("Only for Limited: up to 100 connections, Regions and AppInstances."),
        FieldSpec::new(Field::Limits, Control::TextArea, Rule::Limits)
            .optional()
            .folded("By ARN, for many at once")
            .help(&help),
    ]
}

/// The page with the form that chooses what an operator's role covers.
#[component]
pub fn ScopePage() -> impl IntoView {
    page(|request| async move {
        let opened = Opened::read(&request).await?;
        let operator = &opened.operator;
        let (to, name) = (path_of(&operator.id), isolated(&operator.username));
        let connection = request.connection();
        let [scope, ticks, limits] = fields(connection, &operator.grant);
        let spec = request
            .form("operators/set-scope", "Save changes", "Saving…")
            .cancel(to.clone())
            .hidden("id", &operator.id)
            .field(scope)
            .field(ticks)
            .field(limits);
        let spec = offer(&request, request.resumed(spec).await).await;
        let body = match opened.why_it_stays() {
            Some(reason) => {
                let way_out = "A limited operator cannot manage operators, and this is the last Admin who can, so this scope stays Everything. First make somebody else an Admin for everything.";
                let note = note("flash", "info", reason, way_out);
                view! { <div class="stack narrow">{note}</div> }.into_any()
            }
            None => {
                view! { <div class="stack">{consequence()} <Form spec=spec /></div> }.into_any()
            }
        };
        let title = format!("Scope of {name}");
        Ok(Content::new(title, Nav::Operators, body)
            .crumb("Operators", LIST)
            .crumb(name, to))
    })
}

/// What it means to be limited.
fn consequence() -> AnyView {
    Consequence::new(Severity::Info, "eye", "A limited operator sees only what is covered", view! {
        <p>
            "This applies to lists, pages, the audit log and its files. A limited operator cannot manage operators, whatever the role, and creates AppInstances only in a Region that is covered as a whole. The scope counts from the next request on; nobody is signed out."
        </p>
    }).view()
}

/// The first AppInstances of a Region, and whether those are all: one call.
async fn listed(
    request: &Request,
    region: Region,
) -> Result<(Vec<AppInstanceSummary>, bool), Failure> {
    let list = input::ListAppInstances {
        max_results: 50,
        next_token: None,
    };
    let found = request.call(list.in_region(region)).await?;
    app_instances::learn(request, &found.items);
    Ok((found.items, found.next_token.is_none()))
}

/// What a role covers, each limit on a line of its own.
pub(super) async fn limits(request: &Request, grant: &Grant) -> AnyView {
    if grant.is_everything() || grant.limits().is_empty() {
        return covered::words(grant).into_any();
    }
    let backend = request.backend();
    let is_unknown = |arn: &AppInstanceArn| backend.names().get(arn).is_none();
    let connection = request.connection();
    let regions = connection.regions.iter().copied();
    let regions =
        regions.filter(|region| grant.instances_in(&connection.id, *region).any(is_unknown));
    // Without names the ids are shown.
    let _ = of_each(regions, |region| listed(request, region)).await;
    let each = |limit: &Limit| {
        let line = match limit {
            Limit::Connection(id) => format!("All of the connection {id}").into_any(),
            Limit::Region(id, region) => format!("All of {id}, {region}").into_any(),
            Limit::AppInstance(id, arn) => {
                let name = backend.names().get(arn);
                let name = name.unwrap_or_else(|| short_id(arn.id()));
                let to = paths::instance(id.as_ref().unwrap_or(&connection.id), arn);
                view! {
                    <a href=to>{chosen(&name)}</a>
                    " "
                    <span class="arn arn-line">{arn.to_string()}</span>
                }
                .into_any()
            }
        };
        view! { <li>{line}</li> }
    };
    let lines = grant.limits().iter().map(each).collect_view();
    view! { <ul class="limits">{lines}</ul> }.into_any()
}

#[cfg(test)]
mod tests;
