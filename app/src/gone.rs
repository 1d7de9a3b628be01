//! What was deleted through this console: a page about it says that it is gone, since when and by whom, and
//! leads to what the audit log has of it. Of what was deleted elsewhere nobody here knows, and its page stays
//! one that was not found.

use backend::jobs::can_bring_back;
use backend::{AuditFilter, AuditReader, Entry, Phase};
use domain::arn::{AppInstanceUserArn, MemberArn, ResourceArn};
use domain::{Cause, Event, Failure, Operation};
use leptos::prelude::*;

use crate::request::Request;
use crate::ui::bidi::{isolated, marked_up};
use crate::ui::entry::{entry_path, who};
use crate::ui::failed;
use crate::ui::parts::{icon, note_with, short_id};
use crate::ui::time::ExactTime;
use crate::{bring_back, paths};

/// More entries than an endpoint has, but for one that is changed all the time.
const OF_ENDPOINT: u32 = 51;

/// What was deleted, and by which entry.
pub struct Gone {
    entry: Entry,
    /// What kind of thing it was.
    kind: &'static str,
    /// Whether it was deregistered, where other things are deleted.
    is_endpoint: bool,
    /// What it was called.
    name: String,
    /// Its own page, from which its Activity is reached.
    path: String,
}

/// Whether AWS answered as it does for what is not there.
const fn is_missing(failure: &Failure) -> bool {
    matches!(failure.cause, Cause::Forbidden | Cause::NotFound)
}

impl Gone {
    /// A resource that could not be read, if it was deleted; else the AppInstance that it was in, if that was.
    /// Only what the reader may see of the audit counts.
    pub async fn find(request: &Request, arn: &ResourceArn, failure: &Failure) -> Option<Self> {
        if !is_missing(failure) {
            return None;
        }
        let audit = request.backend().audit_for(request.caller().ok()?).await;
        let audit = audit.ok()?;
        let around = ResourceArn::Instance(arn.instance().clone());
        for arn in [arn, &around] {
            let (kind, id, created, deleted) = match arn {
                ResourceArn::Instance(arn) => (
                    "AppInstance",
                    short_id(arn.id()),
                    Operation::CreateAppInstance,
                    Operation::DeleteAppInstance,
                ),
                ResourceArn::User(arn) => (
                    "User",
                    arn.user_id().to_string(),
                    Operation::CreateAppInstanceUser,
                    Operation::DeleteAppInstanceUser,
                ),
                ResourceArn::Bot(arn) => (
                    "Bot",
                    short_id(arn.id()),
                    Operation::CreateAppInstanceBot,
                    Operation::DeleteAppInstanceBot,
                ),
            };
            if let Some(entry) = ended(&audit, arn.as_str(), created, deleted).await {
                return Some(Self {
                    name: name_in(&entry).unwrap_or(id),
                    path: paths::resource(&request.connection().id, arn),
                    entry,
                    kind,
                    is_endpoint: false,
                });
            }
        }
        None
    }

    /// An endpoint that could not be read, if it was deregistered.
    pub async fn find_endpoint(
        request: &Request,
        user: &AppInstanceUserArn,
        id: &str,
        failure: &Failure,
    ) -> Option<Self> {
        if !is_missing(failure) {
            return None;
        }
        let audit = request.backend().audit_for(request.caller().ok()?).await;
        let audit = audit.ok()?;
        let entries = audit.of_endpoint(user.as_str(), id, OF_ENDPOINT);
        let (made, ended) = (
            Event::from(Operation::RegisterAppInstanceUserEndpoint),
            Event::from(Operation::DeregisterAppInstanceUserEndpoint),
        );
        let last = entries.await.ok()?.into_iter().find(|entry| {
            entry.phase == Phase::Succeeded && (entry.event == made || entry.event == ended)
        });
        let entry = last.filter(|entry| entry.event == ended)?;
        Some(Self {
            name: name_in(&entry).unwrap_or_else(|| short_id(id)),
            path: paths::endpoint(&request.connection().id, user, id),
            entry,
            kind: "Endpoint",
            is_endpoint: true,
        })
    }

    /// What the heading of a page says of it.
    pub fn heading(&self) -> String {
        format!("{} {} is gone", self.kind, isolated(&self.name))
    }

    /// What it was called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its own page.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What its page shows, with the status of what is not there.
    pub async fn panel(&self, request: &Request) -> AnyView {
        request.set_status(Cause::NotFound.status());
        let refused = failed::refused(request).await;
        let back = can_bring_back(&self.entry).then(|| {
            view! {
                <p>{bring_back::LOST}</p>
                <div class="form-actions">{bring_back::of_entry(request, self.entry.seq)}</div>
            }
        });
        let activity = format!("{}/activity", self.path);
        view! {
            <div class="stack">
                {refused} <section class="panel">
                    <div class="empty empty-small">
                        {icon("trash")} <h2>{format!("{} in this console", self.verb())}</h2>
                        {self.told()} <p>
                            <a href=entry_path(&self.entry)>"The entry in the audit log"</a>
                            " · "
                            <a href=activity>"Activity"</a>
                        </p> {back}
                    </div>
                </section>
            </div>
        }
        .into_any()
    }

    /// The same in short, above what its Activity shows.
    pub fn note(&self, request: &Request) -> AnyView {
        request.set_status(Cause::NotFound.status());
        note_with(
            "flash",
            "trash",
            format!("{} is gone", self.kind),
            self.told(),
        )
    }

    const fn verb(&self) -> &'static str {
        if self.is_endpoint {
            "Deregistered"
        } else {
            "Deleted"
        }
    }

    /// When it was, and who did it.
    fn told(&self) -> AnyView {
        let verb = self.verb().to_lowercase();
        let what = format!("{} was {verb} on ", isolated(&self.name));
        told(&what, &self.entry)
    }
}

/// A user or bot that was an admin, and that somebody demoted: when it was, and who did it.
pub async fn demoted(request: &Request, member: &MemberArn) -> Option<AnyView> {
    let audit = request.backend().audit_for(request.caller().ok()?).await;
    let (promoted, demoted) = (
        Operation::CreateAppInstanceAdmin,
        Operation::DeleteAppInstanceAdmin,
    );
    let arn = ResourceArn::from(member.clone());
    let entry = ended(&audit.ok()?, arn.as_str(), promoted, demoted).await?;
    let activity = paths::resource(&request.connection().id, &arn);
    let links = view! {
        <p>
            <a href=entry_path(&entry)>"The entry in the audit log"</a>
            " · "
            <a href=format!("{activity}/activity")>"Activity"</a>
        </p>
    };
    let what = format!("{} was demoted on ", isolated(member.id()));
    Some(
        view! {
            {told(&what, &entry)}
            {links}
        }
        .into_any(),
    )
}

/// What was done, when, and by whom.
fn told(what: &str, entry: &Entry) -> AnyView {
    view! { <p>{marked_up(what)} <ExactTime at=entry.at /> " by " {who(entry)} "."</p> }.into_any()
}

/// The entry that ended something, if nothing made it again after that.
async fn ended(audit: &AuditReader, arn: &str, made: Operation, ended: Operation) -> Option<Entry> {
    let newest = async |operation: Operation| {
        let filter = AuditFilter {
            operation: Some(operation.name().to_owned()),
            outcome: Some(Phase::Succeeded),
            resource: Some(arn.to_owned()),
            ..AuditFilter::default()
        };
        let found = audit.recent(&filter, None, 1).await;
        found.ok().map(|entries| entries.into_iter().next())
    };
    let entry = newest(ended).await??;
    let made = newest(made).await?;
    made.is_none_or(|made| made.seq < entry.seq)
        .then_some(entry)
}

/// What it was called, as the entry has it.
fn name_in(entry: &Entry) -> Option<String> {
    let name = entry.before.as_ref()?["Name"].as_str()?;
    (!name.trim().is_empty()).then(|| name.to_owned())
}
