//! What a person reads of a text: one text for all that look the same, however they are stored.
//!
//! For comparing what somebody types or searches for with what is stored. Only the server uses it:
//! the tables of Unicode would weigh more than a page.

use unicode_normalization::UnicodeNormalization;

/// Marks that say in which direction a text runs: embeddings, overrides and isolates, and the marks
/// that end them. A mark that is not ended turns round all the text behind it.
pub const fn turns(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Stands in place of a character that cannot be shown.
pub const REPLACEMENT: char = '\u{fffd}';

/// A text as a person reads and types it: without capitals, without what cannot be seen, with one
/// kind of space, dash and quotation mark, and each letter written one way (NFKC).
pub fn as_read(text: &str) -> String {
    let folded: String = text
        .chars()
        .filter(|letter| is_seen(*letter))
        .nfkc()
        .filter(|letter| is_seen(*letter))
        .map(same)
        // Both ways: `ß` and `ẞ` are `SS` in capitals, `ς` and `σ` are both `Σ`.
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .nfkc()
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a letter takes a place of its own. Control characters, their replacements and the
/// characters that Unicode calls ignorable by default do not.
pub(crate) fn is_seen(letter: char) -> bool {
    let is_ignorable = matches!(
        letter,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    );
    let is_control = letter.is_control() && !letter.is_whitespace();
    !is_ignorable && !is_control && letter != REPLACEMENT
}

/// A character that many keyboards lack, as the one that they have.
const fn same(letter: char) -> char {
    match letter {
        '‐'..='―' | '−' | '﹘' | '﹣' => '-',
        '‘' | '’' | '‛' | 'ʼ' | '′' => '\'',
        '“' | '”' | '‟' | '″' => '"',
        // Braille without a dot: a blank that is no space to Unicode.
        '\u{2800}' => ' ',
        letter => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_the_same_is_read_the_same() {
        for (stored, typed) in [
            ("Café", "Cafe\u{301}"),
            ("ﬁle №1", "file no1"),
            ("Ｃｈａｔ　Ａ", "chat a"),
            ("zero\u{200b}width", "zerowidth"),
            ("soft\u{ad}hyphen", "SOFTHYPHEN"),
            ("\u{feff}Marked", "marked"),
            ("abc\u{202e}fed\u{202c}", "abcfed"),
            ("\u{2067}شات\u{2069} A", "شات a"),
            ("a\u{200f}b", "ab"),
            ("heart ❤\u{fe0f}", "heart ❤"),
            ("one\u{a0}\t\r\n two", "one two"),
            ("Straße", "STRASSE"),
            ("ΟΔΟΣ", "οδος"),
            ("e\u{200d}\u{301}", "é"),
            ("bell\u{7}", "bell"),
            ("blank\u{2800}b", "blank b"),
            ("O’Neil – “A”", "o'neil - \"a\""),
        ] {
            assert_eq!(as_read(stored), as_read(typed), "{stored:?}");
        }
    }

    #[test]
    fn what_looks_different_is_read_different() {
        for (one, other) in [("chat", "chats"), ("a b", "ab"), ("é", "e"), ("1", "l")] {
            assert_ne!(as_read(one), as_read(other), "{one}");
        }
    }

    #[test]
    fn nothing_is_read_of_what_cannot_be_seen() {
        for text in [
            "",
            " ",
            "\u{200b}",
            "\u{3164}",
            "\u{2800}\u{ffa0}",
            "\u{fffd}",
        ] {
            assert_eq!(as_read(text), "", "{text:?}");
        }
    }
}
