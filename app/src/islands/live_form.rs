//! What the browser adds to a form: problems, counters and consequences while somebody types.
//!
//! The form itself is the server's ([`crate::ui::form`]) and is sent as the browser sends any form,
//! so that there is one way in and one way back, with this code or without. Here the rules of
//! `domain` run early, a second press of the button is swallowed, and rows of tags come and go
//! without a round trip.

use domain::Problem;
use domain::failure::fields_need_a_change;
use domain::tag::Tags;
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use web_sys::Element;

use super::dom;
use super::live_tags::{self, LiveTags};
use super::local_time;
use crate::rule::{DaysEffect, Rule};

/// What is checked of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveField {
    /// The id of the control.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// The rule it keeps.
    pub rule: Rule,
    /// Whether it may stay empty.
    pub optional: bool,
}

/// Set on a control whose problems are shown while typing: after it was left or refused once.
const CHECKED: &str = "data-checked";

/// A form made live. What it holds is a `<form>` of [`crate::ui::form`].
#[island]
pub fn LiveForm(
    /// The fields that have a rule.
    fields: Vec<LiveField>,
    /// The rows of tags, if the form has some.
    tags: Option<LiveTags>,
    /// The `<form>` as the server wrote it.
    children: Children,
) -> impl IntoView {
    let live = Arc::new(Live { fields, tags });
    // Runs in the browser only.
    Effect::new({
        let live = live.clone();
        move || {
            live.start();
            let _ = window_event_listener(ev::pageshow, |_| stop_waiting());
        }
    });
    let (typed, left, pressed) = (live.clone(), live.clone(), live.clone());
    view! {
        <div
            on:input=move |event| typed.typed(&event)
            on:focusout=move |event| left.left(&event)
            on:click=move |event| pressed.pressed(&event)
            on:submit=move |event| live.submitted(&event)
        >
            {children()}
        </div>
    }
}

struct Live {
    fields: Vec<LiveField>,
    tags: Option<LiveTags>,
}

impl Live {
    /// Says what only the browser knows: local times, and where to look first.
    fn start(&self) {
        for field in &self.fields {
            field.tell_effect();
        }
        let root = document().document_element();
        dom::focus(root.and_then(|root| dom::find(&root, ".error-summary:not([hidden])")));
    }

    /// The field of a control, or of the choices that it is one of.
    fn field_of(&self, target: &Element) -> Option<&LiveField> {
        let id = target.closest("[id]").ok()??.id();
        self.fields.iter().find(|field| field.name == id)
    }

    fn typed(&self, event: &web_sys::Event) {
        let Some(target) = element(event.target()) else {
            return;
        };
        if let Some((field, control)) = self.field_of(&target).and_then(LiveField::with_control) {
            if dom::is(&control, "aria-invalid") {
                // Whatever the server said was said of another value.
                dom::flag(&control, CHECKED, true);
            }
            field.tell_count();
            field.tell_effect();
            if dom::is(&control, CHECKED) {
                field.tell(field.problem().as_ref());
            }
        } else if let (Some(tags), Ok(Some(_))) = (&self.tags, target.closest(".tag-row")) {
            tags_changed(tags, &target);
        }
    }

    /// Nothing is said about a field that was only passed through, or left for a button: what is
    /// said moves the button away from under the pointer, and the press is lost.
    fn left(&self, event: &web_sys::FocusEvent) {
        let next = element(event.related_target());
        if next.is_some_and(|next| next.matches("button, a").unwrap_or(false)) {
            return;
        }
        let target = element(event.target());
        let Some(target) = target.filter(|target| !dom::value(target).is_empty()) else {
            return;
        };
        if let Some(field) = self.field_of(&target)
            && !dom::is(&target, "aria-invalid")
        {
            dom::flag(&target, CHECKED, true);
            field.tell(field.problem().as_ref());
        }
    }

    fn pressed(&self, event: &web_sys::MouseEvent) {
        let target = element(event.target());
        let button = target.and_then(|target| target.closest("button").ok().flatten());
        if let Some(button) = &button {
            show_secret(button, !dom::is(button, "aria-pressed"));
        }
        if let (Some(tags), Some(button)) = (&self.tags, button)
            && live_tags::press(&button)
        {
            event.prevent_default();
            if let Ok(Some(form)) = dom::by_id("tags").map_or(Ok(None), |tags| tags.closest("form"))
            {
                dom::flag(&form, "data-changed", true);
            }
            if let Some(rows) = dom::by_id("tags") {
                tags_changed(tags, &rows);
            }
        }
    }

    fn submitted(&self, event: &web_sys::SubmitEvent) {
        let Some(form) = element(event.target()) else {
            return;
        };
        if dom::is(&form, "aria-busy") {
            event.prevent_default();
            return;
        }
        let pressed = event.submitter();
        let name = pressed.and_then(|button| button.get_attribute("name"));
        if matches!(name.as_deref(), Some("as_code" | "again")) {
            // Nothing is sent on: the form comes back as it stands.
            dom::flag(&form, "aria-busy", true);
            return;
        }
        let problems = self.problems(&form);
        if problems.is_empty() {
            wait(&form);
        } else {
            event.prevent_default();
            refuse(&form, &problems);
        }
    }

    /// Every problem of the form as it stands, told beside its field: id, label, sentence.
    fn problems(&self, form: &Element) -> Vec<(&str, &str, String)> {
        let loses = self
            .fields
            .iter()
            .filter_map(LiveField::effect)
            .any(DaysEffect::loses);
        let mut problems = Vec::new();
        for field in &self.fields {
            let problem = field.problem().filter(|_| loses || !field.rule.waits());
            field.tell(problem.as_ref());
            if let Some(control) = dom::by_id(&field.name) {
                dom::flag(&control, CHECKED, true);
            }
            if let Some(problem) = problem {
                problems.push((
                    field.name.as_str(),
                    field.label.as_str(),
                    problem.to_string(),
                ));
            }
        }
        if let (Some(_), Some(box_of_tags)) = (&self.tags, dom::by_id("tags")) {
            let problem = Tags::parse(&live_tags::rows(form)).err();
            dom::flag(&box_of_tags, CHECKED, true);
            tell("tags", problem.as_ref());
            if let Some(problem) = problem {
                problems.push(("tags", "Tags", problem.to_string()));
            }
        }
        problems
    }
}

impl LiveField {
    fn with_control(&self) -> Option<(&Self, Element)> {
        Some((self, dom::by_id(&self.name)?))
    }

    fn value(&self) -> String {
        let Some(control) = dom::by_id(&self.name) else {
            return String::new();
        };
        dom::value(&dom::find(&control, ":checked").unwrap_or(control))
    }

    fn problem(&self) -> Option<Problem> {
        self.rule.check(&self.value(), self.optional).err()
    }

    fn effect(&self) -> Option<DaysEffect> {
        self.rule.effect(&self.value())
    }

    fn tell(&self, problem: Option<&Problem>) {
        if let Some(control) = dom::by_id(&self.name) {
            dom::flag(&control, "aria-invalid", problem.is_some());
        }
        tell(&self.name, problem);
    }

    fn tell_count(&self) {
        let value = self.value();
        if let Some(rule) = dom::by_id(&format!("{}-rule", self.name)) {
            dom::write(&rule, ".rule", &self.rule.words_for(&value));
            if let (Some((used, limit)), Some(counter)) =
                (self.rule.count(&value), dom::find(&rule, ".counter"))
            {
                counter.set_text_content(Some(&format!("{used} / {limit}")));
                let _ = counter
                    .class_list()
                    .toggle_with_force("counter-over", used > limit);
            }
        }
    }

    fn tell_effect(&self) {
        let Some(panel) = dom::by_id(&format!("{}-effect", self.name)) else {
            return;
        };
        let effect = self.effect();
        dom::show(&panel, effect.is_some());
        let loses = effect.is_some_and(DaysEffect::loses);
        let _ = panel
            .class_list()
            .toggle_with_force("consequence-info", !loses);
        if let Some(effect) = effect {
            let (headline, sentence) = effect.words();
            dom::write(&panel, "h2", &headline);
            dom::write(&panel, ".effect-words", &sentence);
            let date = effect
                .date()
                .map(|at| format!("{}{}", at.human(), local_time::beside(at)));
            dom::write(&panel, ".effect-date", &date.unwrap_or_default());
        }
        if let Some(bar) = self.rule.bar(&self.value()) {
            for (part, (from, to)) in [(".tb-keep", bar.keep), (".tb-lose", bar.lose)] {
                if let Some(part) = dom::find(&panel, part) {
                    let _ = part.set_attribute("x", &from.to_string());
                    let _ = part.set_attribute("width", &(to - from).to_string());
                }
            }
        }
        if let Some(confirm) = dom::by_id("when-needed") {
            let _ = confirm
                .class_list()
                .toggle_with_force("when-needed", !loses);
        }
    }
}

fn element(target: Option<web_sys::EventTarget>) -> Option<Element> {
    target?.dyn_into().ok()
}

/// Says what saving the rows would change, and their problem once they were refused.
fn tags_changed(tags: &LiveTags, within: &Element) {
    if let Ok(Some(form)) = within.closest("form") {
        tags.tell_difference(&form);
        let checked = dom::by_id("tags").is_some_and(|tags| dom::is(&tags, CHECKED));
        if checked {
            tell("tags", Tags::parse(&live_tags::rows(&form)).err().as_ref());
        }
    }
}

/// Shows the problem of a field, or takes it away.
fn tell(name: &str, problem: Option<&Problem>) {
    let Some(place) = dom::by_id(&format!("{name}-error")) else {
        return;
    };
    dom::show(&place, problem.is_some());
    if let Some(problem) = problem {
        dom::write(&place, "span", &problem.to_string());
    }
}

/// Lists the problems above the fields and moves the focus there.
fn refuse(form: &Element, problems: &[(&str, &str, String)]) {
    if let Some(said) = dom::find(form, ".error-summary:not(.error-here)") {
        dom::show(&said, false);
    }
    let Some(summary) = dom::find(form, ".error-here") else {
        return;
    };
    if let Some(list) = dom::find(&summary, "ul") {
        list.set_text_content(None);
        for (name, label, sentence) in problems {
            if let Some(item) = dom::stamp("error-item") {
                dom::write(&item, "a", &format!("{label}: {sentence}"));
                if let Some(link) = dom::find(&item, "a") {
                    let _ = link.set_attribute("href", &format!("#{name}"));
                }
                let _ = list.append_child(&item);
            }
        }
    }
    dom::write(&summary, "h2", &fields_need_a_change(problems.len()));
    dom::show(&summary, true);
    dom::focus(Some(summary));
}

/// Shows or hides what was typed into the field of a button that is there for that.
fn show_secret(button: &Element, shown: bool) {
    let field = button.get_attribute("data-shows");
    if let Some(field) = field.and_then(|name| dom::by_id(&name)) {
        let (kind, pressed) = if shown {
            ("text", "true")
        } else {
            ("password", "false")
        };
        let _ = field.set_attribute("type", kind);
        let _ = button.set_attribute("aria-pressed", pressed);
    }
}

/// Shows that the form is on its way. Browsers remember what they are sent of a field that shows it.
fn wait(form: &Element) {
    for button in dom::all(form, "[data-shows]") {
        show_secret(&button, false);
    }
    dom::flag(form, "aria-busy", true);
    if let Some(button) = dom::find(form, "[data-working]") {
        dom::flag(&button, "aria-busy", true);
        let working = button.get_attribute("data-working").unwrap_or_default();
        dom::write(&button, "span:last-child", &working);
    }
}

/// A page that comes back from the browser's history waits for nothing.
fn stop_waiting() {
    let Some(root) = document().document_element() else {
        return;
    };
    for form in dom::all(&root, "form[aria-busy]") {
        dom::flag(&form, "aria-busy", false);
        if let Some(button) = dom::find(&form, "[data-working]") {
            dom::flag(&button, "aria-busy", false);
            let text = button.get_attribute("data-text").unwrap_or_default();
            dom::write(&button, "span:last-child", &text);
        }
    }
}
