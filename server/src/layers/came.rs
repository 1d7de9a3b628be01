//! What somebody sent, for a line of the log. It is bounded, and nothing in it can look like
//! another line.

use std::fmt;

/// How many bytes are shown: enough to know again what was sent.
const SHOWN: usize = 120;

/// Bytes from a request, which may have had none.
pub(super) struct Came<'a>(pub(super) Option<&'a [u8]>);

impl fmt::Display for Came<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(bytes) = self.0 else {
            return f.write_str("(none)");
        };
        write!(f, "{}", bytes.get(..SHOWN).unwrap_or(bytes).escape_ascii())?;
        f.write_str(if bytes.len() > SHOWN { "…" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_stays_on_its_line() {
        let shown = |bytes: &[u8]| Came(Some(bytes)).to_string();
        assert_eq!(shown(b"console.example:3000"), "console.example:3000");
        assert_eq!(shown(b"a\r\nb\x1b\xff\""), "a\\r\\nb\\x1b\\xff\\\"");
        assert_eq!(shown(&[b'a'; 4000]).chars().count(), 121);
        assert_eq!(Came(None).to_string(), "(none)");
    }
}
