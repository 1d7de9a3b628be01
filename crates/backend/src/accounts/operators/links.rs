//! Links by which an operator chooses a password: for somebody who was invited, and after a reset.

use domain::event::ConsoleEvent;
use domain::{Cause, Failure, Field};
use serde_json::json;
use sqlx::{AnyConnection, Row as _};

use super::attempts::Attempt;
use super::change::Change;
use super::notices::{News, NoticeKind};
use super::{Operator, OperatorId, actor, epoch_of, key};
use crate::access::Origin;
use crate::accounts::Accounts;
use crate::random;
use crate::store::within;

/// How long a link works, in milliseconds.
const LIFETIME: i64 = 86_400_000;

impl Accounts {
    /// Makes a link's token within a transaction. Earlier links of the operator stop working.
    pub(super) async fn make_link(
        &self,
        on: &mut AnyConnection,
        id: &OperatorId,
    ) -> sqlx::Result<String> {
        let token = random::secret();
        let now = self.clock.now().0;
        sqlx::query("DELETE FROM operator_links WHERE operator = $1")
            .bind(id.as_str())
            .execute(&mut *on)
            .await?;
        sqlx::query("INSERT INTO operator_links (hash, operator, expires_at) VALUES ($1, $2, $3)")
            .bind(random::sha256(token.as_bytes()))
            .bind(id.as_str())
            .bind(now + LIFETIME)
            .execute(&mut *on)
            .await?;
        Ok(token)
    }

    /// Whose link this is, while it works.
    pub async fn of_link(&self, token: &str) -> Result<Option<Operator>, Failure> {
        let row =
            sqlx::query("SELECT operator FROM operator_links WHERE hash = $1 AND expires_at > $2")
                .bind(random::sha256(token.as_bytes()))
                .bind(self.clock.now().0)
                .fetch_optional(self.store.pool());
        let id = async {
            row.await?
                .map(|row| row.try_get::<String, _>(0))
                .transpose()
        };
        let Some(id) = within(id).await? else {
            return Ok(None);
        };
        let operator = self.get(&OperatorId::from(id)).await?;
        Ok(operator.filter(|operator| operator.disabled.is_none()))
    }
}

impl Accounts {
    /// Sets the password that somebody chose by a link, which signs them in, and ends the sessions
    /// they had. The link works once; a password that is refused leaves it working.
    pub async fn choose_password(
        &self,
        token: &str,
        password: &str,
        origin: &Origin,
    ) -> Result<Operator, Failure> {
        let operator = self.of_link(token).await?.ok_or(Cause::LinkUsed)?;
        let username = &operator.username;
        self.check_new(Field::NewPassword, password, username)
            .await?;
        let hash = self.hasher.hash(password).await?;
        let needs_code = self.authenticator(&operator.id).await?.is_some();
        let key = key(username);
        let attempt = Attempt::new(&key, origin.remote);
        let actor = actor(Some(&operator), origin);
        let now = self.clock.now();
        let chosen = async {
            let mut write = self.audit.write().await?;
            let used =
                sqlx::query("DELETE FROM operator_links WHERE hash = $1 AND expires_at > $2")
                    .bind(random::sha256(token.as_bytes()))
                    .bind(self.clock.now().0)
                    .execute(write.on())
                    .await?;
            if used.rows_affected() == 0 {
                return Ok(Err(Cause::LinkUsed.into()));
            }
            let changed = Change::Password(&hash, None).apply(write.on(), &operator.id);
            if let Err(failure) = changed.await? {
                return Ok(Err(failure));
            }
            sqlx::query("UPDATE operators SET signed_in_at = $1 WHERE id = $2")
                .bind(now.0)
                .bind(operator.id.as_str())
                .execute(write.on())
                .await?;
            let epoch = epoch_of(write.on(), &operator.id).await?;
            let news = News::own(NoticeKind::PasswordChosen, origin.remote);
            self.tell(write.on(), &operator.id, news).await?;
            if !needs_code {
                // Told with the password.
                let arrived = self.arrive(write.on(), &attempt, &operator.id, true);
                arrived.await?;
            }
            let detail = json!({ "username": username });
            self.audit
                .note_on(write.on(), &actor, ConsoleEvent::ChoosePassword, detail)
                .await?;
            write.commit().await?;
            Ok(Ok(epoch))
        };
        let chosen: Result<i64, Failure> = within(chosen).await?;
        Ok(Operator {
            invited: false,
            signed_in: Some(now),
            epoch: chosen?,
            ..operator
        })
    }
}
