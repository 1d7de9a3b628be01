//! Passwords that were leaked elsewhere, in a folder of files that the console's administrator
//! fetched. The console itself asks no service about passwords.
//!
//! The files are those of the range search of Pwned Passwords: each is named for the first five
//! hexadecimal digits of SHA-1 hashes, and has the other 35 and a count in each line.

use std::fs::File;
use std::io::{BufRead as _, BufReader, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use domain::{Cause, Failure};
use sha1::{Digest as _, Sha1};

use crate::random::hex;

/// The digits that name a file.
const PREFIX: usize = 5;
/// The most bytes that are read of a file; today's files have 40 KiB.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Why the folder cannot be used, in one sentence for the terminal.
#[derive(Debug, thiserror::Error)]
pub enum LeakedPasswordsError {
    /// It is not there, or is no folder.
    #[error("the folder of leaked passwords, {}, is not there", .0.display())]
    NoFolder(PathBuf),
    /// None of its files is named as they should be.
    #[error(
        "the folder of leaked passwords, {}, has no file named for five hexadecimal digits, such as 21BD1 or 21BD1.txt",
        .0.display()
    )]
    NoFiles(PathBuf),
}

/// A folder of leaked passwords.
#[derive(Clone, Debug)]
pub struct LeakedPasswords(PathBuf);

impl LeakedPasswords {
    /// Looks whether the folder is one.
    pub fn open(folder: &Path) -> Result<Self, LeakedPasswordsError> {
        let files = std::fs::read_dir(folder);
        let mut files = files.map_err(|_| LeakedPasswordsError::NoFolder(folder.to_owned()))?;
        if files.any(|file| file.is_ok_and(|file| is_named_for_a_prefix(&file.file_name()))) {
            Ok(Self(folder.to_owned()))
        } else {
            Err(LeakedPasswordsError::NoFiles(folder.to_owned()))
        }
    }

    /// Whether a password is among them. Reads one file, off the threads that serve requests.
    pub(super) async fn has(&self, password: &str) -> Result<bool, Failure> {
        let hash = hex(&Sha1::digest(password)).to_ascii_uppercase();
        let folder = self.0.clone();
        let found = tokio::task::spawn_blocking(move || find(&folder, &hash)).await;
        let found = found.map_err(|_panicked| Failure::from(Cause::Internal))?;
        found.map_err(|error| {
            // Without the list nobody knows whether the password was leaked, so it is not accepted.
            tracing::error!(error = %error.kind(), "the list of leaked passwords cannot be read");
            Cause::StoreUnavailable.into()
        })
    }
}

fn is_named_for_a_prefix(name: &std::ffi::OsStr) -> bool {
    let name = name.to_str().unwrap_or_default();
    let name = name.strip_suffix(".txt").unwrap_or(name);
    name.len() == PREFIX && name.bytes().all(|digit| digit.is_ascii_hexdigit())
}

fn find(folder: &Path, hash: &str) -> std::io::Result<bool> {
    let (prefix, rest) = hash.split_at(PREFIX);
    let small = prefix.to_ascii_lowercase();
    for name in [prefix, &small] {
        for name in [name.to_owned(), format!("{name}.txt")] {
            match File::open(folder.join(name)) {
                Ok(file) => return has_line(file, rest),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(false)
}

fn has_line(file: File, rest: &str) -> std::io::Result<bool> {
    for line in BufReader::new(file.take(LARGEST)).lines() {
        let line = line?;
        let (digits, count) = line.trim().split_once(':').unwrap_or((line.trim(), "1"));
        // Files can be padded with lines that count nothing.
        if digits.eq_ignore_ascii_case(rest) {
            return Ok(count.trim() != "0");
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SHA-1 of "password" is 5BAA6 1E4C9B93F3F0682250B6CF8331B7EE68FD8.
    const REST: &str = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";

    fn folder(name: &str, lines: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), lines).unwrap();
        folder
    }

    #[tokio::test]
    async fn a_password_is_leaked_when_its_line_is_there_and_counts() {
        let other = "0018A45C4D1DEF81644B54AB7F969B88D65:3";
        for (name, line, is_leaked) in [
            ("5BAA6", format!("{other}\r\n{REST}:9545824\r\n"), true),
            ("5BAA6.txt", format!("{REST}:1"), true),
            ("5baa6.txt", format!("{}:1\n", REST.to_lowercase()), true),
            ("5BAA6", format!("{REST}\n"), true),
            ("5BAA6", format!("{REST}:0\n"), false),
            ("5BAA6", other.to_owned(), false),
            ("5BAA6", String::new(), false),
            // Another file, which has nothing of it.
            ("21BD1", format!("{REST}:1"), false),
        ] {
            let folder = folder(name, &line);
            let list = LeakedPasswords::open(folder.path()).unwrap();
            assert_eq!(list.has("password").await, Ok(is_leaked), "{name} {line}");
        }
    }

    #[tokio::test]
    async fn no_more_than_four_mebibytes_of_a_file_are_read() {
        let other = "0018A45C4D1DEF81644B54AB7F969B88D65:3\n";
        let line = format!("{REST}:1\n");
        let fits = (4 * 1024 * 1024 - line.len()) / other.len();
        for (lines, is_read) in [(fits, true), (fits + 1, false)] {
            let folder = folder("5BAA6", &format!("{}{line}", other.repeat(lines)));
            let list = LeakedPasswords::open(folder.path()).unwrap();
            assert_eq!(list.has("password").await, Ok(is_read), "{lines}");
        }
    }

    #[tokio::test]
    async fn a_list_that_cannot_be_read_lets_nothing_pass() {
        let folder = folder("21BD1", "");
        std::fs::create_dir(folder.path().join("5BAA6")).unwrap();
        let list = LeakedPasswords::open(folder.path()).unwrap();
        let unread = list.has("password").await.unwrap_err();
        assert_eq!(unread.cause, Cause::StoreUnavailable);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_file_that_cannot_be_opened_lets_nothing_pass_either() {
        let folder = folder("21BD1", "");
        // A link to itself: it is there, and leads nowhere.
        std::os::unix::fs::symlink("5BAA6", folder.path().join("5BAA6")).unwrap();
        let list = LeakedPasswords::open(folder.path()).unwrap();
        let unread = list.has("password").await.unwrap_err();
        assert_eq!(unread.cause, Cause::StoreUnavailable);
    }

    #[test]
    fn a_folder_that_is_none_or_has_no_such_file_is_told() {
        let empty = tempfile::tempdir().unwrap();
        let missing = empty.path().join("missing");
        let told = |folder: &Path| LeakedPasswords::open(folder).unwrap_err().to_string();
        assert!(told(&missing).contains("is not there"));
        assert!(told(empty.path()).contains("21BD1"));
    }
}
