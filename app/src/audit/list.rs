//! The audit log as a list: newest first, pages by row number, which no later row shifts.

use backend::{Entry, Stop};
use domain::{Failure, Field};
use leptos::prelude::*;

use super::entries::{Entries, page_after, page_before};
use super::filters::{self, Filters};
use super::{allowed, damage, entry_path, label, outcome_view, resource_view, who};
use crate::covered::ONLY_COVERED;
use crate::islands::LiveLog;
use crate::request::Request;
use crate::ui::failed;
use crate::ui::frame::Nav;
use crate::ui::list::{self, check_size, page_size};
use crate::ui::page::{Content, page};
use crate::ui::parts::{icon, missing, short_id, small_icon};

/// The page.
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
                {filters.toolbar(&request)} {list}
            </section>
        };
        let csv = export(&request, "/audit/export.csv");
        let lines = export(&request, "/audit/export.jsonl");
        Ok(Content::new("Audit log", Nav::Audit, body)
            .crumb("Overview", "/")
            .action(view! {
                <a class="btn" href=lines download="">
                    {icon("download")}
                    "Export JSON lines"
                </a>
            })
            .action(view! {
                <a class="btn" href=csv download="">
                    {icon("download")}
                    "Export CSV"
                </a>
            }))
    })
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
        request.note(headline, &format!("It was left out: {labels}."));
    }
}

async fn read(request: &Request, filters: &Filters) -> Result<AnyView, Failure> {
    let audit = request.backend().audit_for(request.caller()?).await?;
    let filter = filters.filter(request.now());
    let size = page_size(request).get();
    let number = |name| request.query(name).and_then(|seq| seq.parse::<i64>().ok());
    let to = |changes: Vec<(&str, &str)>| request.with_query(&changes);
    let list = |entries, live| List {
        connection: &request.backend().connection().slug,
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
    if before.is_some() {
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
    if list::asks_for_no_size(request) {
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

/// An address of the log, made of what it changes.
type Address<'a> = dyn Fn(Vec<(&str, &str)>) -> String + 'a;

/// A page of the log, as it is shown.
pub(super) struct List<'a> {
    /// The slug of the connection, for links to resources.
    pub connection: &'a str,
    /// Whether filters are set.
    pub filtered: bool,
    /// Whether the log has more than the one who reads it sees.
    pub limited: bool,
    pub entries: Entries,
    /// On the newest page: rows after this one are new to who looks.
    pub live: Option<i64>,
    /// The address of the log with these changes.
    pub to: &'a Address<'a>,
}

impl List<'_> {
    /// The list.
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
                <button class="btn btn-small live js-only" type="button" data-live="true" aria-pressed="false">
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
        view! {
            <div class="table-wrap">
                <table class="table">
                    <caption class="sr-only">"Entries of the audit log"</caption>
                    <colgroup>
                        <col class="col-xl"/>
                        <col class="col-l"/>
                        <col/>
                        <col class="col-xl"/>
                        <col class="col-m"/>
                        <col class="col-l lo"/>
                    </colgroup>
                    <thead>
                        <tr>
                            <th scope="col">"Time"</th>
                            <th scope="col">"Who"</th>
                            <th scope="col">"Operation"</th>
                            <th scope="col">"Resource"</th>
                            <th scope="col">"Outcome"</th>
                            <th scope="col" class="lo">
                                "AWS request"
                            </th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
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
                    <time datetime=entry.at.iso() title=entry.at.iso()>
                        {seconds(&entry.at.iso())}
                    </time>
                </td>
                <td class="two-lines" data-label="Who">
                    {who(entry)}
                </td>
                <th scope="row" class="two-lines">
                    <a href=entry_path(entry)>{label(&entry.operation)}</a>
                    {damage(entry)}
                </th>
                <td class="mono" data-label="Resource">
                    {resource_view(self.connection, entry)}
                </td>
                <td data-label="Outcome">{outcome_view(entry.phase)}</td>
                <td class="mono lo" data-label="AWS request">
                    {request}
                </td>
            </tr>
        }
        .into_any()
    }

    fn pager(&self) -> AnyView {
        let entries = &self.entries;
        let step = |place: Option<i64>, rel, name: &'static str, inside: AnyView| {
            let Some(place) = place else {
                return view! { <span aria-disabled="true">{inside}</span> }.into_any();
            };
            let other = if name == "before" { "after" } else { "before" };
            let to = (self.to)(vec![(other, ""), (name, &place.to_string())]);
            view! {
                <a rel=rel href=to>
                    {inside}
                </a>
            }
            .into_any()
        };
        let previous = view! { {small_icon("chevron-left")} "Previous" }.into_any();
        let next = view! { "Next" {small_icon("chevron-right")} }.into_any();
        view! {
            <nav class="pager" aria-label="Pages">
                {step(entries.newer, "prev", "after", previous)}
                {step(entries.older, "next", "before", next)}
            </nav>
        }
        .into_any()
    }
}

/// How far a search came that found too little in its time.
fn stopped_at(stop: Stop) -> AnyView {
    let at = stop.at.map(|at| {
        let iso = at.iso();
        view! {
            " These were searched up to the entries of "
            <time datetime=iso.clone()>{seconds(&iso)}</time> "."
        }
    });
    view! {
        <p class="muted" role="note">
            "Few of very many entries match." {at}
            " Go on with the arrows above, or set a filter less."
        </p>
    }
    .into_any()
}

/// `2026-03-18 14:19:31` of an ISO time: a log is read to the second.
fn seconds(iso: &str) -> String {
    let to_second = iso.split('.').next().unwrap_or(iso);
    to_second.replace('T', " ")
}

/// Whether the log has more than the one who reads it sees.
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
                "Nothing was done yet to what your role covers"
            } else {
                "Nothing was done through this console yet"
            },
            "Every change is written here before it is sent to AWS, and its outcome after. What others change elsewhere is not seen.",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_read_to_the_second() {
        assert_eq!(seconds("2026-03-18T14:19:31.120Z"), "2026-03-18 14:19:31");
    }
}
