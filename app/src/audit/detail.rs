//! One entry of the audit log, with everything that is known of it.

use backend::Entry;
use backend::jobs::can_bring_back;
use domain::{Cause, Failure, Given};
use leptos::prelude::*;

use super::resource::called;
use super::{allowed, changes, job_link, job_of, look, outcome_view, resource_view, who};
use crate::bring_back;
use crate::paths::encoded;
use crate::request::{Place, Request};
use crate::ui::bidi::chosen;
use crate::ui::failed;
use crate::ui::frame::Nav;
use crate::ui::page::{Content, page};
use crate::ui::parts::{arn, copied, entry as pair, missing, note, panel, wide_entry};
use crate::ui::time::ExactTime;

/// The page of one entry: how it ended, what it changed, and the call as the audit holds it.
#[component]
pub fn DetailPage() -> impl IntoView {
    page(|request| async move {
        allowed(&request)?;
        let entry = find(&request).await?;
        let changes = changes::table(Some(&request), &entry);
        let changes = changes.map(|table| panel("changes", "What changed", table));
        let refused = failed::refused(&request).await;
        let body = view! {
            <div class="stack wide">
                {refused} {damaged(&entry)} {look::panel(&request, &entry)}
                {summary(&request, &entry)} {changes} {input(&entry)}
            </div>
        };
        let label = entry.event.label().to_owned();
        let heading = match called(request.backend().names(), &entry) {
            Some(resource) => format!("{label}: {resource}"),
            None => label.clone(),
        };
        let mut content = Content::new(label, Nav::Audit, body)
            .headed(heading)
            .crumb("Audit log", "/audit")
            .badge(outcome_view(entry.phase));
        if can_bring_back(&entry) {
            content = content.action(bring_back::of_entry(&request, entry.seq));
        }
        Ok(content)
    })
}

/// The warning that a part of a row is no longer as it was written; `None` for an intact row.
fn damaged(entry: &Entry) -> Option<AnyView> {
    let sentence = "A part of this row is no longer as it was written, and is left out here. The command carillon audit verify finds where the log was changed.";
    let headline = "This row is damaged";
    entry
        .damaged
        .then(|| note("flash flash-error", "octagon", headline, sentence))
}

/// By the number of its row, or by the operation id that failures name.
async fn find(request: &Request) -> Result<Entry, Failure> {
    let Place::Entry(named) = request.place()? else {
        return Err(Cause::NoSuchPage.into());
    };
    let audit = request.backend().audit_for(request.caller()?).await?;
    let found = match named.parse() {
        Ok(seq) => audit.at_seq(seq).await?,
        Err(_) => audit.entry(&named).await?,
    };
    found.ok_or_else(|| Cause::NoSuchPage.into())
}

fn summary(request: &Request, entry: &Entry) -> AnyView {
    let text = |text: Option<&str>| match text {
        Some(text) if !text.is_empty() => text.to_owned().into_any(),
        _ => missing(),
    };
    let id = |id: Option<&str>, what: &str| match id {
        None | Some("") => missing(),
        Some(id) => copied(id, what),
    };
    let remote = entry.remote.map(|remote| remote.to_string());
    let took = entry
        .finished_at
        .filter(|_| entry.looked_by.is_none())
        .map(|at| format!("{} ms", at.since(entry.at)));
    let looked = entry.looked_by.clone().zip(entry.finished_at);
    let looked = looked.map(|(who, at)| {
        let text = view! {
            {chosen(&who)}
            ", "
            <ExactTime at=at />
        };
        pair("Outcome found later by", text.into_any())
    });
    let place = match (&entry.connection, entry.region) {
        (Some(connection), Some(region)) => Some(format!("{connection}, {region}")),
        _ => None,
    };
    let resource = entry.resource.as_ref().map(Given::as_str);
    let link = resource_view(request.backend(), entry);
    let whole = resource.map(|resource| wide_entry("ARN", arn(resource)));
    let of_resource =
        resource.map(|resource| more("resource", resource, "All entries about this resource"));
    let of_operator = (!entry.username.is_empty())
        .then(|| more("operator", &entry.username, "All entries by this operator"));
    let of_job = job_of(entry).map(|job| more("job", job.as_str(), "All calls of this job"));
    let failure = entry.failure.as_deref();
    let failure = failure.map(|code| {
        pair(
            "Reason",
            view! { <code>{code.to_owned()}</code> }.into_any(),
        )
    });
    view! {
        <section class="panel" aria-label="Summary">
            <div class="panel-head">
                <span class="panel-note">{format!("Row {}", entry.seq)}</span>
                {of_resource}
                {of_operator}
                {of_job}
            </div>
            <div class="panel-body">
                <dl class="kv">
                    {pair("Who", who(entry))} {pair("From", text(remote.as_deref()))}
                    {pair("When", view! { <ExactTime at=entry.at /> }.into_any())}
                    {pair("Took", text(took.as_deref()))} {looked}
                    {job_link(entry).map(|link| pair("Job", link))}
                    {pair("Operation", text(Some(entry.event.name())))} {failure}
                    {pair("Resource", link)} {pair("Connection", text(place.as_deref()))}
                    {wide_entry(
                        "AWS request ID",
                        id(entry.aws_request.as_deref(), "AWS request ID"),
                    )} {wide_entry("Operation ID", id(Some(&entry.id), "operation ID"))}
                    {wide_entry("HTTP request ID", id(Some(&entry.request), "HTTP request ID"))}
                    {whole}
                </dl>
            </div>
        </section>
    }
    .into_any()
}

fn more(filter: &str, value: &str, words: &'static str) -> AnyView {
    let to = format!("/audit?{filter}={}", encoded(value));
    view! {
        <a class="act" href=to>
            {words}
        </a>
    }
    .into_any()
}

/// The call as the API's JSON: what the audit holds, device tokens masked.
fn input(entry: &Entry) -> Option<AnyView> {
    if entry.input.is_null() {
        return None;
    }
    let json = serde_json::to_string_pretty(&entry.input).unwrap_or_default();
    let json = view! {
        <pre class="code" tabindex="0" aria-label="Input">
            <code>{chosen(&json)}</code>
        </pre>
    };
    Some(panel("input", "Input", json))
}
