//! Who may sign in: operators, their roles and passwords.

mod admin;
mod attempts;
mod authenticator;
mod change;
mod codes;
mod identities;
mod leaked;
mod links;
mod new_password;
mod notices;
mod one_time_code;
mod own;
mod password;
mod row;
mod second_step;
mod setup;
mod shell;
mod sign_in;
mod strength;
mod times;
mod turns;
mod typed;
mod unlock;
mod username;
mod verify;

use domain::event::ConsoleEvent;
use domain::{Failure, Field, FieldProblem, Grant, Problem, Role, Timestamp};
use serde_json::json;
use sqlx::{AnyConnection, Row as _};

use crate::access::{OperatorId, Origin};
use crate::accounts::Accounts;
use crate::audit::{Actor, Audit};
use crate::random;
use crate::store::{unavailable, within};
pub(super) use password::Hasher;
use row::{epoch_of, insert, is_as_read, key, operator};

pub(crate) use row::has_number;
pub(super) use strength::Strength;

pub(crate) use attempts::forgotten_before;
pub(crate) use notices::LIFETIME as NOTICE_LIFETIME;

pub use admin::{OperatorChange, may_manage};
pub use authenticator::{Authenticator, Enrolment};
pub use leaked::{LeakedPasswords, LeakedPasswordsError};
pub use notices::{Asking, Notice, NoticeKind};
pub use own::Ended;
pub use second_step::{FirstStep, Pending};
pub use unlock::Proof;

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Made here, never reused.
    pub id: OperatorId,
    /// The name, unique without regard to case.
    pub username: String,
    /// What they may do.
    pub role: Role,
    /// Where they may do it.
    pub grant: Grant,
    /// Since when they may no longer sign in.
    pub disabled: Option<Timestamp>,
    /// When they were added.
    pub created: Timestamp,
    /// When they last signed in.
    pub signed_in: Option<Timestamp>,
    /// Whether they still have to choose a password, by a link.
    pub invited: bool,
    /// The id of the provider that they sign in with, if it is not a password.
    pub provider: Option<String>,
    /// The number of their sessions: another one once all were ended (`sessions::end_all`).
    pub epoch: i64,
}

impl Operator {
    /// Role and grant as one text, to notice when either changed.
    pub fn standing(&self) -> String {
        random::sha256(format!("{}\n{}", self.role, self.grant).as_bytes())
    }
}

impl Accounts {
    /// Whether there is no operator yet who could manage the others. If the first person to sign in
    /// with a provider is not an Admin, the set-up stays open.
    pub async fn is_empty(&self) -> Result<bool, Failure> {
        let read = async {
            let mut connection = self.store.pool().acquire().await?;
            is_empty_on(&mut connection).await
        };
        within(read).await
    }

    /// Adds an operator for everything, without a row in the audit. For tests. People are added by
    /// [`Accounts::add_operator_from_shell`], an invitation
    /// or the set-up.
    pub async fn add(
        &self,
        username: &str,
        password: &str,
        role: Role,
    ) -> Result<Operator, Failure> {
        self.add_for(username, password, role, Grant::EVERYTHING)
            .await
    }

    /// The same for what a grant covers.
    pub async fn add_for(
        &self,
        username: &str,
        password: &str,
        role: Role,
        grant: Grant,
    ) -> Result<Operator, Failure> {
        self.add_noted(username, password, role, grant, None).await
    }

    /// The same with its row in an audit, written down as done by the shell, in the same
    /// transaction.
    async fn add_noted(
        &self,
        username: &str,
        password: &str,
        role: Role,
        grant: Grant,
        noted: Option<&Audit>,
    ) -> Result<Operator, Failure> {
        let username = new_name(username)?;
        self.check_new(Field::Password, password, &username).await?;
        let hash = self.hasher.hash(password).await?;
        let operator = self.new_operator(&username, role, grant, &hash);
        let added = async {
            let mut write = match noted {
                Some(audit) => audit.write().await?,
                None => self.store.write().await?,
            };
            if !insert(write.on(), &operator, &hash).await? {
                return Ok(Err(taken()));
            }
            if let Some(audit) = noted {
                let detail = json!({
                    "username": operator.username,
                    "role": role.name(),
                    "scope": operator.grant.to_string(),
                });
                let (shell, event) = (Actor::SHELL, ConsoleEvent::AddOperator);
                audit.note_on(write.on(), &shell, event, detail).await?;
            }
            write.commit().await?;
            Ok(Ok(operator))
        };
        within(added).await?
    }

    fn new_operator(
        &self,
        username: &str,
        role: Role,
        grant: Grant,
        password_hash: &str,
    ) -> Operator {
        Operator {
            id: OperatorId::from(random::id()),
            username: username.to_owned(),
            role,
            grant,
            disabled: None,
            created: self.clock.now(),
            signed_in: None,
            invited: password_hash.is_empty(),
            provider: None,
            epoch: 0,
        }
    }

    /// An operator.
    pub async fn get(&self, id: &OperatorId) -> Result<Option<Operator>, Failure> {
        let row = sqlx::query(
            "SELECT operators.*, identities.provider FROM operators LEFT JOIN identities \
             ON identities.operator = operators.id WHERE operators.id = $1",
        )
        .bind(id.as_str())
        .fetch_optional(self.store.pool());
        let row = within(row).await?;
        row.as_ref().map(operator).transpose()
    }

    /// All operators, by name.
    pub async fn list(&self) -> Result<Vec<Operator>, Failure> {
        let rows = sqlx::query(
            "SELECT operators.*, identities.provider FROM operators LEFT JOIN identities \
             ON identities.operator = operators.id",
        )
        .fetch_all(self.store.pool());
        let all: Result<Vec<_>, _> = within(rows).await?.iter().map(operator).collect();
        let mut all = all?;
        // Here, since the two databases order letters differently.
        all.sort_by_cached_key(|operator| operator.username.to_lowercase());
        Ok(all)
    }

    /// The operator of a name.
    pub async fn by_name(&self, username: &str) -> Result<Option<Operator>, Failure> {
        let found = self.by_key(&self.key_of(username).await?).await?;
        Ok(found.map(|(operator, _)| operator))
    }

    /// The key of the operator whose name somebody typed. Spaces and hyphens may be written in any
    /// way; a name from before the rule for names must be typed as it was.
    async fn key_of(&self, typed: &str) -> Result<String, Failure> {
        let typed = typed.trim();
        let exact = key(typed);
        let Some(kept) = username::kept(&typed::name(typed)).map(|kept| key(&kept)) else {
            return Ok(exact);
        };
        if kept == exact {
            return Ok(exact);
        }
        let row = sqlx::query("SELECT username_key FROM operators WHERE username_key = $1")
            .bind(&exact)
            .fetch_optional(self.store.pool());
        Ok(match within(row).await? {
            Some(_) => exact,
            None => kept,
        })
    }

    async fn by_key(&self, key: &str) -> Result<Option<(Operator, String)>, Failure> {
        let row = sqlx::query(
            "SELECT operators.*, identities.provider FROM operators LEFT JOIN identities \
             ON identities.operator = operators.id WHERE operators.username_key = $1",
        )
        .bind(key)
        .fetch_optional(self.store.pool());
        let Some(row) = within(row).await? else {
            return Ok(None);
        };
        let hash = row
            .try_get("password")
            .map_err(|error| unavailable(&error))?;
        Ok(Some((operator(&row)?, hash)))
    }
}

/// The actor for the audit while nobody is signed in: the operator if one is known, otherwise
/// nobody.
fn actor<'a>(operator: Option<&'a Operator>, origin: &'a Origin) -> Actor<'a> {
    let known = operator.map(|operator| (&operator.id, operator.username.as_str()));
    Actor::new(known, origin)
}

async fn is_empty_on(on: &mut AnyConnection) -> sqlx::Result<bool> {
    let any = sqlx::query(
        "SELECT id FROM operators WHERE role = 'Admin' \
         OR id NOT IN (SELECT operator FROM identities) LIMIT 1",
    )
    .fetch_optional(on)
    .await?;
    Ok(any.is_none())
}

fn taken() -> Failure {
    FieldProblem {
        field: Field::Username,
        problem: Problem::NameTaken,
    }
    .into()
}

/// The name of a new operator as it is kept.
fn new_name(text: &str) -> Result<String, Failure> {
    username::accepted(text).map_err(|problem| {
        let field = Field::Username;
        FieldProblem { field, problem }.into()
    })
}
