//! Texts that somebody chose – names, ids, tags – beside ours: one that reads from right to left, or
//! holds marks of direction, turns nothing round beside it.
//!
//! In markup each stands in a `<bdi>`. In plain text, which titles, messages and labels are made of,
//! it stands between U+2068 and U+2069, which say the same. What is typed in a form, copied or sent
//! stays as it is.

use domain::reading::{REPLACEMENT, turns};
use leptos::prelude::*;

/// Before a text that somebody chose.
const BEGIN: char = '\u{2068}';
/// Behind it.
const END: char = '\u{2069}';

/// A text that somebody chose, for markup. Marks that would turn text round are seen instead.
pub fn chosen(text: &str) -> AnyView {
    if !text.contains(turns) {
        return view! { <bdi>{text.to_owned()}</bdi> }.into_any();
    }
    let pieces = text.split_inclusive(turns).map(|piece| {
        let mark = piece.chars().next_back().filter(|letter| turns(*letter));
        let before = written(piece.trim_end_matches(turns));
        let mark = mark.map(|mark| {
            let name = format!("U+{:04X}, a mark of direction", u32::from(mark));
            view! { <abbr title=name>{REPLACEMENT}</abbr> }
        });
        view! {
            {before}
            {mark}
        }
    });
    view! { <bdi>{pieces.collect_view()}</bdi> }.into_any()
}

/// The same for plain text that is put together: a title, a message, a label.
pub fn isolated(text: &str) -> String {
    let seen = |letter: char| if turns(letter) { REPLACEMENT } else { letter };
    let text: String = text.chars().map(seen).collect();
    format!("{BEGIN}{text}{END}")
}

/// A text that was put together, as markup.
pub fn marked_up(text: &str) -> AnyView {
    let pieces = text.split(BEGIN).enumerate().map(|(at, piece)| {
        let (name, ours) = match piece.split_once(END) {
            Some((name, ours)) if at > 0 => (Some(name), ours),
            _ => (None, piece),
        };
        view! {
            {name.map(chosen)}
            {written(ours)}
        }
    });
    pieces.collect_view().into_any()
}

/// Text for the renderer, which would write a space for none.
fn written(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// A text that was put together, where there is no markup: the window's title, a label. What cannot
/// turn anything round stands there without marks.
pub fn plain(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for (at, piece) in text.split(BEGIN).enumerate() {
        match piece.split_once(END) {
            Some((name, ours)) if at > 0 && name.chars().any(is_from_the_right) => {
                written.extend([BEGIN]);
                written.push_str(name);
                written.extend([END]);
                written.push_str(ours);
            }
            Some((name, ours)) if at > 0 => written.extend([name, ours]),
            _ => written.push_str(piece),
        }
    }
    written
}

/// A name alone where there is no markup: what is shown when somebody points at it.
pub fn alone(name: &str) -> String {
    plain(&isolated(name))
}

/// A label with one name in it: `Actions for Ada`.
pub fn label(words: &str, name: &str) -> String {
    plain(&format!("{words} {}", isolated(name)))
}

/// Whether a letter is of a script that is written from the right, or a mark that says so. The blocks
/// are those whose letters Unicode gives that direction, also where none is assigned yet.
const fn is_from_the_right(letter: char) -> bool {
    matches!(
        letter,
        '\u{590}'..='\u{8ff}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{fb1d}'..='\u{fdff}'
            | '\u{fe70}'..='\u{feff}'
            | '\u{10800}'..='\u{10fff}'
            | '\u{1e800}'..='\u{1efff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_in_its_own_direction() {
        assert_eq!(chosen("شات").to_html(), "<bdi>شات</bdi>");
        let markup = marked_up(&format!("Delete {}, 2", isolated("شات"))).to_html();
        assert!(markup.contains("<bdi>شات</bdi>"), "{markup}");
        assert!(
            markup.contains("Delete ") && markup.contains(", 2"),
            "{markup}"
        );
    }

    #[test]
    fn marks_that_turn_text_round_are_seen_and_do_nothing() {
        for mark in ["\u{202e}", "\u{202a}", "\u{2066}", "\u{2069}"] {
            let name = format!("a{mark}b");
            for text in [
                chosen(&name).to_html(),
                marked_up(&isolated(&name)).to_html(),
                plain(&isolated(&name)),
            ] {
                assert!(!text.contains(mark), "{mark:?} {text:?}");
                assert!(text.contains(REPLACEMENT), "{mark:?} {text:?}");
            }
        }
        assert!(chosen("a\u{202e}").to_html().contains("U+202E"));
    }

    #[test]
    fn markup_in_a_name_is_text() {
        assert!(chosen("<b>").to_html().contains("&lt;b&gt;"));
    }

    #[test]
    fn plain_text_has_marks_only_where_they_are_needed() {
        assert_eq!(label("Actions for", "Ada"), "Actions for Ada");
        assert_eq!(label("Actions for", "Łódź 東"), "Actions for Łódź 東");
        for name in ["עדה", "Ada \u{200f}1", "x شات"] {
            assert_eq!(label("Of", name), format!("Of {BEGIN}{name}{END}"));
        }
    }
}
