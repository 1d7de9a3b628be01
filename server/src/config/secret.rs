//! Secrets from outside: passwords, and the secrets of providers. Each stands alone in a file, in a
//! variable or on standard input, and one rule reads it wherever it stands.
//!
//! It takes away what editors, shells and Windows put around a secret: a byte order mark, UTF-16,
//! line ends of any kind, empty lines. It refuses what may or may not be a part of the secret, and
//! says what is wrong and where, but never what stands there.

use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{BufRead as _, IsTerminal as _, stdin};
use std::path::Path;

use anyhow::Context as _;
use icu_properties::CodePointSetData;
use icu_properties::props::{DefaultIgnorableCodePoint, VariationSelector};

use super::permissions;
use super::text::{NOT_TEXT, at_most, unmarked};

/// Where a secret stands.
#[derive(Clone, Copy, Debug)]
pub enum SecretPlace<'a> {
    /// A file, and what it is called.
    File(&'static str, &'a Path),
    /// A variable of the environment.
    Variable(&'a str),
    /// Standard input: one line of a terminal, all of anything else.
    StandardInput,
}

impl SecretPlace<'_> {
    /// Reads the secret.
    pub fn read(self) -> anyhow::Result<String> {
        if let Self::File(what, file) = self {
            permissions::check_secret(what, file)?;
        }
        let bytes = self.bytes();
        let bytes = bytes.with_context(|| format!("{self} cannot be read"))?;
        one_line(bytes).map_err(|wrong| anyhow::anyhow!("{self} {wrong}"))
    }

    fn bytes(self) -> anyhow::Result<Vec<u8>> {
        match self {
            Self::File(_, file) => at_most(File::open(file)?),
            Self::Variable(name) => {
                let value = std::env::var_os(name).context("it is not set")?;
                Ok(OsString::into_encoded_bytes(value))
            }
            Self::StandardInput if stdin().is_terminal() => {
                let _hidden = Hidden::begin();
                let mut line = Vec::new();
                stdin().lock().read_until(b'\n', &mut line)?;
                Ok(line)
            }
            Self::StandardInput => at_most(stdin().lock()),
        }
    }
}

impl fmt::Display for SecretPlace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(what, file) => write!(f, "the {what} {}", file.display()),
            Self::Variable(name) => write!(f, "the variable {name}"),
            Self::StandardInput => f.write_str("standard input"),
        }
    }
}

/// The only line that has something on it, or what is wrong.
fn one_line(bytes: Vec<u8>) -> Result<String, &'static str> {
    let text = String::from_utf8(unmarked(bytes)?).map_err(|_| NOT_TEXT)?;
    if text.contains('\0') {
        return Err("holds NUL characters, as UTF-16 does without its mark: save it as UTF-8");
    }
    let mut lines = text
        .split(['\n', '\r'])
        .filter(|line| !line.trim().is_empty());
    let secret = lines.next().ok_or("is empty")?;
    if lines.next().is_some() {
        return Err("has more than one line: leave the secret there and nothing else");
    }
    if secret.contains(char::is_control) {
        return Err("holds a control character, such as a tab: take it out");
    }
    if secret.starts_with(is_blank) || secret.ends_with(is_blank) {
        return Err(
            "begins or ends with a space or with a character that nobody sees: take it away, or \
             choose a secret without",
        );
    }
    Ok(secret.to_owned())
}

/// Whether a character at an end of the line may be a part of the secret, or may come from an
/// editor or a web page, and nobody can see which. A character that changes how the letter before
/// it looks is seen.
fn is_blank(letter: char) -> bool {
    let is_unseen = CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(letter)
        && !CodePointSetData::new::<VariationSelector>().contains(letter);
    letter.is_whitespace() || is_unseen
}

/// A terminal that does not show what is typed, until this is dropped.
struct Hidden;

impl Hidden {
    fn begin() -> Self {
        eprint!("Password: ");
        // Without `stty` the password is seen, which is better than not getting in.
        let _ = std::process::Command::new("stty").arg("-echo").status();
        Self
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        let _ = std::process::Command::new("stty").arg("echo").status();
        eprintln!();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        let units = ["\u{feff}", text].concat();
        units.encode_utf16().flat_map(unit).collect()
    }

    fn wrong(bytes: &[u8]) -> &'static str {
        match one_line(bytes.to_vec()) {
            Ok(_) => panic!("taken: {bytes:?}"),
            Err(wrong) => wrong,
        }
    }

    #[test]
    fn a_secret_is_taken_as_meant_whatever_an_editor_leaves_around_it() {
        for left in [
            &b"s\xc3\xa9cret word"[..],
            b"s\xc3\xa9cret word\n",
            b"s\xc3\xa9cret word\r\n",
            b"s\xc3\xa9cret word\r",
            b"s\xc3\xa9cret word\n\n\n",
            b"\xef\xbb\xbfs\xc3\xa9cret word\r\n",
            b"\n\ns\xc3\xa9cret word\n \n\t\n",
            &utf16("sécret word", u16::to_le_bytes),
            &utf16("sécret word\r\n", u16::to_le_bytes),
            &utf16("sécret word\r\n\r\n", u16::to_be_bytes),
        ] {
            assert_eq!(
                one_line(left.to_vec()).as_deref(),
                Ok("sécret word"),
                "{left:?}"
            );
        }
    }

    #[test]
    fn what_could_be_a_part_of_the_secret_or_not_is_refused() {
        for (left, told) in [
            (&b""[..], "is empty"),
            (b"\xef\xbb\xbf", "is empty"),
            (b"\xff\xfe\r\0\n\0", "is empty"),
            (b"\r\n \r\n", "is empty"),
            (b"secret\nanother\n", "more than one line"),
            (b"secret\r# made by hand", "more than one line"),
            (b"secret \n", "begins or ends with a space"),
            (b" secret", "begins or ends with a space"),
            ("secret\u{a0}\n".as_bytes(), "begins or ends with a space"),
            ("\u{200b}secret".as_bytes(), "nobody sees"),
            ("\u{202a}secret\u{202c}".as_bytes(), "nobody sees"),
            (b"\xef\xbb\xbf\xef\xbb\xbfsecret", "nobody sees"),
            (b"sec\tret", "control character"),
            (b"secret\x1b[0m", "control character"),
            (b"sec\0ret", "NUL"),
            (b"s\0e\0c\0r\0e\0t\0", "NUL"),
            (b"s\xe9cret", "not text in UTF-8"),
            (b"\xff\xfes\0e", "not text in UTF-8"),
            (b"\xff\xfe\x00\xd8", "not text in UTF-8"),
        ] {
            assert!(wrong(left).contains(told), "{left:?}: {}", wrong(left));
        }
    }

    #[test]
    fn what_is_seen_at_the_end_is_a_part_of_the_secret() {
        for secret in [
            "seven bells \u{2764}\u{fe0f}",
            "\"quoted\"",
            "#hash",
            "a  b",
        ] {
            assert_eq!(one_line(secret.into()).as_deref(), Ok(secret));
        }
    }

    #[test]
    fn a_place_that_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let shown = folder.path().display().to_string();
        let told = |place: SecretPlace<'_>| format!("{:#}", place.read().unwrap_err());

        let directory = told(SecretPlace::File("password file", folder.path()));
        assert!(directory.starts_with(&format!("the password file {shown} cannot be read: ")));
        let absent = told(SecretPlace::File("password file", &folder.path().join("x")));
        assert!(
            absent.contains(&format!("the password file {shown}/x")),
            "{absent}"
        );
        let endless = told(SecretPlace::File("password file", Path::new("/dev/zero")));
        assert!(
            endless.contains("/dev/zero cannot be read: it is larger than 1 MiB"),
            "{endless}"
        );
        let unset = told(SecretPlace::Variable("CARILLON_OF_NOBODY"));
        assert_eq!(
            unset,
            "the variable CARILLON_OF_NOBODY cannot be read: it is not set"
        );
    }
}
