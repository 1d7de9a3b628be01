//! What the program logs while a test runs. The console of a test runs on the test's own thread.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use tracing::subscriber::{DefaultGuard, set_default};

pub struct Log {
    written: Written,
    _guard: DefaultGuard,
}

impl Log {
    /// Begins to listen, until it is dropped.
    pub fn start() -> Self {
        let written = Written::default();
        let writer = written.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        Self {
            written,
            _guard: set_default(subscriber),
        }
    }

    /// The lines since it was asked last.
    pub fn lines(&self) -> Vec<String> {
        let bytes = std::mem::take(&mut *self.written.0.lock().unwrap());
        let text = String::from_utf8(bytes).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    /// The one line that has these words.
    pub fn line_with(&self, words: &str) -> String {
        let mut lines = self.lines();
        lines.retain(|line| line.contains(words));
        let [line] = &lines[..] else {
            panic!("one line with {words:?}, not {lines:#?}");
        };
        line.clone()
    }
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
