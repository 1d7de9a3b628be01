//! Messages that a page shows once: kept in the session for the next page, or for this one only.

use std::sync::{Arc, Mutex, PoisonError};

use domain::Failure;
use serde::{Deserialize, Serialize};

use super::{Done, Request};

/// The most messages that wait for a page; the oldest goes first.
const MOST_FLASHES: usize = 5;

/// A message that is shown once, on the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// What happened. A name in it is `crate::ui::bidi::isolated`.
    pub headline: String,
    /// More about it, likewise.
    pub detail: String,
    /// Whether it is a warning and not a success.
    pub warning: bool,
    /// What people often do next.
    #[serde(default)]
    pub next: Option<Next>,
}

/// Where a message leads on to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Next {
    /// What the link says.
    pub text: String,
    /// An absolute path of this console.
    pub to: String,
}

/// Messages of the page that is being answered, which no session needs to keep.
#[derive(Clone, Default)]
pub(super) struct Notes(Arc<Mutex<Vec<Flash>>>);

impl Request {
    /// Ends a server function of a form: shows a message on the page that it goes to.
    pub async fn done(
        &self,
        location: String,
        headline: &str,
        detail: String,
    ) -> Result<Done, Failure> {
        self.end(location, headline, detail, None).await
    }

    /// The same for a form that makes something: the message leads back to it, at `form`.
    pub async fn made(
        &self,
        location: String,
        headline: &str,
        detail: String,
        (text, form): (&str, String),
    ) -> Result<Done, Failure> {
        let text = text.to_owned();
        let next = Some(Next { text, to: form });
        self.end(location, headline, detail, next).await
    }

    async fn end(
        &self,
        location: String,
        headline: &str,
        detail: String,
        next: Option<Next>,
    ) -> Result<Done, Failure> {
        self.flash(Flash {
            headline: headline.to_owned(),
            detail,
            warning: false,
            next,
        })
        .await;
        Ok(Done { location })
    }

    /// Keeps a message for the next page.
    pub async fn flash(&self, flash: Flash) {
        // A message is worth less than the answer: without a session it is dropped.
        let Ok(visit) = self.visit() else { return };
        if !matches!(visit.visitor().await, Ok(Some(_))) {
            return;
        }
        let mut flashes: Vec<Flash> = visit.flashes().await.unwrap_or_default();
        flashes.push(flash);
        let too_many = flashes.len().saturating_sub(MOST_FLASHES);
        flashes.drain(..too_many);
        if visit.keep_flashes(&flashes).await.is_err() {
            tracing::warn!("a message for the next page could not be kept");
        }
    }

    /// Shows a warning on this page, whose address asks for something that does not exist; the
    /// answer gets the status 422.
    pub fn note(&self, headline: String, detail: &str) {
        self.set_status(422);
        let mut notes = self.notes.0.lock().unwrap_or_else(PoisonError::into_inner);
        notes.push(Flash {
            headline,
            detail: detail.to_owned(),
            warning: true,
            next: None,
        });
    }

    /// Shows a message on this page that is not the fault of its address.
    pub fn tell(&self, headline: &str, detail: &str) {
        let mut notes = self.notes.0.lock().unwrap_or_else(PoisonError::into_inner);
        notes.push(Flash {
            headline: headline.to_owned(),
            detail: detail.to_owned(),
            warning: false,
            next: None,
        });
    }

    /// The messages for this page, each shown once.
    pub async fn take_flashes(&self) -> Vec<Flash> {
        let mut flashes = self.kept_flashes().await;
        let mut notes = self.notes.0.lock().unwrap_or_else(PoisonError::into_inner);
        flashes.append(&mut notes);
        flashes
    }

    async fn kept_flashes(&self) -> Vec<Flash> {
        let Ok(visit) = self.visit() else {
            return Vec::new();
        };
        let flashes: Vec<Flash> = visit.flashes().await.unwrap_or_default();
        if !flashes.is_empty() {
            let _ = visit.keep_flashes::<Flash>(&[]).await;
        }
        flashes
    }
}
