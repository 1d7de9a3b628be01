//! The frame of every page: header, navigation, breadcrumb, messages.

mod menus;
mod running;

use backend::{Job, may_manage};
use domain::arn::AppInstanceArn;
use domain::{AccountId, ConnectionId, Region};
use leptos::prelude::*;

use crate::paths::{self, FROM};
use crate::request::{Flash, Request};
use crate::ui::bidi::{alone, chosen, marked_up};
use crate::ui::lock;
use crate::ui::parts::{self, icon, small_icon};
use crate::ui::tabs::tabs;
use menus::{account_menu, region_menu, sign_out, theme_menu, unseen_notices};

/// Where a page stands in the navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nav {
    /// The overview.
    Overview,
    /// The AppInstances of a Region.
    Instances(Region),
    /// A page of one AppInstance: its name, and the section.
    Instance {
        /// The AppInstance that the page is about.
        arn: AppInstanceArn,
        /// Its name, for the heading of the group.
        name: String,
        /// Which of its pages.
        section: Section,
    },
    /// The audit log.
    Audit,
    /// The jobs.
    Jobs,
    /// The operators.
    Operators,
    /// Not in the navigation.
    Other,
}

/// A page of an AppInstance that the navigation shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Details,
    Users,
    Admins,
    Bots,
    Retention,
    Tags,
    Activity,
    /// Below the sections: a form or a single user or bot.
    None,
}

impl Section {
    const ALL: &[(Self, &str, &str, &'static str)] = &[
        (Self::Details, "", "info", "Details"),
        (Self::Users, "/users", "users", "Users"),
        (Self::Admins, "/admins", "shield", "Admins"),
        (Self::Bots, "/bots", "bot", "Bots"),
        (Self::Retention, "/retention", "archive", "Retention"),
        (Self::Tags, "/tags", "tag", "Tags"),
        (Self::Activity, "/activity", "activity", "Activity"),
    ];
}

/// What the frame shows beside the page.
pub struct Chrome {
    flashes: Vec<Flash>,
    account: Option<AccountId>,
    running: Vec<Job>,
}

impl Chrome {
    /// Takes the messages that wait for this page, and reads the account and the jobs that run.
    pub async fn load(request: &Request) -> Self {
        let running = match request.caller() {
            // A page is there without them too.
            Ok(caller) => request.backend().jobs().active(caller).await,
            Err(_) => Ok(Vec::new()),
        };
        Self {
            flashes: request.take_flashes().await,
            account: request.account().await.ok(),
            running: running.unwrap_or_default(),
        }
    }

    /// Says who works on many things in the AppInstance of this page.
    pub fn banner(&self, nav: &Nav) -> Option<AnyView> {
        running::banner(&self.running, nav)
    }

    /// The messages for this page.
    pub fn flashes(&self) -> Option<AnyView> {
        parts::flashes(self.flashes.clone())
    }

    /// Puts a page into the frame.
    pub fn around(
        &self,
        request: &Request,
        nav: Nav,
        main: AnyView,
        drawer: Option<AnyView>,
    ) -> AnyView {
        if request.caller().is_err() {
            return view! {
                <main class="main" id="main" tabindex="-1">
                    {main}
                </main>
            }
            .into_any();
        }
        let environment = request.connection().environment.name().to_lowercase();
        view! {
            <a class="skip-link" href="#main">
                "Skip to content"
            </a>
            <header class="app-header" data-env=environment>
                {self.header(request, &nav)}
            </header>
            <div class="app">
                {navigation(request, &nav, self.running.len())}
                <main class="main" id="main" tabindex="-1">
                    {main}
                </main> {drawer}
            </div>
        }
        .into_any()
    }

    fn header(&self, request: &Request, nav: &Nav) -> AnyView {
        let connection = request.connection();
        let username = request
            .caller()
            .map(|caller| caller.username.clone())
            .unwrap_or_default();
        let role = request
            .caller()
            .map(|caller| caller.role.name())
            .unwrap_or_default();
        let region = region_of(request, nav);
        let regions = request
            .regions()
            .into_iter()
            .map(|r| {
                let to = paths::instances(&connection.id, r);
                let current = (r == region).then_some("true");
                view! {
                    <a href=to aria-current=current>
                        {r.as_str()}
                    </a>
                }
            })
            .collect_view();
        let account = self.account.as_ref().map(|account| {
            view! { <span class="conn-account">{account.grouped()}</span> }
        });
        // What is searched there depends on where somebody comes from.
        let from = matches!(nav, Nav::Instance { .. }).then(|| request.path().to_owned());
        let go = paths::with_query("/go", &[(FROM, from.as_deref().unwrap_or_default())]);
        let from = from.map(|from| view! { <input type="hidden" name=FROM value=from /> });
        let read_only = connection.read_only.then(|| {
            view! { <span class="pill">{small_icon("lock")} <span class="pill-text">"Read-only"</span></span> }
        });
        view! {
            <button class="hdr-btn menu-btn" type="button" popovertarget="nav" aria-label="Menu">
                {icon("menu")}
            </button>
            <a class="brand" href="/" aria-label="Carillon, overview">
                <svg class="mark" aria-hidden="true">
                    <use href="/icons.svg#i-mark"></use>
                </svg>
                <span class="brand-name">"Carillon"</span>
            </a>
            <div class="conn">
                <span class="env-label">{connection.environment.name()}</span>
                <span class="conn-name">{connection.label.clone()}</span>
                {account}
            </div>
            {region_menu(region, regions.into_any())}
            <form class="goto" action="/go" role="search" aria-label="Go to">
                {icon("search")}
                {from}
                <input
                    name="q"
                    type="search"
                    dir="auto"
                    aria-label="Go to a name, ID or ARN"
                    placeholder="Name, ID or ARN"
                    autocomplete="off"
                    spellcheck="false"
                />
            </form>
            <a class="hdr-btn goto-link" href=go aria-label="Go to a name, ID or ARN">
                {icon("search")}
            </a>
            {running::item(&self.running)}
            {read_only}
            {unseen_notices(request)}
            {lock::pill(request)}
            {theme_menu(request)}
            {account_menu(&username, role)}
        }
        .into_any()
    }
}

/// The Region that the header shows: of the page, else the first of the connection.
fn region_of(request: &Request, nav: &Nav) -> Region {
    match nav {
        Nav::Instances(region) => *region,
        Nav::Instance { arn, .. } => arn.region(),
        Nav::Overview | Nav::Jobs | Nav::Audit | Nav::Operators | Nav::Other => {
            let first = request.regions().first().copied();
            request
                .scope()
                .map_or(first.unwrap_or(Region::UsEast1), |scope| scope.region)
        }
    }
}

/// The link in the navigation, for those who may manage operators.
fn operators_link(request: &Request, is_here: bool) -> Option<AnyView> {
    may_manage(request.caller().ok()?).ok()?;
    let current = is_here.then_some("page");
    Some(
        view! {
            <a href="/operators" title="Operators" aria-current=current>
                {icon("operators")}
                <span class="nav-label">"Operators"</span>
            </a>
        }
        .into_any(),
    )
}

fn navigation(request: &Request, nav: &Nav, running: usize) -> AnyView {
    let connection = request.connection();
    let region = region_of(request, nav);
    let current = |here: bool| here.then_some("page");
    let sub = match nav {
        Nav::Instance { arn, name, section } => {
            let base = paths::instance(&connection.id, arn);
            let links = Section::ALL
                .iter()
                .map(|(each, path, name, text)| {
                    view! {
                        <a
                            href=format!("{base}{path}")
                            title=*text
                            aria-current=current(each == section)
                        >
                            {icon(name)}
                            <span class="nav-label">{*text}</span>
                        </a>
                    }
                })
                .collect_view();
            Some(view! {
                <div class="nav-sub" role="group" aria-label=alone(name)>
                    <p class="nav-sub-title" title=alone(name)>
                        {chosen(name)}
                    </p>
                    {links}
                </div>
            })
        }
        _ => None,
    };
    let regions = request
        .regions()
        .into_iter()
        .map(|r| {
            let here = (r == region).then_some("true");
            view! {
                <a href=paths::instances(&connection.id, r) aria-current=here>
                    {r.as_str()}
                </a>
            }
        })
        .collect_view();
    view! {
        <nav class="nav" id="nav" popover="auto" aria-label="Main">
            <div class="nav-group">
                <a href="/" title="Overview" aria-current=current(*nav == Nav::Overview)>
                    {icon("grid")}
                    <span class="nav-label">"Overview"</span>
                </a>
                <a
                    href=paths::instances(&connection.id, region)
                    title="AppInstances"
                    aria-current=current(matches!(nav, Nav::Instances(_)))
                >
                    {icon("box")}
                    <span class="nav-label">"AppInstances"</span>
                </a>
                {sub}
            </div>
            <div class="nav-group">
                <a href="/jobs" title="Jobs" aria-current=current(*nav == Nav::Jobs)>
                    {icon("layers")}
                    <span class="nav-label">"Jobs"</span>
                    {(running > 0)
                        .then(|| {
                            view! { <span class="nav-count">{format!("{running} running")}</span> }
                        })}
                </a>
                <a href="/audit" title="Audit log" aria-current=current(*nav == Nav::Audit)>
                    {icon("list")}
                    <span class="nav-label">"Audit log"</span>
                </a>
                {operators_link(request, *nav == Nav::Operators)}
            </div>
            <div class="nav-extra">
                <div>
                    <p class="label">"Region"</p>
                    <div class="segments">{regions}</div>
                </div>
                <form method="post" action="/theme">
                    <p class="label">"Theme"</p>
                    <div class="segments">
                        <button name="theme" value="light">
                            "Light"
                        </button>
                        <button name="theme" value="dark">
                            "Dark"
                        </button>
                        <button name="theme" value="system">
                            "System"
                        </button>
                    </div>
                </form>
            </div>
            // In the account menu too; here it is seen without opening anything.
            <div class="nav-group nav-end">{sign_out()}</div>
            <p class="nav-foot">{concat!("Carillon ", env!("CARGO_PKG_VERSION"))}</p>
        </nav>
    }
    .into_any()
}

/// The way to a page from the top.
pub fn crumbs(above: Vec<(String, String)>, current: &str) -> Option<AnyView> {
    if above.is_empty() {
        return None;
    }
    let links = above
        .into_iter()
        .map(|(text, to)| {
            view! {
                <li>
                    <a href=to>{marked_up(&text)}</a>
                </li>
            }
        })
        .collect_view();
    let current = marked_up(current);
    Some(
        view! {
            <nav class="crumbs" aria-label="Breadcrumb">
                <ol>
                    {links} <li>
                        <span aria-current="page">{current}</span>
                    </li>
                </ol>
            </nav>
        }
        .into_any(),
    )
}

/// The tabs of an AppInstance.
pub fn instance_tabs(connection: &ConnectionId, arn: &AppInstanceArn, section: Section) -> AnyView {
    let base = paths::instance(connection, arn);
    let links = Section::ALL
        .iter()
        .map(|(each, path, _, text)| (format!("{base}{path}"), *text, *each == section));
    tabs("AppInstance", links)
}
