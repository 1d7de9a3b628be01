//! The beginning of a file: what it is, and what stands between its cells.

use domain::import::{Binary, FileProblem, Format, Separator};

use super::lines::{Lines, is_break};

/// So many bytes tell a file that is no text from one that is.
const SIGNATURE: usize = 8;

/// Keeps the beginning until it is known what the file is: up to the end of the heading, or the limit of a
/// cell, which is refused later.
#[derive(Debug)]
pub(super) struct Start {
    /// The first bytes, until there are enough of them to tell.
    signature: Option<Vec<u8>>,
    /// The line that may be the heading. Blank lines before it are gone.
    kept: Vec<u8>,
    is_blank: bool,
    most: usize,
    lines: Lines,
    quotes: Quotes,
    found: Option<Format>,
}

impl Start {
    pub(super) const fn new(most: usize) -> Self {
        Self {
            signature: Some(Vec::new()),
            kept: Vec::new(),
            is_blank: true,
            most,
            lines: Lines::at(1),
            quotes: Quotes::new(),
            found: None,
        }
    }

    /// Takes bytes until it is known what the file is, and says how many.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<usize, FileProblem> {
        for (at, byte) in bytes.iter().enumerate() {
            if self.found.is_some() {
                return Ok(at);
            }
            match &mut self.signature {
                Some(signature) => {
                    signature.push(*byte);
                    if signature.len() == SIGNATURE {
                        self.look()?;
                    }
                }
                None => self.take(*byte)?,
            }
        }
        Ok(bytes.len())
    }

    /// Decides with what there is, at the end of a short file.
    pub(super) fn finish(&mut self) -> Result<(), FileProblem> {
        self.look()?;
        if self.found.is_none() {
            if self.is_blank {
                return Err(FileProblem::Empty);
            }
            self.found = Some(self.csv());
        }
        Ok(())
    }

    /// What the file is, the place of the first byte that was kept, and what was kept.
    pub(super) fn take_found(&mut self) -> Option<(Format, Lines, Vec<u8>)> {
        let found = self.found?;
        Some((found, self.lines, std::mem::take(&mut self.kept)))
    }

    fn look(&mut self) -> Result<(), FileProblem> {
        let Some(signature) = self.signature.take() else {
            return Ok(());
        };
        if let Some(problem) = not_text(&signature) {
            return Err(problem);
        }
        let text = signature.strip_prefix(b"\xef\xbb\xbf");
        let text = text.unwrap_or(&signature);
        text.iter().try_for_each(|byte| self.take(*byte))
    }

    fn take(&mut self, byte: u8) -> Result<(), FileProblem> {
        if self.found.is_some() {
            self.kept.push(byte);
            return Ok(());
        }
        if byte == 0 {
            self.lines.pass(&self.kept);
            let line = self.lines.current();
            return Err(FileProblem::Nul { line });
        }
        let is_first = self.is_blank;
        self.is_blank &= byte.is_ascii_whitespace();
        self.kept.push(byte);
        let ends = is_break(byte) && !self.quotes.is_open();
        self.quotes.pass(byte);
        match byte {
            b'{' if is_first => self.found = Some(Format::JsonLines),
            b'[' if is_first => return Err(FileProblem::JsonList),
            _ if ends && is_first => self.forget(),
            _ if ends || self.kept.len() >= self.most => self.found = Some(self.csv()),
            _ => {}
        }
        Ok(())
    }

    /// Drops a blank line.
    fn forget(&mut self) {
        self.lines.pass(&self.kept);
        self.kept.clear();
        self.is_blank = true;
        self.quotes = Quotes::new();
    }

    /// What separates the most cells of the heading.
    fn csv(&self) -> Format {
        let mut quotes = Quotes::new();
        let mut outside = self.kept.clone();
        outside.retain(|byte| {
            quotes.pass(*byte);
            !quotes.is_open()
        });
        let count = |separator: &Separator| {
            let is_it = |byte: &&u8| **byte == separator.byte();
            outside.iter().filter(is_it).count()
        };
        // Of equals the last one.
        let likely = [Separator::Tab, Separator::Semicolon, Separator::Comma];
        let separator = likely.into_iter().max_by_key(count);
        Format::Csv {
            separator: separator.unwrap_or(Separator::Comma),
        }
    }
}

/// Whether a byte of the heading stands in a quoted cell, while the separator is not known.
#[derive(Debug)]
struct Quotes {
    open: bool,
    previous: Option<u8>,
}

impl Quotes {
    const fn new() -> Self {
        Self {
            open: false,
            previous: None,
        }
    }

    const fn is_open(&self) -> bool {
        self.open
    }

    fn pass(&mut self, byte: u8) {
        if byte == b'"' {
            // A quote opens a cell where one begins, and again as the second of two; elsewhere it is text.
            let may_open = matches!(self.previous, None | Some(b',' | b';' | b'\t' | b'"'));
            self.open = !self.open && may_open;
        }
        self.previous = Some(byte);
    }
}

/// What a file is when it is no text in UTF-8, by its first bytes.
fn not_text(bytes: &[u8]) -> Option<FileProblem> {
    let is = |signatures: &[&[u8]]| signatures.iter().any(|start| bytes.starts_with(start));
    let binary = |what| Some(FileProblem::NotText { what });
    if is(&[b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"]) {
        return Some(FileProblem::Spreadsheet);
    }
    if is(&[b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a"]) {
        return binary(Binary::Image);
    }
    if is(&[b"%PDF-"]) {
        return binary(Binary::Pdf);
    }
    if is(&[b"\x1f\x8b", b"7z\xbc\xaf", b"\x28\xb5\x2f\xfd"]) {
        return binary(Binary::Compressed);
    }
    if is(&[b"\xff\xfe", b"\xfe\xff"]) || is_wide(bytes) {
        return Some(FileProblem::Utf16);
    }
    None
}

/// Whether every other byte is null, as UTF-16 writes letters of English.
fn is_wide(bytes: &[u8]) -> bool {
    let pairs = bytes.as_chunks::<2>().0;
    let all = |is: fn(&[u8; 2]) -> bool| !pairs.is_empty() && pairs.iter().all(is);
    all(|pair| pair[0] != 0 && pair[1] == 0) || all(|pair| pair[0] == 0 && pair[1] != 0)
}
