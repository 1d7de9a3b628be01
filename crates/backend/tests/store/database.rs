//! Fresh databases for tests, and a backend over one of them.

use backend::{
    AccountsConfig, Actor, AuditFilter, Backend, Caller, Clock, Config, ConnectionConfig,
    Credentials, Entry, OperatorId,
};
use domain::{AccountId, ConnectionId, Environment, Event, Grant, Region, Role, Timestamp};
use serde_json::Value;
use sqlx::{AnyPool, Executor};
use tempfile::TempDir;

/// When the clock of every test starts.
pub const START: Timestamp = Timestamp(1_700_000_000_000);

/// An empty database.
pub struct Database {
    pub url: String,
    pub clock: Clock,
    /// Removed with the test.
    pub folder: Option<TempDir>,
}

impl Database {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            url: format!("sqlite:{}", folder.path().join("carillon.db").display()),
            clock: Clock::fixed(START),
            folder: Some(folder),
        }
    }

    /// A schema of its own, if there is a server to make it on.
    pub async fn postgres() -> Option<Self> {
        let server = std::env::var("CARILLON_TEST_POSTGRES_URL").ok()?;
        sqlx::any::install_default_drivers();
        let pool = AnyPool::connect(&server).await.unwrap();
        let schema = format!("t{:016x}", rand::random::<u64>());
        let create = sqlx::AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
        pool.execute(sqlx::raw_sql(create)).await.unwrap();
        let join = if server.contains('?') { '&' } else { '?' };
        Some(Self {
            url: format!("{server}{join}options=-c%20search_path%3D{schema}"),
            clock: Clock::fixed(START),
            folder: None,
        })
    }

    pub async fn open(&self) -> Backend {
        Backend::open(self.config()).await.unwrap()
    }

    pub fn config(&self) -> Config {
        Config {
            database_url: self.url.clone(),
            connection: ConnectionConfig {
                id: connection(),
                label: "Test".into(),
                environment: Environment::Sandbox,
                regions: vec![Region::UsEast1],
                credentials: Credentials::Static {
                    access_key_id: "test".into(),
                    secret_access_key: "test".into(),
                },
                // Nobody listens there: calls fail at once.
                endpoint_url: Some("http://127.0.0.1:9".into()),
                account: Some("123456789012".parse::<AccountId>().unwrap()),
                read_only: false,
                rates: domain::rate::Rates::unlimited(),
            },
            accounts: AccountsConfig::default(),
            clock: self.clock.clone(),
        }
    }

    /// A connection past the backend, as an administrator of the database has one.
    pub async fn raw(&self) -> AnyPool {
        AnyPool::connect(&self.url).await.unwrap()
    }

    /// Runs a statement past the backend.
    pub async fn write(&self, statement: &'static str) {
        let raw = self.raw().await;
        sqlx::query(statement).execute(&raw).await.unwrap();
    }

    /// Takes away what keeps the rows of the audit from being changed, as that administrator can.
    pub async fn unprotect(&self, raw: &AnyPool) {
        let drops: &[&'static str] = if self.folder.is_some() {
            &[
                "DROP TRIGGER audit_no_update",
                "DROP TRIGGER audit_no_delete",
                "DROP TRIGGER audit_no_replace",
            ]
        } else {
            &["DROP TRIGGER audit_no_change ON audit"]
        };
        for drop in drops {
            raw.execute(*drop).await.unwrap();
        }
    }
}

pub fn connection() -> ConnectionId {
    "test".parse().unwrap()
}

/// An event of a newer version.
pub fn event(name: &str) -> Event {
    Event::Newer(name.to_owned())
}

pub fn caller(role: Role) -> Caller {
    Caller {
        operator: OperatorId::from("op-1".to_owned()),
        username: "ada".into(),
        role,
        grant: Grant::EVERYTHING,
        remote: Some("192.0.2.1".parse().unwrap()),
        request_id: "req-1".into(),
        proved: Some(START),
        session: None,
        changes: backend::Changes::default(),
    }
}

pub fn somebody() -> Actor<'static> {
    Actor {
        operator: None,
        username: "ada",
        remote: None,
        request_id: "r",
    }
}

/// Notes what somebody did.
pub async fn note(backend: &Backend, event: impl Into<Event>, detail: Value) {
    let noted = backend.audit().note(&somebody(), event, detail).await;
    noted.unwrap();
}

/// The newest entries of the audit, the newest first.
pub async fn newest_entries(backend: &Backend, most: u32) -> Vec<Entry> {
    matching_entries(backend, &AuditFilter::default(), most).await
}

/// The newest of those that a filter lets through.
pub async fn matching_entries(backend: &Backend, filter: &AuditFilter, most: u32) -> Vec<Entry> {
    let audit = backend.audit().whole();
    audit.recent(filter, None, most).await.unwrap()
}

/// Makes each function a test on both databases.
macro_rules! on_both {
    ($($name:ident)*) => {
        mod sqlite {
            $(
                #[tokio::test]
                async fn $name() {
                    super::$name($crate::database::Database::sqlite()).await;
                }
            )*
        }

        mod postgres {
            $(
                #[tokio::test]
                async fn $name() {
                    if let Some(database) = $crate::database::Database::postgres().await {
                        super::$name(database).await;
                    }
                }
            )*
        }
    };
}

pub(crate) use on_both;
