//! Takes variables of the environment that are set and empty for variables that are not set.
//!
//! Files of compose, charts and units set a variable even when they have no value for it. Our own
//! options, the AWS SDK, the roots of TLS, proxies and PostgreSQL would each read an empty text in
//! their own way, so this decides once for all of them, before any of them reads.

use std::ffi::{OsStr, OsString};

/// The beginnings of the names that something in this program reads.
const READ: &[&str] = &["CARILLON_", "AWS_", "SSL_CERT_", "PG"];
/// The end of the names that are about proxies, in capitals or not.
const PROXY: &str = "_proxy";

/// Starts the program again without the variables that are empty, if there are any. A process
/// cannot safely change its own environment, but it can choose that of the program which it
/// becomes. If the new start fails, each reader takes an empty variable in its own way.
pub fn leave_out_empty() {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;

        let empty = empty(std::env::vars_os());
        let (false, Ok(program)) = (empty.is_empty(), std::env::current_exe()) else {
            return;
        };
        let mut line = std::env::args_os();
        let mut again = std::process::Command::new(&program);
        again.arg0(line.next().unwrap_or_else(|| program.into_os_string()));
        again.args(line);
        for name in empty {
            again.env_remove(name);
        }
        // Returns only when it failed.
        let _ = again.exec();
    }
}

/// The names of variables that we read and that are empty.
fn empty(all: impl Iterator<Item = (OsString, OsString)>) -> Vec<OsString> {
    let empty = all.filter(|(name, value)| is_read(name) && is_blank(value));
    empty.map(|(name, _)| name).collect()
}

fn is_read(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else {
        return false;
    };
    READ.iter().any(|start| name.starts_with(start)) || name.to_ascii_lowercase().ends_with(PROXY)
}

fn is_blank(value: &OsStr) -> bool {
    value.to_str().is_some_and(|value| value.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_empty_and_read_here_is_left_out() {
        let all = [
            ("CARILLON_LISTEN", ""),
            ("CARILLON_BACKEND", "aws"),
            ("CARILLON_PUBLIC_URL", " \t"),
            ("AWS_PROFILE", ""),
            ("SSL_CERT_FILE", ""),
            ("https_proxy", ""),
            ("NO_PROXY", ""),
            ("PGPASSWORD", ""),
            ("HOME", ""),
            ("LANG", ""),
        ];
        let all = all.map(|(name, value)| (name.into(), value.into()));

        let left_out = empty(all.into_iter());

        let expected = [
            "CARILLON_LISTEN",
            "CARILLON_PUBLIC_URL",
            "AWS_PROFILE",
            "SSL_CERT_FILE",
            "https_proxy",
            "NO_PROXY",
            "PGPASSWORD",
        ];
        assert_eq!(left_out, expected);
    }
}
