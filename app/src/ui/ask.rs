//! Acts that ask before they are done, wherever they are offered: a button opens what it would do, and
//! there is the button that does it. It needs no script (`popover`).

use leptos::prelude::*;

use crate::ui::allowed::button_unless;
use crate::ui::bidi::marked_up;
use crate::ui::parts::{icon, small_icon};

/// An act, and what is asked before it.
pub struct Ask {
    /// Tells it from the others of a page; no spaces.
    pub id: String,
    /// The icon and the text of the button that asks.
    pub what: (&'static str, &'static str),
    /// What is asked: `Disable ada?` A name in it is [`isolated`](crate::ui::bidi::isolated).
    pub question: String,
    /// What it does, and how it is undone. A name in it is isolated too.
    pub effect: String,
    /// What it takes besides, in this case: the last of something, or one's own.
    pub warning: Option<&'static str>,
    /// The text of the button that does it.
    pub confirm: &'static str,
    /// The server function.
    pub action: &'static str,
    /// Its arguments.
    pub hidden: Vec<(&'static str, String)>,
}

/// The button that asks; off where there is a reason against it.
pub fn button(ask: Ask, reason: Option<String>, class: &'static str) -> AnyView {
    if reason.is_some() {
        return button_unless(reason, class, ask.what, ask.action, Vec::new());
    }
    let (id, title) = (format!("ask-{}", ask.id), format!("h-ask-{}", ask.id));
    let warning = ask.warning.map(|warning| {
        view! { <p class="c-danger">{small_icon("triangle")} {warning}</p> }
    });
    let confirmed = button_unless(
        None,
        "btn btn-danger",
        ("", ask.confirm),
        ask.action,
        ask.hidden,
    );
    view! {
        <button class=class type="button" popovertarget=id.clone()>
            {icon(ask.what.0)}
            {ask.what.1}
        </button>
        <div
            class="ask"
            id=id.clone()
            popover="auto"
            role="dialog"
            aria-labelledby=title.clone()
            tabindex="-1"
            autofocus=true
        >
            <h2 id=title.clone()>{marked_up(&ask.question)}</h2>
            <p>{marked_up(&ask.effect)}</p>
            {warning}
            <div class="form-actions">
                {confirmed}
                <button
                    class="btn btn-link"
                    type="button"
                    popovertarget=id.clone()
                    popovertargetaction="hide"
                >
                    "Cancel"
                </button>
            </div>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(warning: Option<&'static str>) -> Ask {
        Ask {
            id: "disable-1".to_owned(),
            what: ("slash-circle", "Disable"),
            question: "Disable <ada>?".to_owned(),
            effect: "Their sessions end.".to_owned(),
            warning,
            confirm: "Disable operator",
            action: "operators/disable",
            hidden: vec![("id", "1".to_owned())],
        }
    }

    #[test]
    fn nothing_is_sent_before_the_question_was_seen() {
        let html = button(ask(Some("This is you.")), None, "btn").to_html();

        let (opener, asked) = html.split_once("popover=\"auto\"").unwrap();
        assert!(opener.contains("popovertarget=\"ask-disable-1\""), "{html}");
        assert!(
            !opener.contains("<form"),
            "the first button posts nothing: {html}"
        );
        for told in [
            "Disable &lt;ada&gt;?",
            "Their sessions end.",
            "This is you.",
            "action=\"/api/operators/disable\"",
            "Disable operator",
            "popovertargetaction=\"hide\"",
        ] {
            assert!(asked.contains(told), "{told} in {asked}");
        }
    }

    #[test]
    fn an_act_that_is_off_says_why_and_asks_nothing() {
        let html = button(ask(None), Some("The last Admin".to_owned()), "btn").to_html();
        assert!(html.contains("(The last Admin)"), "{html}");
        assert!(
            !html.contains("popover") && !html.contains("<form"),
            "{html}"
        );
    }
}
