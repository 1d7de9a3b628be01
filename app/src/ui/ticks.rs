//! Choosing several of many: what is ticked stands first and stays, whatever is searched for below.
//!
//! A search sends the form there and back (`server::forms`), so that it works without JavaScript and
//! loses nothing that was ticked or typed.

use leptos::prelude::*;

use super::bidi::{chosen, marked_up};
use super::parts::small_icon;
use crate::form::{FIND, Tick, Ticks};

/// The boxes of a field, by its name.
pub(super) fn boxes(name: &str, value: &str, ticks: &Ticks) -> AnyView {
    let is_ticked = |tick: &&Tick| value.lines().any(|line| line == tick.value);
    let (ticked, others): (Vec<_>, Vec<_>) = ticks.choices.iter().partition(is_ticked);
    let count = ticked.len();
    let list = |ticks: Vec<&Tick>, from: usize, checked: bool| {
        let row =
            |(at, tick): (usize, &Tick)| one(&format!("{name}[{}]", from + at), tick, checked);
        view! { <ul class="checks">{ticks.into_iter().enumerate().map(row).collect_view()}</ul> }
    };
    let first = (count > 0).then(|| list(ticked, 0, true));
    let rest = (!others.is_empty()).then(|| list(others, count, false));
    let facts = ticks.facts.iter().map(|fact| {
        view! { <p class="muted">{marked_up(fact)}</p> }
    });
    let further = ticks.further.iter().map(|(region, cursor)| {
        let text = format!("Look further in {region}");
        view! {
            <button class="btn btn-small" name="again" value=cursor.clone()>
                {text}
            </button>
        }
    });
    view! {
        {first}
        <div class="toolbar">
            <div class="search">
                {small_icon("search")}
                <input
                    class="input"
                    type="search"
                    name=FIND
                    value=ticks.search.clone()
                    dir="auto"
                    autocomplete="off"
                    spellcheck="false"
                    aria-label="Search AppInstances by name or ID"
                    placeholder="Search AppInstances by name or ID"
                />
            </div>
            <button class="btn" name="again" value="find">
                "Search"
            </button>
        </div>
        {rest}
        {facts.collect_view()}
        {further.collect_view()}
    }
    .into_any()
}

fn one(name: &str, tick: &Tick, checked: bool) -> AnyView {
    view! {
        <li>
            <label class="check">
                <input
                    type="checkbox"
                    name=name.to_owned()
                    value=tick.value.clone()
                    checked=checked
                />
                <span>
                    <b>{chosen(&tick.name)}</b>
                    " "
                    <small class="muted">{chosen(&tick.note)}</small>
                </span>
            </label>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tick(value: &str) -> Tick {
        Tick {
            value: value.to_owned(),
            name: value.to_uppercase(),
            note: String::new(),
        }
    }

    #[test]
    fn what_is_ticked_stands_first_and_every_box_has_a_number_of_its_own() {
        let ticks = Ticks {
            choices: vec![tick("a"), tick("b"), tick("c")],
            ..Ticks::default()
        };
        let html = boxes("limit", "c\na", &ticks).to_html();
        let place = |text: &str| {
            html.find(text)
                .unwrap_or_else(|| panic!("{text} in {html}"))
        };
        assert!(place("value=\"a\"") < place("value=\"c\""));
        assert!(place("value=\"c\"") < place("type=\"search\""));
        assert!(place("type=\"search\"") < place("value=\"b\""));
        for number in ["limit[0]", "limit[1]", "limit[2]"] {
            assert_eq!(html.matches(number).count(), 1, "{number}");
        }
        assert_eq!(html.matches(" checked").count(), 2, "{html}");
    }
}
