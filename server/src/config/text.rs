//! Files of text as editors and shells of any system leave them: with a mark of byte order, or in
//! UTF-16, as Windows writes it.
//!
//! The meaning of a text is read elsewhere.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context as _, ensure};

/// The most bytes that are read: no file that an option names is larger, and a device may have no
/// end.
const LARGEST: u64 = 1024 * 1024;

/// Reads a file of text. `what` says which it is.
pub fn read(what: &str, file: &Path) -> anyhow::Result<String> {
    let text = String::from_utf8(read_bytes(what, file)?);
    text.map_err(|_| anyhow::anyhow!("the {what} {} {NOT_TEXT}", file.display()))
}

/// The same as [`read`], for a file that may hold more than text, such as PEM.
pub fn read_bytes(what: &str, file: &Path) -> anyhow::Result<Vec<u8>> {
    let bytes = File::open(file)
        .map_err(anyhow::Error::new)
        .and_then(at_most)
        .with_context(|| format!("the {what} {} cannot be read", file.display()))?;
    unmarked(bytes).map_err(|wrong| anyhow::anyhow!("the {what} {} {wrong}", file.display()))
}

/// What is wrong with bytes that are not text.
pub(super) const NOT_TEXT: &str = "is not text in UTF-8: save it as UTF-8";

/// Reads to the end, and fails when there are more than [`LARGEST`] bytes.
pub(super) fn at_most(from: impl Read) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes)?;
    ensure!(bytes.len() as u64 <= LARGEST, "it is larger than 1 MiB");
    Ok(bytes)
}

/// Takes a mark of byte order away, and turns UTF-16 that has one into UTF-8.
pub(super) fn unmarked(bytes: Vec<u8>) -> Result<Vec<u8>, &'static str> {
    match &bytes[..] {
        [0xef, 0xbb, 0xbf, text @ ..] => Ok(text.to_vec()),
        [0xff, 0xfe, text @ ..] => from_utf16(text, u16::from_le_bytes),
        [0xfe, 0xff, text @ ..] => from_utf16(text, u16::from_be_bytes),
        _ => Ok(bytes),
    }
}

fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Vec<u8>, &'static str> {
    let (pairs, []) = bytes.as_chunks::<2>() else {
        return Err(NOT_TEXT);
    };
    let units: Vec<_> = pairs.iter().map(|pair| unit(*pair)).collect();
    let text = String::from_utf16(&units).map_err(|_| NOT_TEXT)?;
    Ok(text.into_bytes())
}
