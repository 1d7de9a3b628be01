//! Which names new operators may have: those of RFC 8265 (UsernameCaseMapped) with single spaces
//! between, in one script, and none that could be taken for the console or another operator.
//!
//! Names that were there before this rule stay, and are found as they are typed.

use domain::Problem;
use precis_profiles::precis_core::profile::PrecisFastInvocation;
use precis_profiles::{UsernameCaseMapped, UsernameCasePreserved};
use unicode_security::{GeneralSecurityProfile, MixedScript, skeleton};

/// The most characters.
const LONGEST: u32 = 64;
/// The most bytes that are read of what somebody types as a name.
const READ: usize = 1024;
/// What the console calls itself, and what it writes where a name stands.
const OURS: &[&str] = &[
    "carillon",
    "console",
    "command line",
    "shell",
    "system",
    "provider",
    "password",
    "nobody",
    "none",
    "unknown",
];

/// The name as it is kept, or why it cannot be one.
pub(super) fn accepted(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    if text.is_empty() {
        return Err(Problem::Empty);
    }
    if length > LONGEST {
        return Err(Problem::TooLong {
            max: LONGEST,
            actual: length,
        });
    }
    let place = |at: usize| u32::try_from(at + 1).unwrap_or(u32::MAX);
    if let Some(at) = text.chars().position(char::is_control) {
        return Err(Problem::ControlCharacter {
            position: place(at),
        });
    }
    let Some(name) = kept(text) else {
        let at = text.chars().position(|letter| !is_allowed(letter));
        return Err(Problem::NameCharacter {
            position: place(at.unwrap_or_default()),
        });
    };
    if !name.as_str().is_single_script() {
        return Err(Problem::NameMixed);
    }
    if is_ours(&name) {
        return Err(Problem::NameReserved);
    }
    Ok(name)
}

/// The same for a name that a provider tells: invisible and strange characters are left out.
pub(super) fn told(text: &str) -> Result<String, Problem> {
    match accepted(text) {
        Err(Problem::NameCharacter { .. }) => {
            let letters = text.chars().filter(|letter| is_allowed(*letter));
            accepted(&letters.collect::<String>())
        }
        other => other,
    }
}

/// The form in which a name is kept: characters of other widths and accents that stand alone are
/// written the usual way. Nothing when it cannot be a name.
pub(super) fn kept(text: &str) -> Option<String> {
    if text.len() > READ {
        return None;
    }
    let mut parts = Vec::new();
    for part in text.split(' ').filter(|part| !part.is_empty()) {
        UsernameCaseMapped::enforce(part).ok()?;
        let part = UsernameCasePreserved::enforce(part).ok()?;
        if !part
            .chars()
            .all(|letter| letter.is_ascii() || letter.identifier_allowed())
        {
            return None;
        }
        parts.push(part.into_owned());
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Whether people could take one name for another.
pub(super) fn look_alike(one: &str, other: &str) -> bool {
    let (one, other) = (looks(one), looks(other));
    one.iter().any(|look| other.contains(look))
}

/// What a name looks like, by the skeletons of Unicode TS 39: as it is written, and in small
/// letters.
fn looks(name: &str) -> [String; 2] {
    let look = |name: &str| skeleton(name).collect::<String>().to_lowercase();
    [look(name), look(&name.to_lowercase())]
}

fn is_ours(name: &str) -> bool {
    name.starts_with('(')
        || !name.chars().any(char::is_alphanumeric)
        || OURS.iter().any(|ours| look_alike(name, ours))
}

fn is_allowed(letter: char) -> bool {
    letter == ' ' || kept(letter.encode_utf8(&mut [0; 4])).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_are_kept_as_they_are_written() {
        for name in [
            "ada",
            "Ada Lovelace",
            "ada.lovelace+x@example.com",
            "Viewer-0f3a",
            "Zoë",
            "Ада",
            "Ελένη",
            "鈴木",
            "ひらがな漢字",
            "محمد",
            "Ada (Acme)",
        ] {
            assert_eq!(accepted(name).as_deref(), Ok(name), "{name}");
        }
    }

    #[test]
    fn one_name_is_kept_one_way_however_it_is_typed() {
        for (typed, kept) in [
            (" ada ", "ada"),
            ("Ada   Lovelace", "Ada Lovelace"),
            ("Zoe\u{308}", "Zoë"),
            ("ａｄａ", "ada"),
        ] {
            assert_eq!(accepted(typed).as_deref(), Ok(kept), "{typed}");
        }
    }

    #[test]
    fn invisible_turning_and_strange_characters_are_told_with_their_place() {
        for (name, position) in [
            ("ad\u{200b}a", 3),
            ("a\u{ad}da", 2),
            ("\u{feff}ada", 1),
            ("ada\u{202e}nimda", 4),
            ("ada\u{2066}", 4),
            ("ad\u{200d}a", 3),
            ("ada\u{a0}b", 4),
            ("a\u{3164}b", 2),
            ("ada😀", 4),
            ("a\u{2044}b", 2),
            // Letters, but none that a language of today is written with.
            ("\u{251}da", 1),
            ("ad\u{1c0}a", 3),
        ] {
            let problem = Problem::NameCharacter { position };
            assert_eq!(accepted(name), Err(problem), "{name:?}");
        }
        let control = Problem::ControlCharacter { position: 2 };
        assert_eq!(accepted("a\tb"), Err(control));
    }

    #[test]
    fn a_name_has_one_script() {
        // Cyrillic and Greek letters among Latin ones.
        for name in ["аdmin", "adа", "αda", "admin日本"] {
            assert_eq!(accepted(name), Err(Problem::NameMixed), "{name}");
        }
    }

    #[test]
    fn what_the_log_writes_is_nobodys_name() {
        for name in [
            "(command line)",
            "(anything",
            "（command line）",
            "Carillon",
            "cari11on",
            "SHELL",
            "nobody",
            "-",
            "..",
        ] {
            assert_eq!(accepted(name), Err(Problem::NameReserved), "{name}");
        }
    }

    #[test]
    fn names_that_people_could_mix_up_look_alike() {
        for (one, other) in [
            ("ada", "ADA"),
            ("admin", "adrnin"),
            ("bill", "biII"),
            ("bob", "b0b"),
            ("user1", "userl"),
            // In small letters only.
            ("MIKE", "rnike"),
            // All letters Cyrillic.
            ("pace", "расе"),
        ] {
            assert!(look_alike(one, other), "{one} {other}");
        }
        for (one, other) in [("ada", "adam"), ("user1", "user2"), ("ann", "anna")] {
            assert!(!look_alike(one, other), "{one} {other}");
        }
    }

    #[test]
    fn what_a_provider_tells_is_cleaned_as_far_as_it_can_be() {
        assert_eq!(told("ad\u{200b}a 😀").as_deref(), Ok("ada"));
        assert_eq!(told("😀"), Err(Problem::Empty));
        assert_eq!(told("аdmin"), Err(Problem::NameMixed));
        assert!(matches!(
            told("a\tb"),
            Err(Problem::ControlCharacter { .. })
        ));
    }

    #[test]
    fn what_is_typed_where_a_name_belongs_is_no_bug_however_long() {
        assert_eq!(kept(&"é".repeat(1_000_000)), None);
        assert_eq!(kept(""), None);
        assert_eq!(kept(" "), None);
    }
}
