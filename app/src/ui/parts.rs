//! Small pieces: icons, missing values, ids, times, flash messages.

use domain::Timestamp;
use leptos::prelude::*;

use crate::islands::Copy;
use crate::request::{Flash, Next};
use crate::ui::bidi::{chosen, marked_up};

/// An icon of the sheet in `public/icons.svg`, without a meaning of its own.
pub fn icon(name: &str) -> AnyView {
    icon_in("icon", name)
}

/// The same, smaller.
pub fn small_icon(name: &str) -> AnyView {
    icon_in("icon icon-s", name)
}

fn icon_in(class: &'static str, name: &str) -> AnyView {
    view! {
        <svg class=class aria-hidden="true">
            <use href=format!("/icons.svg#i-{name}")></use>
        </svg>
    }
    .into_any()
}

/// Stands for a value that is not there.
pub fn missing() -> AnyView {
    view! {
        <span class="missing">
            <span aria-hidden="true">"–"</span>
            <span class="sr-only">"none"</span>
        </span>
    }
    .into_any()
}

/// A text that somebody chose, or the sign that there is none.
pub fn text_or_missing(text: &str) -> AnyView {
    if text.is_empty() {
        missing()
    } else {
        chosen(text)
    }
}

/// The start and end of a long id; the whole in the title.
pub fn short_id(id: &str) -> String {
    let letters: Vec<char> = id.chars().collect();
    if letters.len() <= 14 {
        return id.to_owned();
    }
    let start: String = letters[..4].iter().collect();
    let end: String = letters[letters.len() - 4..].iter().collect();
    format!("{start}…{end}")
}

/// An ARN on a details page: breakable at its parts, with a button to copy it.
pub fn arn(text: &str) -> AnyView {
    let mut parts = text.split_inclusive('/').peekable();
    let mut pieces = Vec::new();
    while let Some(part) = parts.next() {
        pieces.push(part.to_owned().into_any());
        if parts.peek().is_some() {
            pieces.push(view! { <wbr /> }.into_any());
        }
    }
    view! {
        <span class="arn">{pieces}</span>
        " "
        <Copy text=text.to_owned() what="ARN".to_owned() />
    }
    .into_any()
}

/// An id with a button to copy it. `what` tells what it is of: "user ID".
pub fn copied(id: &str, what: &str) -> AnyView {
    view! {
        <span class="mono">{id.to_owned()}</span>
        " "
        <Copy text=id.to_owned() what=what.to_owned() />
    }
    .into_any()
}

/// A time as its distance from now, with the date as its title.
pub fn ago(at: Option<Timestamp>, now: Timestamp) -> AnyView {
    match at {
        None => missing(),
        Some(at) => view! {
            <time datetime=at.iso() title=at.exact()>
                {at.relative(now)}
            </time>
        }
        .into_any(),
    }
}

/// One entry of a key-value list.
pub fn entry(key: &'static str, value: AnyView) -> AnyView {
    entry_in(None, key, value)
}

/// One entry that takes the whole width.
pub fn wide_entry(key: &'static str, value: AnyView) -> AnyView {
    entry_in(Some("kv-wide"), key, value)
}

fn entry_in(class: Option<&'static str>, key: &'static str, value: AnyView) -> AnyView {
    view! {
        <div class=class>
            <dt>{key}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}

/// Metadata as a panel: JSON is written out, other text is shown as it is.
pub fn metadata_panel(metadata: &str, edit: AnyView) -> AnyView {
    let bytes = metadata.len();
    let json = serde_json::from_str::<serde_json::Value>(metadata)
        .ok()
        .filter(|value| value.is_object() || value.is_array());
    let kind = match (&json, bytes) {
        (_, 0) => "0 of 1,024 bytes".to_owned(),
        (Some(_), bytes) => format!("JSON, {bytes} of 1,024 bytes"),
        (None, bytes) => format!("Text, {bytes} of 1,024 bytes"),
    };
    let shown = json
        .and_then(|json| serde_json::to_string_pretty(&json).ok())
        .unwrap_or_else(|| metadata.to_owned());
    let body = if metadata.is_empty() {
        view! { <p class="muted">"No metadata."</p> }.into_any()
    } else {
        view! {
            <pre class="code" tabindex="0" dir="auto">
                <code>{chosen(&shown)}</code>
            </pre>
        }
        .into_any()
    };
    let beside = view! {
        <span class="panel-note">{kind}</span>
        {edit}
    };
    panel_beside("metadata", "Metadata", beside, body)
}

/// A panel with a heading, which names it; the id of that begins with `h-`.
pub fn panel(id: &str, heading: &'static str, body: impl IntoView + 'static) -> AnyView {
    let id = format!("h-{id}");
    let head = view! { <h2 id=id.clone()>{heading}</h2> };
    headed(id, head, body)
}

/// The same with something beside the heading: a fact, or what can be done.
pub fn panel_beside(
    id: &str,
    heading: &'static str,
    beside: impl IntoView + 'static,
    body: impl IntoView + 'static,
) -> AnyView {
    let body = view! { <div class="panel-body">{body}</div> };
    panel_around((id, heading), beside, body)
}

/// A panel with a heading and something beside it, around what fills it to its edges, as a table does.
pub fn panel_around(
    (id, heading): (&str, &'static str),
    beside: impl IntoView + 'static,
    inside: impl IntoView + 'static,
) -> AnyView {
    let id = format!("h-{id}");
    view! {
        <section class="panel" aria-labelledby=id>
            <div class="panel-head">
                <h2 id=id.clone()>{heading}</h2>
                {beside}
            </div>
            {inside}
        </section>
    }
    .into_any()
}

fn headed(id: String, head: impl IntoView + 'static, body: impl IntoView + 'static) -> AnyView {
    view! {
        <section class="panel" aria-labelledby=id>
            <div class="panel-head">{head}</div>
            <div class="panel-body">{body}</div>
        </section>
    }
    .into_any()
}

/// What is worth knowing on a page, in its text: a headline and a sentence.
pub fn note(
    class: &'static str,
    icon_name: &str,
    headline: impl Into<String>,
    sentence: impl IntoView + 'static,
) -> AnyView {
    note_with(class, icon_name, headline, view! { <p>{sentence}</p> })
}

/// The same with other paragraphs than one.
pub fn note_with(
    class: &'static str,
    icon_name: &str,
    headline: impl Into<String>,
    further: impl IntoView + 'static,
) -> AnyView {
    view! {
        <div class=class role="note">
            {icon(icon_name)}
            <div class="flash-text">
                <b>{headline.into()}</b>
                {further}
            </div>
        </div>
    }
    .into_any()
}

/// What an act takes besides, at the foot of its consequences.
pub fn warning(sentence: &str) -> AnyView {
    view! {
        <p class="consequence-foot">{small_icon("triangle")} <span>{sentence.to_owned()}</span></p>
    }
    .into_any()
}

/// The messages at the top of a page. The first has the focus, so that it is read before the page
/// and Tab goes on from it; a message that is there when a page is loaded is announced by nothing else.
pub fn flashes(flashes: Vec<Flash>) -> Option<AnyView> {
    let each = |(at, flash): (usize, Flash)| {
        let (class, name, role) = if flash.warning {
            ("flash flash-warn", "triangle", "alert")
        } else {
            ("flash flash-ok", "tick-circle", "status")
        };
        let detail =
            (!flash.detail.is_empty()).then(|| view! { <p>{marked_up(&flash.detail)}</p> });
        let next = flash.next.map(|Next { text, to }| {
            view! { <a href=to>{text}</a> }
        });
        view! {
            <div class=class role=role tabindex="-1" autofocus=at == 0>
                {icon(name)}
                <div class="flash-text">
                    <b>{marked_up(&flash.headline)}</b>
                    {detail}
                    {next}
                </div>
                // The script of the document takes the message away; without one the next page does.
                <button
                    class="btn btn-icon btn-ghost btn-tiny js-only"
                    type="button"
                    data-close="true"
                    aria-label="Close message"
                >
                    {small_icon("x")}
                </button>
            </div>
        }
    };
    (!flashes.is_empty()).then(|| {
        let each = flashes.into_iter().enumerate().map(each).collect_view();
        view! { <div class="flashes">{each}</div> }.into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_message_has_the_focus_each_can_be_closed_and_one_leads_on() {
        let flash = |headline: &str, next: Option<Next>| Flash {
            headline: headline.to_owned(),
            detail: String::new(),
            warning: false,
            next,
        };
        let next = Next {
            text: "Create another <b>".to_owned(),
            to: "/x/create".to_owned(),
        };

        let html = flashes(vec![flash("Made", Some(next)), flash("Saved", None)]);
        let html = html.unwrap().to_html();

        assert_eq!(html.matches("autofocus").count(), 1, "{html}");
        assert!(html.find("autofocus") < html.find("Made"), "{html}");
        assert_eq!(html.matches("aria-label=\"Close message\"").count(), 2);
        assert!(
            html.contains("<a href=\"/x/create\">Create another &lt;b&gt;</a>"),
            "{html}"
        );
    }

    #[test]
    fn a_long_id_keeps_its_ends() {
        assert_eq!(
            short_id("25f4c1d0-7a1e-4c53-9b0e-8e2f5a1c46ee"),
            "25f4…46ee"
        );
        assert_eq!(short_id("alice"), "alice");
    }
}
