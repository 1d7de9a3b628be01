//! The one file of a multipart form, in pieces as they arrive.
//!
//! `multer` reads on for as long as more is there, and keeps it. So it is given one piece at a time,
//! and what it may read for one answer is bounded: neither a quick client nor the headers of a part
//! can fill the memory.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use futures_util::Stream;
use multer::{Field, Multipart};
use tokio::time::timeout;

/// The field that holds the file.
pub(super) const FIELD: &str = "file";
/// How much is read for one piece of the file, or for the headers of a part.
const AT_ONCE: usize = 1024 * 1024;

/// Why the form could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// It is no form, or breaks off.
    Broken,
    /// Nothing came for too long.
    Slow,
}

/// A form that is being read.
pub(super) struct Form {
    parts: Multipart<'static>,
    left: Arc<AtomicUsize>,
    patience: Duration,
}

/// A file in it.
pub(super) struct Part {
    field: Field<'static>,
    left: Arc<AtomicUsize>,
    patience: Duration,
}

impl Form {
    /// The form of a body. `patience` is how long to wait for each piece of it.
    pub(super) fn new(body: Body, boundary: String, patience: Duration) -> Self {
        let left = Arc::new(AtomicUsize::new(AT_ONCE));
        let paced = Paced {
            body: body.into_data_stream(),
            left: Arc::clone(&left),
            has_given: false,
        };
        Self {
            parts: Multipart::new(paced, boundary),
            left,
            patience,
        }
    }

    /// The next file; nothing at the end of the form. Other fields are passed over.
    pub(super) async fn next(&mut self) -> Result<Option<Part>, Unread> {
        loop {
            self.left.store(AT_ONCE, Ordering::Relaxed);
            let found = timeout(self.patience, self.parts.next_field()).await;
            let Some(field) = found
                .map_err(|_| Unread::Slow)?
                .map_err(|_| Unread::Broken)?
            else {
                return Ok(None);
            };
            let is_file = field.name() == Some(FIELD);
            let mut part = Part {
                field,
                left: Arc::clone(&self.left),
                patience: self.patience,
            };
            if is_file {
                return Ok(Some(part));
            }
            while part.piece().await?.is_some() {}
        }
    }
}

impl Part {
    /// What the browser calls the file; empty where none was chosen.
    pub(super) fn name(&self) -> &str {
        self.field.file_name().unwrap_or_default()
    }

    /// The next piece; nothing at the end of the file.
    pub(super) async fn piece(&mut self) -> Result<Option<Bytes>, Unread> {
        self.left.store(AT_ONCE, Ordering::Relaxed);
        let piece = timeout(self.patience, self.field.chunk()).await;
        piece.map_err(|_| Unread::Slow)?.map_err(|_| Unread::Broken)
    }
}

/// Gives one piece of a body each time that it is asked, and no more than is left to give.
struct Paced {
    body: BodyDataStream,
    left: Arc<AtomicUsize>,
    has_given: bool,
}

impl Stream for Paced {
    type Item = Result<Bytes, axum::BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.has_given) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let next = std::task::ready!(Pin::new(&mut self.body).poll_next(cx));
        let Some(Ok(piece)) = &next else {
            return Poll::Ready(next.map(|piece| piece.map_err(Into::into)));
        };
        self.has_given = true;
        let left = self.left.load(Ordering::Relaxed);
        match left.checked_sub(piece.len()) {
            Some(less) => self.left.store(less, Ordering::Relaxed),
            None => return Poll::Ready(Some(Err("too much at once".into()))),
        }
        Poll::Ready(next.map(|piece| piece.map_err(Into::into)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;

    use futures_util::stream;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(5);

    fn form(pieces: Vec<Vec<u8>>) -> Form {
        let pieces = pieces.into_iter().map(Ok::<_, axum::BoxError>);
        let body = Body::from_stream(stream::iter(pieces));
        Form::new(body, "B".to_owned(), PATIENCE)
    }

    fn head(name: &str) -> Vec<u8> {
        format!(
            "--B\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.csv\"\r\n\r\n"
        )
        .into_bytes()
    }

    #[tokio::test]
    async fn the_file_comes_in_pieces_and_other_fields_are_passed_over() {
        let pieces = vec![
            head("other"),
            b"x\r\n".to_vec(),
            head("file"),
            b"one\r".to_vec(),
            b"\ntwo\r\n--B--\r\n".to_vec(),
        ];
        let mut form = form(pieces);
        let mut part = form.next().await.unwrap().unwrap();
        assert_eq!(part.name(), "a.csv");
        let mut read = Vec::new();
        while let Some(piece) = part.piece().await.unwrap() {
            read.extend_from_slice(&piece);
        }
        assert_eq!(read, b"one\r\ntwo");
        drop(part);
        assert!(form.next().await.unwrap().is_none());
    }

    #[tokio::test]
    async fn no_more_is_read_than_was_asked_for() {
        let given = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&given);
        let first = stream::iter([Ok::<_, axum::BoxError>(head("file"))]);
        let endless = stream::repeat_with(move || {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok(vec![b'x'; 64 * 1024])
        });
        let body = Body::from_stream(futures_util::StreamExt::chain(first, endless));
        let mut form = Form::new(body, "B".to_owned(), PATIENCE);

        let mut part = form.next().await.unwrap().unwrap();
        for _ in 0..10 {
            assert!(part.piece().await.unwrap().is_some());
        }

        assert!(
            given.load(Ordering::Relaxed) <= 24,
            "{given:?} pieces of 64 KiB"
        );
    }

    #[tokio::test]
    async fn headers_of_a_part_that_never_end_are_refused() {
        let pieces = std::iter::once(b"--B\r\nX: ".to_vec())
            .chain(std::iter::repeat_n(vec![b'x'; 64 * 1024], 64))
            .collect();
        assert!(matches!(form(pieces).next().await, Err(Unread::Broken)));
    }

    #[tokio::test]
    async fn a_form_that_breaks_off_is_told() {
        let mut form = form(vec![head("file"), b"half".to_vec()]);
        let mut part = form.next().await.unwrap().unwrap();
        let mut last = part.piece().await;
        while let Ok(Some(_)) = last {
            last = part.piece().await;
        }
        assert_eq!(last, Err(Unread::Broken));
    }
}
