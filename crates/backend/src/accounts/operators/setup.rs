//! The first operator: made through a link that works once, so that a new console does not belong
//! to the first person who finds it.

use domain::event::ConsoleEvent;
use domain::{Cause, Failure, Field, Grant, Role};
use serde_json::json;

use super::{Operator, actor, insert, is_empty_on, new_name, taken};
use crate::access::Origin;
use crate::accounts::Accounts;
use crate::random;
use crate::store::within;

/// How long the link works, in milliseconds.
const LIFETIME: i64 = 86_400_000;

impl Accounts {
    /// Makes the token of a set-up link when there is no operator. Earlier ones stop working.
    pub async fn setup_token(&self) -> Result<Option<String>, Failure> {
        if !self.is_empty().await? {
            return Ok(None);
        }
        let token = random::secret();
        let hash = random::sha256(token.as_bytes());
        let until = self.clock.now().0 + LIFETIME;
        let made = async {
            let mut write = self.store.write().await?;
            sqlx::query("DELETE FROM setup_tokens")
                .execute(write.on())
                .await?;
            sqlx::query("INSERT INTO setup_tokens (hash, expires_at) VALUES ($1, $2)")
                .bind(hash)
                .bind(until)
                .execute(write.on())
                .await?;
            write.commit().await
        };
        within(made).await?;
        Ok(Some(token))
    }

    /// Whether a set-up link still works, for its page.
    pub async fn setup_works(&self, token: &str) -> Result<bool, Failure> {
        let row = sqlx::query("SELECT hash FROM setup_tokens WHERE hash = $1 AND expires_at > $2")
            .bind(random::sha256(token.as_bytes()))
            .bind(self.clock.now().0)
            .fetch_optional(self.store.pool());
        Ok(within(row).await?.is_some() && self.is_empty().await?)
    }

    /// Makes the first operator, an Admin. A wrong field leaves the link working.
    pub async fn redeem_setup(
        &self,
        token: &str,
        username: &str,
        password: &str,
    ) -> Result<Operator, Failure> {
        self.make_first(token, username, password, None).await
    }

    async fn make_first(
        &self,
        token: &str,
        username: &str,
        password: &str,
        noted: Option<&Origin>,
    ) -> Result<Operator, Failure> {
        // First of all, since the work that follows is expensive and nobody without a link may
        // cause it.
        if !self.setup_works(token).await? {
            return Err(Cause::LinkUsed.into());
        }
        let username = new_name(username)?;
        self.check_new(Field::NewPassword, password, &username)
            .await?;
        let hash = self.hasher.hash(password).await?;
        let now = self.clock.now().0;
        let operator = self.new_operator(&username, Role::Admin, Grant::EVERYTHING, &hash);
        let redeemed = async {
            let mut write = match noted {
                Some(_) => self.audit.write().await?,
                None => self.store.write().await?,
            };
            let used = sqlx::query("DELETE FROM setup_tokens WHERE hash = $1 AND expires_at > $2")
                .bind(random::sha256(token.as_bytes()))
                .bind(now)
                .execute(write.on())
                .await?;
            if used.rows_affected() == 0 || !is_empty_on(write.on()).await? {
                return Ok(Err(Cause::LinkUsed.into()));
            }
            if !insert(write.on(), &operator, &hash).await? {
                return Ok(Err(taken()));
            }
            if let Some(origin) = noted {
                let actor = actor(Some(&operator), origin);
                let detail = json!({ "username": operator.username, "role": operator.role.name() });
                self.audit
                    .note_on(write.on(), &actor, ConsoleEvent::SetUp, detail)
                    .await?;
            }
            write.commit().await?;
            Ok(Ok(()))
        };
        let redeemed: Result<(), Failure> = within(redeemed).await?;
        redeemed.map(|()| operator)
    }
}

impl Accounts {
    /// The same, and writes it into the audit.
    pub async fn set_up(
        &self,
        token: &str,
        username: &str,
        password: &str,
        origin: &Origin,
    ) -> Result<Operator, Failure> {
        self.make_first(token, username, password, Some(origin))
            .await
    }
}
