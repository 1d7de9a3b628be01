//! Random ids that nobody can guess, and the hash under which secrets are looked up.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::RngCore;
use rand::TryRngCore;
use rand::rngs::OsRng;
use sha2::Sha256;

/// Random bytes.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Without randomness nothing here is safe, and a panic reaches only one request.
    OsRng.unwrap_err().fill_bytes(&mut bytes);
    bytes
}

/// An id of 128 random bits: 22 letters, digits, `-` and `_`.
pub fn id() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<16>())
}

/// A secret of 256 random bits, for links that can be used once.
pub fn secret() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// Whether a text has the form of an [`id`].
pub fn is_id(text: &str) -> bool {
    is_of::<16>(text)
}

/// Whether a text has the form of a [`secret`].
pub fn is_secret(text: &str) -> bool {
    is_of::<32>(text)
}

fn is_of<const BYTES: usize>(text: &str) -> bool {
    let bytes = URL_SAFE_NO_PAD.decode(text);
    bytes.is_ok_and(|bytes| bytes.len() == BYTES)
}

/// SHA-256 of what is read in pieces.
#[derive(Default)]
pub struct Digest(Sha256);

impl Digest {
    /// Takes the next piece.
    pub fn feed(&mut self, piece: &[u8]) {
        sha2::Digest::update(&mut self.0, piece);
    }

    /// The hash of all pieces, in lower-case hexadecimal.
    pub fn hex(self) -> String {
        hex(&sha2::Digest::finalize(self.0))
    }
}

/// SHA-256 in lower-case hexadecimal. Enough for secrets that are themselves random.
pub fn sha256(data: &[u8]) -> String {
    hex(&<Sha256 as sha2::Digest>::digest(data))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}
