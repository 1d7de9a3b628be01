//! The people of these tests: who they are, what they act as, and what they are told.

use std::fmt::Debug;

use backend::oidc::{Provider, ProviderConfig, Providers};
use backend::{Backend, Caller, Changes, Operator, Origin};
use domain::{Cause, Failure, Field, Problem, Role};

use crate::database::{Database, START};

pub const PASSWORD: &str = "correct horse battery";

/// Where they sit.
pub fn origin() -> Origin {
    Origin {
        remote: Some([192, 0, 2, 1].into()),
        request_id: "http-1".to_owned(),
    }
}

/// Adds an operator with the password of these tests.
pub async fn add(backend: &Backend, name: &str, role: Role) -> Operator {
    let added = backend.accounts().add(name, PASSWORD, role).await;
    added.unwrap()
}

/// An operator who acts, having proved who they are when the clock started.
pub fn caller_of(operator: &Operator) -> Caller {
    let Origin { remote, request_id } = origin();
    Caller {
        operator: operator.id.clone(),
        username: operator.username.clone(),
        role: operator.role,
        grant: operator.grant.clone(),
        remote,
        request_id,
        proved: Some(START),
        session: None,
        changes: Changes::default(),
    }
}

/// A provider that lets in everybody it knows, as Viewers.
pub fn provider() -> Provider {
    let config = ProviderConfig {
        default_role: Some(Role::Viewer),
        ..ProviderConfig::new("acme", "Acme", "http://127.0.0.1:9", "carillon")
    };
    let providers = Providers::new(vec![config]).unwrap();
    providers.get("acme").unwrap().clone()
}

/// Everybody who signed in lately guessed a hundred times today, from elsewhere. Written directly:
/// a hundred hashes take a while.
pub async fn guess_a_hundred_times(database: &Database) {
    let guess = sqlx::query(
        "INSERT INTO sign_in_attempts (account, address, failures, last_at, day, day_failures) \
         SELECT account, 'elsewhere', 1, last_at, day, 100 FROM sign_in_attempts",
    );
    guess.execute(&database.raw().await).await.unwrap();
}

/// Why something was refused.
#[track_caller]
pub fn cause<T: Debug>(result: Result<T, Failure>) -> Cause {
    result.unwrap_err().cause
}

/// The field that needs a change, when it is one, and why.
#[track_caller]
pub fn problem<T: Debug>(result: Result<T, Failure>) -> (Field, Problem) {
    let failure = result.unwrap_err();
    let [found] = failure.field_problems() else {
        panic!("{failure:?}");
    };
    (found.field, found.problem.clone())
}
