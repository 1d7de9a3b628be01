//! Characters as people and programs write them: which are spaces, which are dashes, which nobody
//! sees, and which digit is meant. The only place that decides it.
//!
//! Knows nothing of what a code or a name must be.

use icu_properties::props::{Dash, DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_normalization::UnicodeNormalization as _;

/// What a text of letters and digits alone says, in small letters and digits of ASCII: without
/// spaces, dashes and what nobody sees, in any width, with the digits of any script.
pub(super) fn code(text: &str) -> impl Iterator<Item = char> {
    text.nfkc()
        .filter(|letter| !letter.is_whitespace() && !is_dash(*letter) && !is_unseen(*letter))
        .map(|letter| digit(letter).unwrap_or(letter).to_ascii_lowercase())
}

/// A name with the plain space and the plain hyphen for those that look like them, and without what
/// nobody sees.
pub(super) fn name(text: &str) -> String {
    let seen = text.chars().filter(|letter| !is_unseen(*letter));
    let plain = seen.map(|letter| match letter {
        letter if letter.is_control() => letter,
        letter if letter.is_whitespace() => ' ',
        letter if CodePointSetData::new::<Dash>().contains(letter) => '-',
        letter => letter,
    });
    plain.collect()
}

/// Whether it is a stroke between groups. A keyboard for kana types the sign of long vowels
/// (U+30FC) with the key of the hyphen.
fn is_dash(letter: char) -> bool {
    CodePointSetData::new::<Dash>().contains(letter) || letter == '\u{30fc}'
}

/// Whether it shows nothing: marks of direction and of byte order, soft hyphens, joiners and spaces
/// without width.
fn is_unseen(letter: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(letter)
}

/// The digit of ASCII that a digit of another script means.
fn digit(letter: char) -> Option<char> {
    let is_digit = |code: u32| {
        let letter = char::from_u32(code)?;
        let category = CodePointMapData::<GeneralCategory>::new().get(letter);
        (category == GeneralCategory::DecimalNumber).then_some(())
    };
    let code = u32::from(letter);
    is_digit(code)?;
    // Unicode has the ten digits of a script side by side, zero first; some scripts follow another.
    let before = (1..).take_while(|back| code.checked_sub(*back).and_then(is_digit).is_some());
    let value = u32::try_from(before.count() % 10).ok()?;
    char::from_digit(value, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        code(text).collect()
    }

    #[test]
    fn every_space_and_dash_of_unicode_stands_between_groups() {
        let every = || (0..=0x10_ffff).filter_map(char::from_u32);
        let strokes = every().filter(|letter| {
            let category = CodePointMapData::<GeneralCategory>::new().get(*letter);
            matches!(
                category,
                GeneralCategory::SpaceSeparator | GeneralCategory::DashPunctuation
            )
        });
        let strokes: Vec<_> = strokes.collect();
        assert!(strokes.len() > 40, "{}", strokes.len());

        for stroke in strokes.into_iter().chain("−﹣－ーｰ\t\n\u{85}".chars()) {
            assert_eq!(read(&format!("123{stroke}456")), "123456", "{stroke:?}");
        }
    }

    #[test]
    fn what_nobody_sees_is_not_part_of_a_code() {
        for unseen in [
            "\u{200b}", "\u{200d}", "\u{ad}", "\u{feff}", "\u{2060}", "\u{180e}", "\u{200e}",
            "\u{200f}", "\u{61c}", "\u{202a}", "\u{202c}", "\u{2066}", "\u{2069}", "\u{fe0f}",
        ] {
            assert_eq!(read(&format!("{unseen}123{unseen}456{unseen}")), "123456");
        }
    }

    #[test]
    fn digits_of_every_script_and_width_are_the_digits_that_they_mean() {
        for digits in [
            "１２３４５６",
            "١٢٣٤٥٦",
            "۱۲۳۴۵۶",
            "१२३४५६",
            "১২৩৪৫৬",
            "๑๒๓๔๕๖",
            "𝟏𝟐𝟑𝟒𝟓𝟔",
            "𝟷𝟸𝟹𝟺𝟻𝟼",
            // The second of two scripts that stand side by side.
            "\u{116db}\u{116dc}\u{116dd}\u{116de}\u{116df}\u{116e0}",
        ] {
            assert_eq!(read(digits), "123456", "{digits}");
        }
        // Numbers, but no digits of a code.
        for other in ["½", "一二三", "Ⅷ", "⑴"] {
            assert!(
                read(other).chars().any(|letter| !letter.is_ascii_digit()),
                "{other}"
            );
        }
    }

    #[test]
    fn letters_have_one_size_and_one_width() {
        assert_eq!(read("ＡＢＣＤ-efgh"), "abcdefgh");
        assert_eq!(read("abCD\u{a0}2345"), "abcd2345");
    }

    #[test]
    fn a_name_keeps_its_letters() {
        for (typed, meant) in [
            ("\u{202a}ada\u{202c}", "ada"),
            ("\u{feff}ada", "ada"),
            ("Ada\u{a0}Lovelace", "Ada Lovelace"),
            ("anne\u{2010}marie", "anne-marie"),
            ("anne\u{2014}marie", "anne-marie"),
            ("a\u{2212}1", "a-1"),
            ("Zoë ー", "Zoë ー"),
            ("a\0b", "a\0b"),
        ] {
            assert_eq!(name(typed), meant, "{typed:?}");
        }
    }
}
