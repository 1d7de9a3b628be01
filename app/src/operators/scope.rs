//! Choosing what an operator's role covers: everything, or some connections, Regions and
//! AppInstances. The invitation has the same fields.

use backend::{Connection, OperatorChange, OperatorId};
use domain::arn::AppInstanceArn;
use domain::grant::{Limit, MAX_LIMITS};
use domain::problem::Check;
use domain::view::AppInstanceSummary;
use domain::{AccountId, Cause, Failure, Field, Grant, Problem, Region, input};
use leptos::prelude::*;

use super::{LIST, Opened, path_of, refuse_others};
use crate::covered;
use crate::form::{Control, Done, FieldSpec, FormSpec, Rule};
use crate::islands::Copy;
use crate::paths;
use crate::request::Request;
use crate::side_by_side::of_each;
use crate::ui::form::Form;
use crate::ui::frame::Nav;
use crate::ui::page::{Content, page};
use crate::ui::parts::{icon, short_id};

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
    #[server(default)] limits: String,
) -> Result<Done, Failure> {
    let request = Request::current();
    let caller = request.caller()?;
    let grant = match chosen_scope(&request, Check::default(), &scope, &limits).await {
        Ok(grant) => grant,
        // Who may not manage operators learns that, and nothing of the fields.
        Err(failure) => return Err(refuse_others(&request).await.err().unwrap_or(failure)),
    };
    let id = OperatorId::from(id);
    let change = OperatorChange::Grant(&grant);
    request
        .backend()
        .change_operator(caller, &id, change)
        .await?;
    // Whoever limits themselves may not see that page any more.
    let is_own = caller.operator == id && !grant.is_everything();
    let location = if is_own { "/".to_owned() } else { path_of(&id) };
    let detail = format!("The role covers now: {}.", covered::words(&grant));
    request.done(location, "Scope changed", detail).await
}

/// The grant that a form chose; else every problem of the form, with those noted before.
pub(super) async fn chosen_scope(
    request: &Request,
    mut check: Check,
    scope: &str,
    limits: &str,
) -> Result<Grant, Failure> {
    let backend = request.backend();
    let account = backend.account().await.ok();
    let chosen = read(backend.connection(), account.as_ref(), scope, limits);
    let grant = chosen.map_err(|(field, problems)| {
        for problem in problems {
            check.add(field, problem);
        }
    });
    check.finish()?;
    grant.map_err(|()| Cause::Internal.into())
}

type Refused = (Field, Vec<Problem>);

fn read(
    connection: &Connection,
    account: Option<&AccountId>,
    scope: &str,
    limits: &str,
) -> Result<Grant, Refused> {
    let refused = |problem| (Field::Limits, vec![problem]);
    match scope {
        EVERYTHING if limits.trim().is_empty() => return Ok(Grant::EVERYTHING),
        EVERYTHING => return Err(refused(Problem::LimitsOfEverything)),
        LIMITED => {}
        _ => return Err((Field::Scope, vec![Problem::NotAChoice])),
    }
    let (mut kept, mut problems) = (Vec::new(), Vec::new());
    for (row, line) in (1..).zip(limits.lines().map(str::trim)) {
        match line.parse() {
            Ok(limit) if is_ours(connection, account, &limit) => kept.push(limit),
            Ok(_) => problems.push(Problem::LimitElsewhere { row }),
            Err(_) if line.is_empty() => {}
            Err(_) => problems.push(Problem::NotALimit { row }),
        }
    }
    if problems.is_empty() {
        return Grant::limited(kept).map_err(refused);
    }
    problems.truncate(TOLD);
    Err((Field::Limits, problems))
}

/// Whether a limit names something that this console could have: one that it has not would cover
/// nothing, and look as if it did.
fn is_ours(connection: &Connection, account: Option<&AccountId>, limit: &Limit) -> bool {
    let offers = |region| connection.regions.contains(&region);
    match limit {
        Limit::Connection(slug) => slug.as_str() == connection.slug,
        Limit::Region(slug, region) => slug.as_str() == connection.slug && offers(*region),
        Limit::AppInstance(arn) => {
            offers(arn.region()) && account.is_none_or(|account| account == arn.account())
        }
    }
}

/// The fields that choose a scope.
pub(super) fn fields(connection: &Connection, grant: &Grant) -> [FieldSpec; 2] {
    let choices = [
        (EVERYTHING, "all connections, Regions and AppInstances"),
        (LIMITED, "only what the lines below name"),
    ];
    let choices = choices.map(|(value, meaning)| (value.to_owned(), meaning.to_owned()));
    let (chosen, limits) = if grant.is_everything() {
        (EVERYTHING, String::new())
    } else {
        (LIMITED, grant.to_string())
    };
    let slug = &connection.slug;
    let region = connection.regions.first().map_or("", |r| r.as_str());
    let help = format!(
        "For Limited, one a line: a connection ({slug}), one of its Regions ({slug}/{region}), or \
         the ARN of an AppInstance."
    );
    [
        FieldSpec::new(
            Field::Scope,
            Control::Cards(choices.to_vec()),
            Rule::None,
        )
        .value(chosen)
        .help("Where the role counts. Nothing else is shown, and an address outside leads nowhere."),
        FieldSpec::new(Field::Limits, Control::TextArea, Rule::Limits)
            .value(limits)
            .optional()
            .help(&help),
    ]
}

/// The form.
#[component]
pub fn ScopePage() -> impl IntoView {
    page(|request| async move {
        let opened = Opened::read(&request).await?;
        let operator = &opened.operator;
        let (to, name) = (path_of(&operator.id), operator.username.clone());
        let connection = request.backend().connection();
        let [scope, limits] = fields(connection, &operator.grant);
        let spec = FormSpec::new(
            "operators/set-scope",
            request.path().to_owned(),
            "Save changes",
            "Saving…",
        )
        .cancel(to.clone())
        .hidden("id", &operator.id)
        .field(scope)
        .field(limits);
        let spec = request.resumed(spec).await;
        let body = match opened.why_it_stays() {
            Some(reason) => view! {
                <div class="stack narrow">
                    <div class="flash" role="note">
                        {icon("info")}
                        <div class="flash-text">
                            <b>{reason}</b>
                            <p>
                                "Whoever is limited cannot manage operators, and this is the last Admin who can: its scope stays Everything. Make somebody else an Admin for everything first."
                            </p>
                        </div>
                    </div>
                </div>
            }
            .into_any(),
            None => view! {
                <div class="stack">
                    {consequence()} <Form spec=spec/> {nameable(&request).await}
                </div>
            }
            .into_any(),
        };
        let title = format!("Scope of {name}");
        Ok(Content::new(title, Nav::Operators, body)
            .crumb("Operators", LIST)
            .crumb(name, to))
    })
}

/// What it means to be limited.
fn consequence() -> AnyView {
    view! {
        <section class="consequence consequence-info narrow" aria-labelledby="h-consequence">
            <div class="consequence-head">
                {icon("eye")}
                <div>
                    <h2 id="h-consequence">"A limited operator sees only what is covered"</h2>
                    <p>
                        "That goes for lists, pages, the audit log and its export. Whoever is limited manages no operators, whatever the role, and creates AppInstances only in a Region that is covered as a whole. It counts from the next request on; nobody is signed out."
                    </p>
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// What a line can name here, to be copied.
pub(super) async fn nameable(request: &Request) -> AnyView {
    let connection = request.backend().connection();
    let mut rows = vec![choice(
        connection.slug.clone(),
        format!("All of {}", connection.label),
        "connection",
    )];
    let mut notes = Vec::new();
    for region in &connection.regions {
        rows.push(choice(
            format!("{}/{region}", connection.slug),
            format!("All of {region}, also what is created later"),
            "Region",
        ));
    }
    let regions = connection.regions.iter().copied();
    for (region, read) in of_each(regions, |region| listed(request, region)).await {
        match read {
            Ok((found, is_all)) => {
                if !is_all {
                    notes.push(format!(
                        "These are the first {} AppInstances of {region}; the others have their ARN on their pages.",
                        found.len()
                    ));
                }
                for row in found {
                    let text = format!("{}, {region}", row.name);
                    rows.push(choice(row.arn.to_string(), text, "ARN"));
                }
            }
            Err(failure) => notes.push(format!(
                "The AppInstances of {region} could not be listed: {}.",
                failure.cause.headline()
            )),
        }
    }
    let notes = notes
        .into_iter()
        .map(|note| view! { <p class="muted">{note}</p> });
    view! {
        <section class="panel narrow" aria-labelledby="h-nameable">
            <div class="panel-head">
                <h2 id="h-nameable">"What a line can be"</h2>
                <span class="panel-note">{format!("Up to {MAX_LIMITS} lines")}</span>
            </div>
            <div class="panel-body">
                <ul class="checks">{rows}</ul>
                {notes.collect_view()}
            </div>
        </section>
    }
    .into_any()
}

fn choice(line: String, text: String, what: &'static str) -> AnyView {
    let name = if what == "ARN" { "box" } else { "globe" };
    view! {
        <li>
            {icon(name)}
            <span>
                <b>{text}</b>
                <span class="arn arn-line">{line.clone()}</span>
            </span>
            <Copy text=line what=what.to_owned()/>
        </li>
    }
    .into_any()
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
    let found = request.call(region, list).await?;
    for row in &found.items {
        request.backend().names().learn(&row.arn, &row.name);
    }
    Ok((found.items, found.next_token.is_none()))
}

/// What a role covers, each limit on a line of its own.
pub(super) async fn limits(request: &Request, grant: &Grant) -> AnyView {
    if grant.is_everything() || grant.limits().is_empty() {
        return covered::words(grant).into_any();
    }
    let backend = request.backend();
    let is_unknown = |arn: &AppInstanceArn| backend.names().get(arn).is_none();
    let regions = backend.connection().regions.iter().copied();
    let regions = regions.filter(|region| grant.instances_in(*region).any(is_unknown));
    // Without names the ids are shown.
    let _ = of_each(regions, |region| listed(request, region)).await;
    let each = |limit: &Limit| {
        let line = match limit {
            Limit::Connection(slug) => {
                format!("All of the connection {}", slug.as_str()).into_any()
            }
            Limit::Region(slug, region) => format!("All of {}, {region}", slug.as_str()).into_any(),
            Limit::AppInstance(arn) => {
                let name = backend.names().get(arn);
                let name = name.unwrap_or_else(|| short_id(arn.id()));
                let to = paths::instance(&backend.connection().slug, arn);
                view! {
                    <a href=to>{name}</a>
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
mod tests {
    use domain::Environment;

    use super::*;

    const CHAT: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/chat";

    fn chosen(scope: &str, limits: &str) -> Result<Grant, Refused> {
        let connection = Connection {
            slug: "main".to_owned(),
            label: "Main".to_owned(),
            environment: Environment::Sandbox,
            regions: vec![Region::UsEast1],
            read_only: false,
            endpoint_url: None,
        };
        let account = "123456789012".parse().unwrap();
        read(&connection, Some(&account), scope, limits)
    }

    fn problems(limits: &str) -> Vec<Problem> {
        chosen(LIMITED, limits).unwrap_err().1
    }

    #[test]
    fn everything_has_no_limits() {
        assert_eq!(chosen(EVERYTHING, "\r\n "), Ok(Grant::EVERYTHING));
        let refused = chosen(EVERYTHING, "main").unwrap_err();
        assert_eq!(refused, (Field::Limits, vec![Problem::LimitsOfEverything]));
        let refused = chosen("", "main").unwrap_err();
        assert_eq!(refused, (Field::Scope, vec![Problem::NotAChoice]));
    }

    #[test]
    fn a_limit_names_something_of_this_console() {
        let lines = format!("main\r\nmain/us-east-1\r\n{CHAT}");
        let grant = chosen(LIMITED, &lines).unwrap();
        assert_eq!(grant.limits().len(), 3);
        assert_eq!(problems(""), [Problem::Empty]);
        let other_account = CHAT.replace("123456789012", "210987654321");
        let other_region = CHAT.replace("us-east-1", "eu-central-1");
        let lines = format!("other\nmain/eu-central-1\n\n{other_account}\n{other_region}\nnot one");
        let elsewhere = [1, 2, 4, 5].map(|row| Problem::LimitElsewhere { row });
        let all = [&elsewhere[..], &[Problem::NotALimit { row: 6 }]].concat();
        assert_eq!(problems(&lines), all);
    }

    #[test]
    fn a_page_of_nonsense_has_a_short_answer() {
        assert_eq!(problems(&"?\n".repeat(100_000)).len(), TOLD);
    }
}
