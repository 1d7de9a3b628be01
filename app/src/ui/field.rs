//! One field of a form: label, help, control, rule, counter, problem, consequence.

use domain::{Failure, Field, Problem, Timestamp};
use leptos::prelude::*;

use super::bidi::{isolated, marked_up};
use super::parts::{icon, small_icon};
use super::tag_rows::tag_rows;
use super::ticks::boxes;
use super::time_bar::time_bar;
use crate::form::{Control, DaysEffect, FieldSpec, Rule};
use crate::text_area::TextArea;

/// A field as it stands. `loses` says whether the days of its form delete something.
pub(super) fn field_view(
    spec: &FieldSpec,
    failure: Option<&Failure>,
    loses: bool,
    has_focus: bool,
) -> AnyView {
    let Some(summary) = spec.folded else {
        return unfolded(spec, failure, loses, has_focus);
    };
    let is_empty = spec.value.trim().is_empty();
    let is_fine = failure.is_none_or(|failure| problems_in(failure, spec.field).is_empty());
    view! {
        <details class="field" open=!is_empty || !is_fine>
            <summary>{small_icon("chevron-right")} {summary}</summary>
            {unfolded(spec, failure, loses, has_focus)}
        </details>
    }
    .into_any()
}

fn unfolded(spec: &FieldSpec, failure: Option<&Failure>, loses: bool, has_focus: bool) -> AnyView {
    let name = spec.field.name();
    let problems = match failure {
        Some(failure) => problems_in(failure, spec.field),
        None => unsavable(spec),
    };
    let invalid = !problems.is_empty();
    let error = error(spec, &problems);
    let label = label(spec);
    let help = confirm_help(&spec.rule, &spec.help);
    let help = (!help.is_empty()).then(|| {
        view! {
            <p class="help" id=format!("{name}-help")>
                {marked_up(&help)}
            </p>
        }
    });
    match &spec.control {
        Control::Checkbox => view! {
            <div class="field">
                <label class="check">
                    <input
                        type="checkbox"
                        id=name
                        name=name
                        value="true"
                        checked=spec.value == "true"
                    />
                    <span>{label}</span>
                </label>
                {help}
            </div>
        }
        .into_any(),
        Control::Cards(choices) => {
            let cards = cards(name, &spec.value, choices);
            choices_view("cards", name, label, help, cards, error)
        }
        Control::Ticks(ticks) => {
            let boxes = boxes(name, &spec.value, ticks);
            choices_view("ticks", name, label, help, boxes, error)
        }
        Control::Tags { rows, before } => view! {
            <div class="field" id=name>
                <span class="label">{label}</span>
                {help}
                {tag_rows(rows, before.as_deref())}
                {error}
            </div>
        }
        .into_any(),
        control => {
            let class = match control {
                _ if spec.rule.waits() && loses => "field w-id confirm",
                _ if spec.rule.waits() => "field w-id confirm when-needed",
                Control::Text { short: true, .. } | Control::Password { .. } => "field w-id",
                Control::Days => "field w-days",
                _ => "field",
            };
            let days = matches!(control, Control::Days);
            view! {
                <div class=class id=spec.rule.waits().then_some("when-needed")>
                    <label for=name>{label}</label>
                    {help}
                    {input(spec, invalid, has_focus)}
                    {foot(spec)}
                    {error}
                </div>
                {days.then(|| consequence(spec))}
            }
            .into_any()
        }
    }
}

fn label(spec: &FieldSpec) -> AnyView {
    view! {
        {spec.field.label()}
        {spec.optional.then(|| view! { <span class="opt">" – optional"</span> })}
    }
    .into_any()
}

/// The help of a confirmation names what is to be typed.
fn confirm_help(rule: &Rule, help: &str) -> String {
    match rule {
        Rule::Confirm { name, .. } if help.is_empty() => isolated(name),
        Rule::Confirm { name, .. } => format!("{help} {}", isolated(name)),
        _ => help.to_owned(),
    }
}

fn problems_in(failure: &Failure, field: Field) -> Vec<Problem> {
    let all = failure.field_problems().iter();
    let of_field = all.filter(|problem| problem.field == field);
    of_field.map(|found| found.problem.clone()).collect()
}

/// Why a value that AWS gave cannot be saved as it is.
fn unsavable(spec: &FieldSpec) -> Vec<Problem> {
    if spec.value.is_empty() {
        return Vec::new();
    }
    let checked = spec.rule.check(&spec.value, spec.optional);
    checked.err().into_iter().collect()
}

/// The place of the problem. It is there and empty while there is no problem, so that the browser
/// can fill it. A field of several lines can have several problems.
fn error(spec: &FieldSpec, problems: &[Problem]) -> AnyView {
    let taken = spec
        .existing
        .as_ref()
        .filter(|_| problems.contains(&Problem::Taken))
        .map(|base| {
            let to = format!("{base}/{}", crate::paths::encoded(&spec.value));
            view! {
                " "
                <a href=to>"Open the existing one"</a>
            }
        });
    let hidden = problems.is_empty();
    let sentences: Vec<_> = problems.iter().map(ToString::to_string).collect();
    view! {
        <p class="field-error" id=format!("{}-error", spec.field.name()) hidden=hidden>
            {small_icon("octagon")}
            <span>{sentences.join(" ")} {taken}</span>
        </p>
    }
    .into_any()
}

/// Choices that are shown at once, under one legend.
fn choices_view(
    class: &'static str,
    name: &'static str,
    label: impl IntoView + 'static,
    help: impl IntoView + 'static,
    choices: AnyView,
    error: impl IntoView + 'static,
) -> AnyView {
    view! {
        <fieldset class=class id=name aria-describedby=format!("{name}-help {name}-error")>
            <legend>{label}</legend>
            {help}
            {choices}
            {error}
        </fieldset>
    }
    .into_any()
}

fn cards(name: &'static str, chosen: &str, choices: &[(String, String)]) -> AnyView {
    choices
        .iter()
        .map(|(value, meaning)| {
            view! {
                <label class="card">
                    <input type="radio" name=name value=value.clone() checked=chosen == value />
                    <span>
                        <b>{value.clone()}</b>
                        <small>{meaning.clone()}</small>
                    </span>
                </label>
            }
        })
        .collect_view()
        .into_any()
}

fn input(spec: &FieldSpec, invalid: bool, has_focus: bool) -> AnyView {
    let name = spec.field.name();
    let described_by = format!("{name}-help {name}-rule {name}-error");
    let invalid = invalid.then_some("true");
    let value = spec.value.clone();
    let (kind, autocomplete, mode) = match &spec.control {
        Control::TextArea => {
            return view! { <TextArea name=name value=value described_by=described_by invalid=invalid /> }
            .into_any();
        }
        Control::Select(choices) => {
            let options = choices
                .iter()
                .map(|(choice, text)| {
                    view! {
                        <option value=choice.clone() selected=*choice == value>
                            {text.clone()}
                        </option>
                    }
                })
                .collect_view();
            return view! {
                <select
                    class="select w-id"
                    id=name
                    name=name
                    aria-describedby=described_by
                    aria-invalid=invalid
                >
                    {options}
                </select>
            }
            .into_any();
        }
        Control::Password { autocomplete } => ("password", autocomplete.clone(), None),
        Control::Text { autocomplete, .. } => ("text", autocomplete.clone(), None),
        _ => ("text", "off".to_owned(), Some("numeric")),
    };
    let input = view! {
        <input
            class="input"
            type=kind
            inputmode=mode
            id=name
            name=name
            value=value
            dir="auto"
            autocomplete=autocomplete
            spellcheck="false"
            aria-describedby=described_by
            aria-invalid=invalid
            autofocus=has_focus
        />
    };
    if kind != "password" {
        return input.into_any();
    }
    // The stylesheet shows the button where there is code to press it with.
    let what = format!(" {}", spec.field.label().to_lowercase());
    view! {
        <div class="with-show">
            {input} <button class="btn btn-show" type="button" data-shows=name aria-pressed="false">
                "Show"
                <span class="sr-only">{what}</span>
            </button>
        </div>
    }
    .into_any()
}

/// The rule in words and the counter.
fn foot(spec: &FieldSpec) -> Option<AnyView> {
    if spec.rule.words().is_empty() {
        return None;
    }
    let counter = spec.rule.count(&spec.value).map(|(used, limit)| {
        let class = if used > limit {
            "counter counter-over"
        } else {
            "counter"
        };
        view! { <span class=class>{format!("{used} / {limit}")}</span> }
    });
    Some(
        view! {
            <div class="field-foot" id=format!("{}-rule", spec.field.name())>
                <span class="rule">{spec.rule.words_for(&spec.value)}</span>
                {counter}
            </div>
        }
        .into_any(),
    )
}

/// What the days do, before the button.
fn consequence(spec: &FieldSpec) -> AnyView {
    let name = spec.field.name();
    let effect = spec.rule.effect(&spec.value);
    let class = if effect.is_some_and(DaysEffect::loses) {
        "consequence"
    } else {
        "consequence consequence-info"
    };
    let (headline, sentence) = effect.map(DaysEffect::words).unwrap_or_default();
    let date = effect.and_then(DaysEffect::date).map(Timestamp::human);
    view! {
        <section class=class id=format!("{name}-effect") aria-live="polite" hidden=effect.is_none()>
            <div class="consequence-head">
                {icon("triangle")} {icon("clock")} <div>
                    <h2>{headline}</h2>
                    <p class="effect-date">{date}</p>
                    <p class="effect-words">{sentence}</p>
                </div>
            </div>
            {time_bar(&spec.rule, &spec.value)}
        </section>
    }
    .into_any()
}
