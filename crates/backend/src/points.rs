//! Named points between the check of a right and its use, where a test can hold a request.

#[cfg(feature = "points")]
mod held;
#[cfg(not(feature = "points"))]
mod none;

#[cfg(feature = "points")]
pub use held::{Held as HeldRequest, Points};
#[cfg(not(feature = "points"))]
pub use none::Points;

/// Where a request can be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Point {
    /// Session and operator were read, and nothing was done for them yet.
    CallerFound,
    /// A password was right, and nobody is signed in or unlocked by it yet.
    PasswordChecked,
    /// The audit has the sign-in, and the session has not begun.
    SignInNoted,
    /// The audit has the proof, and the session does not know of it.
    ProofNoted,
    /// What AWS has was read for an entry without an outcome, and the audit does not know yet.
    OutcomeFound,
    /// A piece of an export was read, and more are to come.
    PieceRead,
    /// A turn to read the log was taken, and nothing was read yet.
    TurnTaken,
    /// Rows of a job were compared with what is there, and nothing is written yet.
    RowsCompared,
    /// What a job will send is written, and not kept yet.
    IntentWritten,
    /// It is kept, and nothing was sent yet.
    IntentKept,
    /// AWS has answered, and nothing is written of it yet.
    CallsAnswered,
    /// What AWS answered is written, and not kept yet.
    OutcomeWritten,
    /// It is kept.
    OutcomeKept,
}
