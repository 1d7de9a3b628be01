//! Points at which a test holds a request and lets it go: how "Reset between check and use" is
//! written. Compiled with the feature `points`, which only tests ask for.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use super::Point;

/// The variable of the environment that names the point at which a program ends.
const END_AT: &str = "CARILLON_TEST_END_AT";

/// The points of one backend. Cheap to clone.
#[derive(Clone, Default)]
pub struct Points(Arc<Mutex<HashMap<Point, Trap>>>);

/// What waits at a point for the first request that comes by.
struct Trap {
    came: oneshot::Sender<()>,
    go: oneshot::Receiver<()>,
}

/// A request that is held, or will be. Dropped, it is let go.
pub struct Held {
    came: Option<oneshot::Receiver<()>>,
    _go: oneshot::Sender<()>,
}

impl Points {
    /// Holds the next request that reaches a point; those after it pass.
    pub fn hold(&self, point: Point) -> Held {
        let (came, has_come) = oneshot::channel();
        let (let_go, go) = oneshot::channel();
        self.traps().insert(point, Trap { came, go });
        Held {
            came: Some(has_come),
            _go: let_go,
        }
    }

    /// Says that a request is here, and waits while a test holds it. A program that a test started ends at
    /// the point that `CARILLON_TEST_END_AT` names, as by SIGKILL: nothing is tidied up.
    pub async fn reach(&self, point: Point) {
        let end_at = std::env::var_os(END_AT);
        if end_at.is_some_and(|end_at| *end_at == *format!("{point:?}")) {
            std::process::abort();
        }
        let trap = self.traps().remove(&point);
        if let Some(trap) = trap {
            let _ = trap.came.send(());
            let _ = trap.go.await;
        }
    }

    fn traps(&self) -> std::sync::MutexGuard<'_, HashMap<Point, Trap>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// Waits until the request is there.
    pub async fn is_there(&mut self) {
        if let Some(came) = self.came.take() {
            let _ = came.await;
        }
    }
}

impl fmt::Debug for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Points(…)")
    }
}
