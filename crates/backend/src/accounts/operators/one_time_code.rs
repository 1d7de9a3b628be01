//! One-time codes: of an authenticator (RFC 6238: SHA-1, six digits, 30 seconds), and recovery
//! codes.

use domain::Timestamp;
use totp_rs::{Algorithm, Builder, Secret, Totp};

use super::typed;
use crate::random;

/// What apps call this console.
const ISSUER: &str = "Carillon";
/// Letters of a recovery code, each of five random bits.
const RECOVERY_LETTERS: usize = 24;
/// The most characters that are read of what somebody types as a code.
const READ: usize = 256;
/// How many recovery codes there are at first.
const RECOVERY_CODES: usize = 10;

/// A new secret of 160 random bits, in Base32.
pub(super) fn new_secret() -> String {
    Secret::new_stack(random::bytes()).to_base32()
}

/// The authenticator of a secret; nothing when the text is none.
fn totp(secret: &str, username: &str) -> Option<Totp> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        // A step early or late, for clocks that differ and people who type slowly.
        .with_skew(1)
        .with_secret(Secret::try_from_base32(secret).ok()?)
        .with_issuer(Some(ISSUER))
        // A colon would end the name.
        .with_account_name(username.replace(':', " "))
        .build()
        .ok()
}

/// The `otpauth:` address that an app reads the secret from.
pub(super) fn address(secret: &str, username: &str) -> Option<String> {
    totp(secret, username)?.to_url().ok()
}

/// The time step that a code is of, if it is one of this secret about now.
pub(super) fn step_of(secret: &str, code: &str, now: Timestamp) -> Option<i64> {
    let seconds = u64::try_from(now.0 / 1000).ok()?;
    let step = totp(secret, "")?.check(code, seconds)?;
    i64::try_from(step).ok()
}

/// A code as somebody typed it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// Six digits.
    OfAuthenticator(String),
    /// The SHA-256 of a recovery code.
    Recovery(String),
    /// Neither.
    Nothing,
}

impl Typed {
    /// Reads what somebody typed. `typed::code` says which ways of writing letters and digits are
    /// accepted.
    pub(super) fn read(code: &str) -> Self {
        let end = code
            .char_indices()
            .nth(READ)
            .map_or(code.len(), |(at, _)| at);
        let letters = typed::code(code.get(..end).unwrap_or_default());
        // One letter more than a code has is enough to see that it is none.
        let letters: String = letters.take(RECOVERY_LETTERS + 1).collect();
        let is_number = letters.bytes().all(|byte| byte.is_ascii_digit());
        match letters.len() {
            6 if is_number => Self::OfAuthenticator(letters),
            // No code has an O, which on paper is a zero.
            RECOVERY_LETTERS => {
                Self::Recovery(random::sha256(letters.replace('o', "0").as_bytes()))
            }
            _ => Self::Nothing,
        }
    }
}

/// New recovery codes: as people write them down, in six groups of four.
pub(super) fn new_recovery_codes() -> Vec<String> {
    (0..RECOVERY_CODES).map(|_| recovery_code()).collect()
}

fn recovery_code() -> String {
    // As Base32, but without what looks like something else on paper.
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let random: [u8; RECOVERY_LETTERS] = random::bytes();
    let letters = random.map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    let groups: Vec<String> = letters.chunks(4).map(String::from_iter).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B: the text `12345678901234567890`.
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * 1000)
    }

    #[test]
    fn the_codes_are_those_of_the_standard() {
        // The last six of its eight digits.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(step_of(SECRET, code, at(seconds)), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_is_taken_one_step_early_or_late_and_no_more() {
        let is_taken = |seconds| step_of(SECRET, "287082", at(seconds)).is_some();
        assert!(!is_taken(-1) && !is_taken(90));
        assert!(is_taken(0) && is_taken(29) && is_taken(89));
        assert_eq!(step_of(SECRET, "000000", at(59)), None);
        assert_eq!(step_of("not a secret!", "287082", at(59)), None);
    }

    #[test]
    fn a_secret_is_160_bits_and_never_the_same() {
        let (one, other) = (new_secret(), new_secret());
        assert_eq!((one.len(), other.len()), (32, 32));
        assert_ne!(one, other);
    }

    #[test]
    fn an_app_reads_the_secret_from_an_address() {
        let address = address(SECRET, "ann: the first & only").unwrap();
        assert_eq!(
            address,
            format!(
                "otpauth://totp/Carillon:ann%20%20the%20first%20%26%20only?secret={SECRET}&issuer=Carillon"
            )
        );
    }

    #[test]
    fn recovery_codes_are_many_different_and_read_however_they_are_written() {
        let codes = new_recovery_codes();
        let different: std::collections::HashSet<_> = codes.iter().collect();
        assert_eq!(different.len(), 10);
        let code = &codes[0];
        assert_eq!(code.len(), 29);
        let read = Typed::read(code);
        assert!(matches!(read, Typed::Recovery(_)));
        assert_eq!(Typed::read(&code.to_uppercase().replace('-', " ")), read);
        assert_ne!(Typed::read(&codes[1]), read);
    }

    #[test]
    fn a_recovery_code_is_the_same_in_every_hand_and_every_program() {
        let code = "abcd-e0fg-2345-hjkm-npqr-stuv";
        let read = Typed::read(code);
        assert!(matches!(read, Typed::Recovery(_)));
        for written in [
            "abcd\u{2011}e0fg\u{2013}2345\u{2014}hjkm\u{2212}npqr\u{ff0d}stuv",
            "\u{202a}abcd-e0fg-2345-hjkm-npqr-stuv\u{202c}\n",
            "ＡＢＣＤーＥ０ＦＧー２３４５ーＨＪＫＭーＮＰＱＲーＳＴＵＶ",
            "abcd\u{a0}e0fg\u{202f}2345\u{3000}hjkm\u{2009}npqr\u{200b}stuv\u{feff}",
            "ABCD-EOFG-2345-HJKM-NPQR-STUV",
            "abcd-e٠fg-٢٣٤٥-hjkm-npqr-stuv",
        ] {
            assert_eq!(Typed::read(written), read, "{written}");
        }
    }

    #[test]
    fn a_code_of_an_authenticator_is_read_as_the_app_shows_it() {
        let code = Typed::OfAuthenticator("123456".into());
        for written in [
            "123\u{a0}456",
            "123\u{2013}456",
            "１２３４５６",
            "١٢٣ ٤٥٦",
            "\u{200e}123456\u{200f}",
        ] {
            assert_eq!(Typed::read(written), code, "{written}");
        }
    }

    #[test]
    fn what_is_no_code_is_nothing() {
        assert_eq!(
            Typed::read(" 123 456"),
            Typed::OfAuthenticator("123456".into())
        );
        for text in [
            "",
            "12345",
            "1234567",
            "12345a",
            "ä23456",
            &"a".repeat(1_000_000),
        ] {
            assert_eq!(Typed::read(text), Typed::Nothing, "{text:.9}");
        }
    }
}
