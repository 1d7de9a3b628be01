//! Counts lines as an editor does, whatever the line breaks are.

/// Where in a file a reader is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines {
    current: u64,
    after_return: bool,
}

impl Lines {
    /// In this line, which is counted from 1.
    pub(super) const fn at(current: u64) -> Self {
        Self {
            current,
            after_return: false,
        }
    }

    /// The line of the next byte.
    pub(super) const fn current(self) -> u64 {
        self.current
    }

    /// Goes on behind these bytes. CR LF is one line break, even when it is cut in two.
    pub(super) fn pass(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let is_second_half = *byte == b'\n' && self.after_return;
            if is_break(*byte) && !is_second_half {
                self.current += 1;
            }
            self.after_return = *byte == b'\r';
        }
    }
}

/// Whether a byte is a line break or half of one.
pub(super) const fn is_break(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}
