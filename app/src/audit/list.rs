//! The audit log as a list: newest first, pages by row number, which no later row shifts.

use backend::{Backend, Entry, Stop};
use domain::{Failure, Field};
use leptos::prelude::*;

use super::entries::{Entries, page_after, page_before};
use super::export::NO_MARK;
use super::filters::{self, Filters};
use super::{allowed, damage, entry_path, job_link, outcome_view, resource_view, who};
use crate::covered::ONLY_COVERED;
use crate::islands::LiveLog;
use crate::listing::{self, check_size, page_size};
use crate::request::Request;
use crate::session::times;
use crate::ui::frame::Nav;
use crate::ui::page::{Content, page};
use crate::ui::pager::pager;
use crate::ui::parts::{icon, missing, short_id, small_icon};
use crate::ui::time::ExactTime;
use crate::ui::{failed, table};

/// The page of the audit log: filters, entries, and the links that export them.
#[component]
pub fn ListPage() -> impl IntoView {
    page(|request| async move {
        allowed(&request)?;
        let filters = Filters::read(|name| request.query(name));
        check(&request);
        let list = match read(&request, &filters).await {
            Ok(list) => list,
            Err(failure) => {
                request.set_status(failure.cause.status());
                failed::content(&failure, &request.with_query(&[]))
            }
        };
        let body = view! {
            <section class="panel" aria-label="Entries">
                {filters.toolbar(&request)}
                {list}
            </section>
        };
        Ok(Content::new("Audit log", Nav::Audit, body)
            .crumb("Overview", "/")
            .action(times::switch(&request, "btn"))
            .action(exports(&request)))
    })
}

/// The links that download the entries of all pages as files.
fn exports(request: &Request) -> AnyView {
    let (csv, lines) = (
        export(request, "/audit/export.csv"),
        export(request, "/audit/export.jsonl"),
    );
    let mark = if csv.contains('?') { '&' } else { '?' };
    let bare = format!("{csv}{mark}{NO_MARK}");
    view! {
        <details class="menu menu-end" name="export">
            <summary class="btn">{icon("download")} "Export" {small_icon("chevron-down")}</summary>
            <div class="menu-list">
                <a href=csv download="">
                    {icon("download")}
                    "Export CSV"
                </a>
                <a href=bare download="">
                    {icon("download")}
                    "Export CSV, no byte order mark"
                </a>
                <a href=lines download="">
                    {icon("download")}
                    "Export JSON lines"
                </a>
                <p class="menu-note">
                    "Spreadsheets need the mark to show letters such as é. Some programs cannot read a file that has it."
                </p>
            </div>
        </details>
    }
    .into_any()
}

/// The address that exports what is shown, all pages of it.
fn export(request: &Request, path: &str) -> String {
    let here = request.with_query(&[("before", ""), ("after", ""), ("size", "")]);
    match here.split_once('?') {
        Some((_, filters)) => format!("{path}?{filters}"),
        None => path.to_owned(),
    }
}

/// Says so if the address asks for something that the log does not have.
fn check(request: &Request) {
    check_size(request);
    if let Err(problems) = filters::check(|name| request.query(name)) {
        let headline = "A part of this address cannot be read".to_owned();
        let labels = problems.iter().map(|problem| problem.field.label());
        let labels = labels.collect::<Vec<_>>().join(", ");
        request.note(headline, &format!("Left out: {labels}."));
    }
}

async fn read(request: &Request, filters: &Filters) -> Result<AnyView, Failure> {
    let audit = request.backend().audit_for(request.caller()?).await?;
    let filter = filters.filter(request.now());
    let size = page_size(request).get();
    let number = |name| request.query(name).and_then(|seq| seq.parse::<i64>().ok());
    let to = |changes: Vec<(&str, &str)>| request.with_query(&changes);
    let list = |entries, live| List {
        backend: request.backend(),
        filtered: !filters.is_empty(),
        limited: is_limited(request),
        entries,
        live,
        to: &to,
    };
    if let Some(after) = number("after") {
        let found = audit.search_newer(&filter, after, size + 1).await?;
        if let Some(entries) = page_before(found, size, after) {
            return Ok(list(entries, None).view());
        }
        // The newest end: the page is filled up from there.
    }
    let before = number("before");
    if before.is_some() || filters.is_of_job() {
        let found = audit.search(&filter, before, size + 1).await?;
        return Ok(list(page_after(found, size, before), None).view());
    }
    // Read first: what is added meanwhile is found when the list is asked for news.
    let end = audit.end().await?;
    let found = audit.search(&filter, None, size + 1).await?;
    let newest = list(page_after(found, size, None), Some(end)).view();
    // What cannot be read is left out here too, or asking for news would be refused.
    let unread = filters::check(|name| request.query(name)).err();
    let unread = unread.unwrap_or_default();
    let mut gone: Vec<_> = unread.iter().map(|of| (of.field.name(), "")).collect();
    if listing::asks_for_no_size(request) {
        gone.push((Field::Size.name(), ""));
    }
    gone.push((Field::After.name(), ""));
    let here = request.with_query(&gone);
    let query = here
        .split_once('?')
        .map_or("", |(_, query)| query)
        .to_owned();
    Ok(view! {
        <LiveLog action="/api/audit/newest".to_owned() query=query seen=end>
            {newest}
        </LiveLog>
    }
    .into_any())
}

/// Makes an address of the log from the values of its query that change.
type Address<'a> = dyn Fn(Vec<(&str, &str)>) -> String + 'a;

/// A page of the log, as it is shown.
pub(super) struct List<'a> {
    /// For links to resources, and their names.
    pub backend: &'a Backend,
    /// Whether filters are set.
    pub filtered: bool,
    /// Whether the reader's role is limited, so that the log has more than they see.
    pub limited: bool,
    pub entries: Entries,
    /// On the newest page, the row up to which the page goes: later rows are new to the reader.
    /// `None` on every other page.
    pub live: Option<i64>,
    /// The address of the log with these changes.
    pub to: &'a Address<'a>,
}

impl List<'_> {
    /// The facts, the pager and the table of entries, or why there are none.
    pub fn view(&self) -> AnyView {
        let count = self.entries.rows.len();
        if count == 0 && self.entries.newer.is_none() && self.live.is_none() {
            return empty(self.filtered, self.limited);
        }
        let facts = match count {
            0 => "No entry on this page".to_owned(),
            1 => "1 entry on this page, newest first".to_owned(),
            _ => format!("{count} entries on this page, newest first"),
        };
        let further = self.limited.then(|| view! { <span>{ONLY_COVERED}</span> });
        let live = self.live.map(|_| {
            view! {
                <button
                    class="btn btn-small live js-only"
                    type="button"
                    data-live="true"
                    aria-pressed="false"
                >
                    <span class="live-dot" aria-hidden="true"></span>
                    "Live"
                </button>
            }
        });
        let table = if count > 0 {
            self.table()
        } else if self.entries.stopped.is_some() {
            ().into_any()
        } else {
            empty(self.filtered, self.limited)
        };
        let stopped = self.entries.stopped.map(stopped_at);
        view! {
            <div class="strip">
                <p class="strip-facts">
                    <span>{facts}</span>
                    {further}
                </p>
                {live}
                {self.pager()}
            </div>
            {table}
            {stopped}
        }
        .into_any()
    }

    fn table(&self) -> AnyView {
        let rows = self
            .entries
            .rows
            .iter()
            .map(|entry| self.row(entry))
            .collect_view();
        let above = view! {
            <caption class="sr-only">"Entries of the audit log"</caption>
            <colgroup>
                <col class="col-xl" />
                <col class="col-l" />
                <col />
                <col class="col-xl" />
                <col class="col-m" />
                <col class="col-l lo" />
            </colgroup>
        };
        let heads = view! {
            <th scope="col">"Time"</th>
            <th scope="col">"Who"</th>
            <th scope="col">"Operation"</th>
            <th scope="col">"Resource"</th>
            <th scope="col">"Outcome"</th>
            <th scope="col" class="lo">
                "AWS request"
            </th>
        };
        table::frame("table", above, heads, rows)
    }

    fn row(&self, entry: &Entry) -> AnyView {
        let is_new = self.live.is_some_and(|seen| entry.seq > seen);
        let request = entry.aws_request.as_deref();
        let request = request.map_or_else(missing, |id| {
            view! { <span title=id.to_owned()>{short_id(id)}</span> }.into_any()
        });
        view! {
            <tr class:is-new=is_new>
                <td class="two-lines" data-label="Time">
                    <ExactTime at=entry.at />
                </td>
                <td class="two-lines" data-label="Who">
                    {who(entry)}
                    {job_link(entry).map(|link| view! { <span class="cell-note">{link}</span> })}
                </td>
                <th scope="row" class="two-lines">
                    <a href=entry_path(entry)>{entry.event.label().to_owned()}</a>
                    {damage(entry)}
                </th>
                <td data-label="Resource">{resource_view(self.backend, entry)}</td>
                <td data-label="Outcome">{outcome_view(entry.phase)}</td>
                <td class="mono lo" data-label="AWS request">
                    {request}
                </td>
            </tr>
        }
        .into_any()
    }

    fn pager(&self) -> AnyView {
        let step = |place: Option<i64>, name, other| {
            let place = place?.to_string();
            Some((self.to)(vec![(other, ""), (name, &place)]))
        };
        let before = step(self.entries.newer, "after", "before");
        let after = step(self.entries.older, "before", "after");
        pager(before, None, after)
    }
}

/// How far a search came that found too little in its time.
fn stopped_at(stop: Stop) -> AnyView {
    let at = stop.at.map(|at| {
        view! {
            " The search came as far as "
            <ExactTime at=at />
            "."
        }
    });
    view! {
        <p class="muted" role="note">
            "The log is long, and few of its entries match."
            {at}
            " Go on with the arrows above, or remove a filter."
        </p>
    }
    .into_any()
}

/// Whether the reader's role is limited, so that the log has more than they see.
pub(super) fn is_limited(request: &Request) -> bool {
    let grant = request.caller().map(|caller| &caller.grant);
    grant.is_ok_and(|grant| !grant.is_everything())
}

fn empty(filtered: bool, limited: bool) -> AnyView {
    let (headline, sentence) = if filtered {
        (
            "No entry matches",
            "Nothing in the audit log fits all of these filters.",
        )
    } else {
        (
            if limited {
                "No change was made yet to what your role covers"
            } else {
                "No change was made through this console yet"
            },
            "Every change is written here before it is sent to AWS, and its outcome afterwards. Changes made elsewhere do not show here.",
        )
    };
    let clear = filtered.then(|| {
        view! {
            <a class="btn btn-small" href="/audit">
                "Clear filters"
            </a>
        }
    });
    view! {
        <div class="empty empty-small">
            <h2>{headline}</h2>
            <p>{sentence}</p>
            {clear}
        </div>
    }
    .into_any()
}
