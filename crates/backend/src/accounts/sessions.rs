//! Who is signed in: a store for `tower-sessions`.
//!
//! A session is checked when it is used, not when it was asked for. Beginning one inserts a row
//! only while the operator's number is the one that was read with their password. Saving and
//! renewing only change a row that is still there. The published stores insert one, and so bring
//! back a session that another request ended meanwhile.

mod rows;
mod seen;
mod visit;

use std::collections::HashMap;

use async_trait::async_trait;
use domain::{Failure, Timestamp};
use serde_json::Value;
use sqlx::Row as _;
use time::OffsetDateTime;
use tower_sessions::session::{self, Id, Record};
use tower_sessions::session_store::{Error, Result as StoreResult};
use tower_sessions::{Session, SessionStore};

use crate::access::OperatorId;
use crate::background::Background;
use crate::clock::Clock;
use crate::random;
use crate::store::{Store, within};
use rows::{keep_newest, put};
use seen::{Seen, Use};
use visit::{ADDRESS, BEGAN, EPOCH, OPERATOR, PENDING, RENEWS, SID};

pub use visit::Visit;

pub(crate) use rows::{end_all, end_one, renumber};

/// Milliseconds without a request after which a session ends.
const IDLE: i64 = 30 * 60_000;
/// Milliseconds after which a session ends in any case.
const ABSOLUTE: i64 = 12 * 3_600_000;
/// A request moves the idle end of its session at most this often, to spare the disk.
const TOUCH: i64 = 60_000;
/// The most sessions of one operator; the oldest ends when there is one more.
const PER_OPERATOR: i64 = 5;

tokio::task_local! {
    /// Set while a session gets another id: its row goes on under the new one.
    static RENEWING: ();
}

/// The sessions. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sessions {
    store: Store,
    clock: Clock,
    seen: Seen,
}

/// A session, for the page that lists them. Nothing in it signs anybody in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionInfo {
    /// Its own name, which stays when it gets another id. Not what the browser has.
    pub sid: String,
    /// When it was begun, by signing in.
    pub created: Timestamp,
    /// When it was last used, to the minute.
    pub seen: Timestamp,
    /// Where it was begun.
    pub address: Option<String>,
    /// When it ends unless it is used.
    pub idle_until: Timestamp,
    /// When it ends in any case.
    pub until: Timestamp,
}

impl Sessions {
    pub(crate) fn new(store: Store, clock: Clock, background: Background) -> Self {
        let seen = Seen::new(store.clone(), background);
        Self { store, clock, seen }
    }

    /// Signs an operator out everywhere.
    pub async fn revoke_of(&self, operator: &OperatorId) -> Result<(), Failure> {
        let done = async {
            let mut write = self.store.write_in_turn().await?;
            end_all(write.on(), operator, None).await?;
            write.commit().await
        };
        within(done).await
    }

    /// Ends one session of an operator, by its name.
    pub async fn revoke(&self, operator: &OperatorId, sid: &str) -> Result<(), Failure> {
        let done = async {
            let mut write = self.store.write_in_turn().await?;
            end_one(write.on(), operator, sid).await?;
            write.commit().await
        };
        within(done).await
    }

    /// The sessions of an operator, the newest first.
    pub async fn list_of(&self, operator: &OperatorId) -> Result<Vec<SessionInfo>, Failure> {
        let (now, uses) = (self.clock.now().0, self.seen.all());
        let rows = sqlx::query(
            "SELECT key, created_at, idle_expires_at, expires_at, data, seen_at, sid FROM sessions \
             WHERE operator = $1 AND expires_at > $2 \
             AND epoch = (SELECT o.epoch FROM operators o WHERE o.id = $1) \
             ORDER BY created_at DESC",
        )
        .bind(operator.as_str())
        .bind(now)
        .fetch_all(self.store.pool());
        let read = async {
            let info = |row: &sqlx::any::AnyRow| {
                let key: String = row.try_get(0)?;
                let (mut idle_until, mut seen) = (row.try_get(2)?, row.try_get(5)?);
                if let Some(used) = uses.get(&key) {
                    (idle_until, seen) = (used.idle_until.max(idle_until), Some(used.at).max(seen));
                }
                let until = row.try_get(3)?;
                let data = decode(row.try_get(4)?).unwrap_or_default();
                let address = data.get(ADDRESS).and_then(Value::as_str);
                Ok(SessionInfo {
                    sid: row.try_get(6)?,
                    created: Timestamp(row.try_get(1)?),
                    seen: Timestamp(seen.unwrap_or(idle_until - IDLE)),
                    address: address.map(str::to_owned),
                    idle_until: Timestamp(idle_until),
                    until: Timestamp(until),
                })
            };
            rows.await?.iter().map(info).collect()
        };
        let listed: Vec<SessionInfo> = within(read).await?;
        let is_live = |session: &SessionInfo| session.idle_until.0 > now;
        Ok(listed.into_iter().filter(is_live).collect())
    }
}

impl Sessions {
    /// How many sessions each operator has.
    pub async fn count(&self) -> Result<HashMap<OperatorId, i64>, Failure> {
        let rows = sqlx::query(
            "SELECT s.operator, COUNT(*) FROM sessions s JOIN operators o \
             ON o.id = s.operator AND o.epoch = s.epoch \
             WHERE s.idle_expires_at > $1 AND s.expires_at > $1 GROUP BY s.operator",
        )
        .bind(self.clock.now().0)
        .fetch_all(self.store.pool());
        let read = async {
            let count = |row: &sqlx::any::AnyRow| {
                let id: String = row.try_get(0)?;
                Ok((OperatorId::from(id), row.try_get(1)?))
            };
            rows.await?.iter().map(count).collect()
        };
        within(read).await
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> StoreResult<()> {
        let now = self.clock.now().0;
        let created = async {
            // In turn: of two that begin at once, one counts the other among the five.
            let mut write = self.store.write_in_turn().await?;
            let is_live = put(write.on(), record, now).await?;
            keep_newest(write.on(), operator(record), now).await?;
            write.commit().await?;
            Ok(is_live)
        };
        let is_live = within(created).await.map_err(|failure| backend(&failure))?;
        if !is_live {
            record.data.clear();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> StoreResult<()> {
        let saved = async {
            let data = encode(record)?;
            let mut write = self.store.write().await?;
            // No row means signed out meanwhile: the data is dropped, which is no error.
            sqlx::query("UPDATE sessions SET data = $1 WHERE key = $2")
                .bind(data)
                .bind(key(&record.id))
                .execute(write.on())
                .await?;
            write.commit().await
        };
        within(saved).await.map_err(|failure| backend(&failure))
    }

    async fn load(&self, id: &Id) -> StoreResult<Option<Record>> {
        let (key, now) = (key(id), self.clock.now().0);
        // Read before the row: a use that is written meanwhile is then found in at least one of the
        // two.
        let used = self.seen.of(&key);
        let row = sqlx::query(
            "SELECT s.data, s.seen_at, s.expires_at, s.idle_expires_at, s.sid FROM sessions s \
             LEFT JOIN operators o ON o.id = s.operator \
             WHERE s.key = $1 AND s.expires_at > $2 \
             AND (s.operator IS NULL OR s.epoch = o.epoch)",
        )
        .bind(&key)
        .bind(now)
        .fetch_optional(self.store.pool());
        let found = async {
            let Some(row) = row.await? else {
                return Ok(None);
            };
            let used: (Option<i64>, i64) = (row.try_get(1)?, row.try_get(3)?);
            let read: (String, i64, String) = (row.try_get(0)?, row.try_get(2)?, row.try_get(4)?);
            Ok(Some((read, used)))
        };
        let found = within(found).await.map_err(|failure| backend(&failure))?;
        let Some(((data, absolute, sid), (mut seen, mut idle))) = found else {
            return Ok(None);
        };
        if let Some(used) = used {
            seen = seen.max(Some(used.at));
            idle = idle.max(used.idle_until);
        }
        if idle <= now {
            return Ok(None);
        }
        let idle_until = (now + IDLE).min(absolute);
        if seen.is_none_or(|seen| now - seen >= TOUCH) {
            let at = now;
            self.seen.note(key, Use { at, idle_until });
        }
        let until = OffsetDateTime::from_unix_timestamp_nanos(i128::from(idle_until) * 1_000_000)
            .map_err(|error| Error::Decode(error.to_string()))?;
        let mut data = decode(&data)?;
        data.insert(SID.to_owned(), sid.into());
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date: until,
        }))
    }

    async fn delete(&self, id: &Id) -> StoreResult<()> {
        if RENEWING.try_with(|()| ()).is_ok() {
            return Ok(());
        }
        let deleted = async {
            let mut write = self.store.write().await?;
            sqlx::query("DELETE FROM sessions WHERE key = $1")
                .bind(key(id))
                .execute(write.on())
                .await?;
            write.commit().await
        };
        within(deleted).await.map_err(|failure| backend(&failure))
    }
}

/// Saves a session that has no id yet. Answers false, and empties the session, when it is not live:
/// it holds no operator who may be signed in, or it was ended meanwhile.
pub async fn save_new(session: &Session) -> Result<bool, session::Error> {
    session.save().await?;
    let holds = async |name| Ok::<_, session::Error>(session.get_value(name).await?.is_some());
    if holds(OPERATOR).await? || holds(PENDING).await? {
        return Ok(true);
    }
    // The browser's cookie goes with it.
    session.flush().await?;
    Ok(false)
}

/// Gives a session another id, at once. Answers false when it was ended meanwhile; it is empty
/// then.
pub async fn renew(session: &Session) -> Result<bool, session::Error> {
    if let Some(id) = session.id() {
        session.insert(RENEWS, key(&id)).await?;
        RENEWING.scope((), session.cycle_id()).await?;
    }
    save_new(session).await
}

fn key(id: &Id) -> String {
    random::sha256(&id.0.to_be_bytes())
}

fn operator(record: &Record) -> Option<&str> {
    record.data.get(OPERATOR)?.as_str()
}

fn encode(record: &Record) -> sqlx::Result<String> {
    serde_json::to_string(&record.data).map_err(|error| sqlx::Error::Encode(error.into()))
}

fn decode(data: &str) -> StoreResult<HashMap<String, Value>> {
    serde_json::from_str(data).map_err(|error| Error::Decode(error.to_string()))
}

fn backend(failure: &Failure) -> Error {
    Error::Backend(failure.to_string())
}
