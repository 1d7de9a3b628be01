//! The only text area: its content is escaped by us, because the renderer writes it raw.

use leptos::prelude::*;

/// Escapes text for the content of a `<textarea>`: `</textarea><script>` must stay text.
///
/// The HTML parser drops one newline after the start tag, so one is put there.
pub fn escaped(text: &str) -> String {
    format!(
        "\n{}",
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    )
}

/// A text area of six lines.
#[component]
pub fn TextArea(
    /// The id and name of the control.
    name: &'static str,
    /// What it holds at first.
    value: String,
    /// The ids of help, rule and error.
    described_by: String,
    /// `true` if the value was refused.
    invalid: Option<&'static str>,
) -> impl IntoView {
    view! {
        <textarea
            class="textarea"
            id=name
            name=name
            rows="6"
            dir="auto"
            spellcheck="false"
            aria-describedby=described_by
            aria-invalid=invalid
            inner_html=escaped(&value)
        ></textarea>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_area_cannot_be_left() {
        assert_eq!(
            escaped("</textarea><script>a && b"),
            "\n&lt;/textarea&gt;&lt;script&gt;a &amp;&amp; b"
        );
    }
}
