//! Which processes use the database, so that a job whose process is gone is taken over at once.
//!
//! On SQLite all processes are on one machine. Each holds the lock of a file beside the database, and
//! the system lets go of it however the process ends. On PostgreSQL nobody can tell, so leases run
//! out.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::PathBuf;
use std::sync::Arc;

use sqlx::{AnyPool, Row as _};

use super::Kind;
use crate::random;

/// This process, as leases name it. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Process(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    id: String,
    /// What the files of locks begin with; nothing where there are none.
    beside: Option<String>,
    lock: Option<File>,
}

impl Process {
    /// Takes the lock of this process.
    pub(super) async fn begin(pool: &AnyPool, kind: Kind) -> Self {
        let beside = match kind {
            Kind::Sqlite => file_of(pool).await.map(|file| format!("{file}-process-")),
            Kind::Postgres => None,
        };
        let id = random::id();
        let lock = beside.as_ref().and_then(|beside| {
            let path = PathBuf::from(format!("{beside}{id}"));
            let file = open(&path, true)?;
            file.try_lock().is_ok().then_some(file)
        });
        if beside.is_some() && lock.is_none() {
            // Others then wait until its leases have run out.
            tracing::warn!("the lock of this process could not be taken");
        }
        Self(Arc::new(Inner { id, beside, lock }))
    }

    /// Its name in leases.
    pub(crate) fn id(&self) -> &str {
        &self.0.id
    }

    /// Whether another process is known to have ended. What it left is cleaned up.
    pub(crate) fn is_gone(&self, other: &str) -> bool {
        // A name that a stranger wrote there is no path.
        let Some(beside) = self.0.beside.as_ref().filter(|_| random::is_id(other)) else {
            return false;
        };
        if other == self.0.id {
            return false;
        }
        let path = PathBuf::from(format!("{beside}{other}"));
        match path.try_exists() {
            Ok(true) => {}
            Ok(false) => return true,
            Err(_) => return false,
        }
        let Some(file) = open(&path, false) else {
            return false;
        };
        match file.try_lock() {
            Ok(()) => {
                let _ = std::fs::remove_file(path);
                true
            }
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let (Some(beside), Some(_)) = (&self.beside, &self.lock) {
            let _ = std::fs::remove_file(format!("{beside}{}", self.id));
        }
    }
}

fn open(path: &PathBuf, make: bool) -> Option<File> {
    let file = OpenOptions::new()
        .write(true)
        .create(make)
        .truncate(false)
        .open(path);
    file.ok()
}

/// The file of a SQLite database; nothing for one in memory.
async fn file_of(pool: &AnyPool) -> Option<String> {
    let row = sqlx::query("SELECT file FROM pragma_database_list WHERE name = 'main'")
        .fetch_one(pool)
        .await
        .ok()?;
    let file: String = row.try_get(0).ok()?;
    (!file.is_empty()).then_some(file)
}

#[cfg(test)]
mod tests {
    use crate::store::Store;

    #[tokio::test]
    async fn a_process_is_gone_once_its_lock_is_free() {
        let (folder, store) = Store::in_a_folder().await;
        let url = format!("sqlite:{}", folder.path().join("carillon.db").display());
        let other = Store::open(&url).await.unwrap();
        let (here, there) = (store.process().clone(), other.process().id().to_owned());
        assert!(!here.is_gone(&there) && !here.is_gone(here.id()));
        drop(other);
        assert!(here.is_gone(&there));
        assert!(!here.is_gone("../../etc/passwd"));
    }
}
