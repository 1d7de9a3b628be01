//! The time that a number of days is about, drawn: what stays of it and what goes. What it means is said
//! in words above it; in the browser [`crate::islands::LiveForm`] draws it again while somebody types.

use leptos::prelude::*;

use crate::rule::{Rule, TimeBar};

/// The bar of a field, if its rule is about the days of something that is there.
pub(super) fn time_bar(rule: &Rule, value: &str) -> Option<AnyView> {
    let TimeBar { keep, lose } = rule.bar(value)?;
    let (start, key, lost) = match rule {
        Rule::Retention { .. } => ("Oldest message", "Kept", "Deleted now"),
        _ => ("Created", "Until it expires", "Past its expiration"),
    };
    // Where nothing is lost, the life of a user ends with its expiration.
    let end = match rule {
        Rule::Retention { .. } => "Today",
        _ => "Expires",
    };
    let part = |class, (from, to): (i64, i64)| {
        view! { <rect class=class x=from width=to - from height="12"></rect> }
    };
    Some(
        view! {
            <div class="time-bar">
                <svg viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="tb-track" width="1000" height="12"></rect>
                    {part("tb-keep", keep)}
                    {part("tb-lose", lose)}
                </svg>
                <p class="tb-ends">
                    <span>{start}</span>
                    <span class="tb-safe">{end}</span>
                    <span class="tb-over">"Today"</span>
                </p>
                <ul class="tb-key">
                    <li class="tb-key-keep">{key}</li>
                    <li class="tb-key-lose tb-over">{lost}</li>
                </ul>
            </div>
        }
        .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;

    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    #[test]
    fn a_bar_has_the_parts_of_its_days_and_says_what_they_are() {
        let present = "90".parse().ok();
        let rule = Rule::Retention { present, now: NOW };

        let html = time_bar(&rule, "30").unwrap().to_html();

        for (x, width, part) in [(667, 333, "keep"), (0, 667, "lose")] {
            let part =
                format!("<rect x=\"{x}\" width=\"{width}\" height=\"12\" class=\"tb-{part}\">");
            assert!(html.contains(&part), "{part} in {html}");
        }
        for text in ["Oldest message", "Today", "Kept", "Deleted now"] {
            assert!(html.contains(text), "{text} in {html}");
        }
    }

    #[test]
    fn a_field_without_days_has_none() {
        assert!(time_bar(&Rule::UserName, "30").is_none());
        let unborn = Rule::Expiration {
            created: None,
            now: NOW,
        };
        assert!(time_bar(&unborn, "30").is_none());
    }
}
