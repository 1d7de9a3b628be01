//! The audit log as a list: newest first, pages by row number, which no later row shifts.

use backend::Entry;
use domain::Failure;
use leptos::prelude::*;

use super::filters::Filters;
use super::{allowed, entry_path, label, outcome_view, resource_view, who};
use crate::covered::ONLY_COVERED;
use crate::islands::LiveLog;
use crate::request::Request;
use crate::ui::failed;
use crate::ui::frame::Nav;
use crate::ui::list::page_size;
use crate::ui::page::{Content, page};
use crate::ui::parts::{icon, missing, short_id, small_icon};

/// A page of entries, and whether there are newer and older ones.
#[derive(Debug, PartialEq)]
pub(super) struct Entries {
    rows: Vec<Entry>,
    newer: bool,
    older: bool,
}

/// The page.
#[component]
pub fn ListPage() -> impl IntoView {
    page(|request| async move {
        allowed(&request)?;
        let filters = Filters::read(|name| request.query(name));
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
        let rows = audit.newer(&filter, after, size + 1).await?;
        if let Some(entries) = page_before(rows, size) {
            return Ok(list(entries, None).view());
        }
        // The newest end: the page is filled up from there.
    }
    let before = number("before");
    if before.is_some() {
        let rows = audit.recent(&filter, before, size + 1).await?;
        return Ok(list(page_after(rows, size, true), None).view());
    }
    // Read first: what is added meanwhile is found when the list is asked for news.
    let end = audit.end().await?;
    let rows = audit.recent(&filter, None, size + 1).await?;
    let newest = list(page_after(rows, size, false), Some(end)).view();
    let here = request.with_query(&[("after", "")]);
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

/// The rows above a page; nothing when they do not fill one.
fn page_before(mut rows: Vec<Entry>, size: u32) -> Option<Entries> {
    let newer = rows.len() > size as usize;
    if rows.len() < size as usize {
        return None;
    }
    if newer {
        rows.remove(0);
    }
    Some(Entries {
        rows,
        newer,
        older: true,
    })
}

pub(super) fn page_after(mut rows: Vec<Entry>, size: u32, newer: bool) -> Entries {
    let older = rows.len() > size as usize;
    rows.truncate(size as usize);
    Entries { rows, newer, older }
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
        if count == 0 && !self.entries.newer && self.live.is_none() {
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
        let table = if count == 0 {
            empty(self.filtered, self.limited)
        } else {
            self.table()
        };
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
                <td data-label="Time">
                    <time datetime=entry.at.iso() title=entry.at.iso()>
                        {seconds(&entry.at.iso())}
                    </time>
                </td>
                <td data-label="Who">{who(entry)}</td>
                <th scope="row">
                    <a href=entry_path(entry)>{label(&entry.operation)}</a>
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
        let step = |shown: bool, rel, change: (&'static str, String), inside: AnyView| {
            if !shown {
                return view! { <span aria-disabled="true">{inside}</span> }.into_any();
            }
            let other = if change.0 == "before" {
                "after"
            } else {
                "before"
            };
            let to = (self.to)(vec![(other, ""), (change.0, &change.1)]);
            view! {
                <a rel=rel href=to>
                    {inside}
                </a>
            }
            .into_any()
        };
        let first = entries.rows.first().map_or(0, |entry| entry.seq);
        let last = entries.rows.last().map_or(0, |entry| entry.seq);
        let previous = view! { {small_icon("chevron-left")} "Previous" }.into_any();
        let next = view! { "Next" {small_icon("chevron-right")} }.into_any();
        view! {
            <nav class="pager" aria-label="Pages">
                {step(entries.newer, "prev", ("after", first.to_string()), previous)}
                {step(entries.older, "next", ("before", last.to_string()), next)}
            </nav>
        }
        .into_any()
    }
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
    fn a_page_that_is_not_full_upwards_is_the_newest() {
        assert_eq!(page_before(Vec::new(), 10), None);
    }

    #[test]
    fn a_log_is_read_to_the_second() {
        assert_eq!(seconds("2026-03-18T14:19:31.120Z"), "2026-03-18 14:19:31");
    }
}
