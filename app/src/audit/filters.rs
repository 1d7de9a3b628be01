//! Which entries are shown: filters in the address, a form that sets them, a chip for each.

use backend::{AuditFilter, Phase};
use domain::event::ConsoleEvent;
use domain::{Event, Field, FieldProblem, JobId, Operation, Problem, Timestamp};
use leptos::prelude::*;

use super::outcome;
use crate::request::Request;
use crate::ui::bidi::{self, chosen};
use crate::ui::parts::{icon, small_icon};

/// The spans of time that can be picked: the value in the address, the words, hours.
const SPANS: &[(&str, &str, i64)] = &[
    ("1h", "last hour", 1),
    ("24h", "last 24 hours", 24),
    ("7d", "last 7 days", 7 * 24),
    ("30d", "last 30 days", 30 * 24),
];

/// Which values of the address cannot be read. A program is refused for them; a person sees the log
/// without them, and is told.
pub(super) fn check(query: impl Fn(&str) -> Option<String>) -> Result<(), Vec<FieldProblem>> {
    let is_readable = |field: Field, text: &str| match field {
        Field::Before | Field::After => text.parse::<i64>().is_ok(),
        Field::Outcome => text.parse::<Phase>().is_ok(),
        Field::Job => text.parse::<JobId>().is_ok(),
        _ => SPANS.iter().any(|(slug, ..)| *slug == text),
    };
    let fields = [
        Field::Before,
        Field::After,
        Field::Outcome,
        Field::Job,
        Field::Since,
    ];
    let wrong = fields.into_iter().filter(|field| {
        let text = query(field.name()).unwrap_or_default();
        !text.trim().is_empty() && !is_readable(*field, text.trim())
    });
    let problems: Vec<_> = wrong
        .map(|field| FieldProblem {
            field,
            problem: Problem::NotAChoice,
        })
        .collect();
    if problems.is_empty() {
        return Ok(());
    }
    Err(problems)
}

/// The filters in the address of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filters {
    resource: Option<String>,
    operator: Option<String>,
    operation: Option<String>,
    outcome: Option<Phase>,
    job: Option<JobId>,
    since: Option<&'static (&'static str, &'static str, i64)>,
}

impl Filters {
    /// Reads the filters of an address. A word that is no outcome, job or span of time is left
    /// out.
    pub fn read(query: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name| {
            query(name)
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        let since = text("since");
        Self {
            resource: text("resource"),
            operator: text("operator"),
            operation: text("operation"),
            outcome: text("outcome").and_then(|outcome| outcome.parse().ok()),
            job: text("job").and_then(|job| job.parse().ok()),
            since: since.and_then(|since| SPANS.iter().find(|(slug, ..)| *slug == since)),
        }
    }

    /// Whether no filter is set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the calls of one job are asked for. Its own page follows it, so this one does not.
    pub const fn is_of_job(&self) -> bool {
        self.job.is_some()
    }

    /// The same filters for the audit, with the span of time counted back from `now`.
    pub fn filter(&self, now: Timestamp) -> AuditFilter {
        AuditFilter {
            operator: self.operator.clone(),
            operation: self.operation.clone(),
            outcome: self.outcome,
            resource: self.resource.clone(),
            job: self.job.clone(),
            from: self
                .since
                .map(|(_, _, hours)| Timestamp(now.0 - hours * 3_600_000)),
            to: None,
        }
    }

    /// Each one that is set: its name in the address, its label, what it is.
    fn set(&self) -> Vec<(&'static str, &'static str, String)> {
        let texts = [
            (
                "since",
                "Time in",
                self.since.map(|since| since.1.to_owned()),
            ),
            ("resource", "Resource is", self.resource.clone()),
            ("operator", "Operator is", self.operator.clone()),
            (
                "operation",
                "Operation is",
                self.operation.as_deref().map(label_of),
            ),
            (
                "outcome",
                "Outcome is",
                self.outcome.map(|phase| word(phase).to_owned()),
            ),
            ("job", "Job is", self.job.as_ref().map(ToString::to_string)),
        ];
        texts
            .into_iter()
            .filter_map(|(name, label, value)| Some((name, label, value?)))
            .collect()
    }

    /// The form and the chips.
    pub fn toolbar(&self, request: &Request) -> AnyView {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let size = request.query("size");
        let size = size.map(|size| view! { <input type="hidden" name="size" value=size /> });
        let job = self.job.as_ref().map(|job| {
            view! { <input type="hidden" name="job" value=job.to_string() /> }
        });
        view! {
            <form class="toolbar" role="search" action="/audit">
                {size}
                {job}
                <div class="search">
                    {small_icon("search")}
                    <input
                        class="input"
                        type="search"
                        name="resource"
                        value=text(&self.resource)
                        aria-label="Resource ARN, operation ID or AWS request ID"
                        placeholder="Resource ARN, operation ID or AWS request ID"
                        spellcheck="false"
                    />
                </div>
                <input
                    class="input w-auto"
                    name="operator"
                    value=text(&self.operator)
                    aria-label="Operator"
                    placeholder="Operator"
                    autocomplete="off"
                    spellcheck="false"
                />
                {self.operations()}
                {self.outcomes()}
                {self.spans()}
                <button class="btn">{icon("filter")} "Apply"</button>
                {self.chips(request)}
            </form>
        }
        .into_any()
    }

    fn operations(&self) -> AnyView {
        let writes = Operation::ALL
            .iter()
            .filter(|operation| operation.effect().is_write())
            .map(|operation| (operation.name(), operation.label()));
        let events = ConsoleEvent::ALL.iter();
        let choices = writes.chain(events.map(|event| (event.name(), event.label())));
        select(
            "operation",
            "Any operation",
            choices,
            self.operation.as_deref(),
        )
    }

    fn outcomes(&self) -> AnyView {
        let choices = Phase::ALL.iter().map(|phase| (phase.name(), word(*phase)));
        let chosen = self.outcome.map(Phase::name);
        select("outcome", "Any outcome", choices, chosen)
    }

    fn spans(&self) -> AnyView {
        let choices = SPANS.iter().map(|(slug, words, _)| (*slug, *words));
        let chosen = self.since.map(|since| since.0);
        select("since", "Any time", choices, chosen)
    }

    /// What is set, each with a link that takes it away.
    fn chips(&self, request: &Request) -> Option<AnyView> {
        let set = self.set();
        if set.is_empty() {
            return None;
        }
        let without = |names: &[&'static str]| {
            let gone = names.iter().chain(&["before", "after"]);
            let gone: Vec<_> = gone.map(|name| (*name, "")).collect();
            request.with_query(&gone)
        };
        let all: Vec<_> = set.iter().map(|(name, ..)| *name).collect();
        let clear = without(&all);
        let chips = set
            .into_iter()
            .map(|(name, label, value)| {
                let remove = bidi::label(&format!("Remove filter: {label}"), &value);
                view! {
                    <span class="chip">
                        {label} " " <b>{chosen(&value)}</b>
                        <a href=without(&[name]) aria-label=remove>
                            {small_icon("x")}
                        </a>
                    </span>
                }
            })
            .collect_view();
        Some(
            view! {
                <div class="chips">
                    {chips} <a class="act" href=clear>
                        "Clear filters"
                    </a>
                </div>
            }
            .into_any(),
        )
    }
}

/// The word for an outcome in a choice, where an event must differ from a call that succeeded.
const fn word(phase: Phase) -> &'static str {
    match phase {
        Phase::Noted => "Done in this console",
        other => outcome(other),
    }
}

fn select(
    name: &'static str,
    any: &'static str,
    choices: impl Iterator<Item = (&'static str, &'static str)>,
    chosen: Option<&str>,
) -> AnyView {
    let options = choices
        .map(|(value, text)| {
            let selected = chosen == Some(value);
            view! {
                <option value=value selected=selected>
                    {text}
                </option>
            }
        })
        .collect_view();
    view! {
        <select class="select" name=name aria-label=any>
            <option value="">{any}</option>
            {options}
        </select>
    }
    .into_any()
}

/// What an operator reads for the name of an event.
fn label_of(name: &str) -> String {
    let event = name.parse::<Event>().unwrap_or_else(|never| match never {});
    event.label().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Filters {
        Filters::read(|wanted| {
            let found = pairs.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn filters_are_read_from_the_address() {
        let filters = read(&[
            ("operator", " ada "),
            ("outcome", "failed"),
            ("since", "24h"),
            ("operation", "TagResource"),
            ("resource", ""),
        ]);
        let filter = filters.filter(Timestamp(86_400_000 + 5));
        assert_eq!(filter.operator.as_deref(), Some("ada"));
        assert_eq!(filter.outcome, Some(Phase::Failed));
        assert_eq!(filter.from, Some(Timestamp(5)));
        assert_eq!(filter.resource, None);
        let chips: Vec<_> = filters.set().into_iter().map(|(name, ..)| name).collect();
        assert_eq!(chips, ["since", "operator", "operation", "outcome"]);
    }

    #[test]
    fn a_word_that_is_no_outcome_or_time_is_left_out() {
        assert!(read(&[("outcome", "maybe"), ("since", "soon")]).is_empty());
    }

    #[test]
    fn every_write_and_event_can_be_picked() {
        use leptos::prelude::RenderHtml;

        let html = Owner::new().with(|| Filters::default().operations().to_html());
        for operation in Operation::ALL {
            let named = format!("value=\"{}\"", operation.name());
            assert_eq!(html.contains(&named), operation.effect().is_write());
        }
        assert!(html.contains("RevealDeviceTokens"));
    }
}
