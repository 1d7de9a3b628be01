//! What there is, as a few hashes: whether two populations are the same, however they came about.
//!
//! A kind of one AppInstance is a set of lines, and a set is hashed sorted, each line with a line feed after it. Times
//! are left out, and so are ids that the emulator made up: bots and endpoints are told apart by what they are. A whole
//! is the hash of its parts in the same way, since AppInstances have no order without their ids.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, SqliteConnection};

use crate::error::ApiError;
use crate::scope::Scope;
use crate::state::State;
use crate::{app_instances, arn};

/// The kinds with the lines of one AppInstance. JSON of SQLite keeps members apart, and no text and an empty one.
const KINDS: [(&str, &str); 7] = [
    (
        "app_instances",
        "SELECT json_array(name, metadata, retention_days) FROM app_instance WHERE id = $1",
    ),
    (
        "users",
        "SELECT json_array(user_id, name, metadata, expiration_days) FROM app_instance_user WHERE app_instance = $1",
    ),
    // By itself and not as JSON, so that a test can compute what it expects from the ids that it made.
    (
        "user_ids",
        "SELECT user_id FROM app_instance_user WHERE app_instance = $1",
    ),
    (
        "bots",
        "SELECT json_array(name, metadata, configuration) FROM app_instance_bot WHERE app_instance = $1",
    ),
    (
        "admins",
        "SELECT CASE WHEN u.id IS NOT NULL THEN json_array('user', u.user_id)
                     ELSE json_array('bot', b.name, b.metadata, b.configuration) END
         FROM app_instance_admin a LEFT JOIN app_instance_user u ON u.id = a.user
                                   LEFT JOIN app_instance_bot b ON b.id = a.bot
         WHERE a.app_instance = $1",
    ),
    (
        "endpoints",
        "SELECT json_array(u.user_id, e.name, e.type, e.resource_arn, e.device_token, e.voip_device_token,
                           e.allow_messages, e.status, e.status_reason)
         FROM app_instance_user u JOIN endpoint e ON e.user = u.id WHERE u.app_instance = $1",
    ),
    (
        "tags",
        "SELECT json_array('app-instance', key, value) FROM tag WHERE kind = 'app-instance' AND owner = $1
         UNION ALL
         SELECT json_array('user', u.user_id, t.key, t.value)
         FROM app_instance_user u JOIN tag t ON t.kind = 'user' AND t.owner = u.id WHERE u.app_instance = $1
         UNION ALL
         SELECT json_array('bot', b.name, b.metadata, b.configuration, t.key, t.value)
         FROM app_instance_bot b JOIN tag t ON t.kind = 'bot' AND t.owner = b.id WHERE b.app_instance = $1",
    ),
];

/// How many there are of a kind, and their hash.
#[derive(Clone, Serialize)]
struct Kind {
    count: usize,
    sha256: String,
}

/// An AppInstance, or all of an account and Region.
#[derive(Serialize)]
pub(crate) struct Part {
    sha256: String,
    kinds: BTreeMap<&'static str, Kind>,
}

/// What an account has in a Region.
#[derive(Serialize)]
struct Holding {
    account_id: String,
    region: String,
    #[serde(flatten)]
    part: Part,
}

/// All that there is.
#[derive(Serialize)]
pub(crate) struct Whole {
    sha256: String,
    accounts: Vec<Holding>,
}

/// All accounts and Regions that have an AppInstance.
pub(crate) async fn of_everything(state: &State) -> Result<Whole, ApiError> {
    let mut db = state.store.read().await?;
    // One transaction, so that what is written meanwhile is in all parts or in none.
    let mut db = db.begin().await?;
    let rows: Vec<(i64, String, String)> =
        sqlx::query_as("SELECT id, account_id, region FROM app_instance WHERE deleting = 0")
            .fetch_all(&mut *db)
            .await?;
    let mut found: BTreeMap<(String, String), Vec<Part>> = BTreeMap::new();
    for (row, account_id, region) in rows {
        let part = of_row(&mut db, row).await?;
        found.entry((account_id, region)).or_default().push(part);
    }
    let account = |((account_id, region), parts): ((String, String), Vec<Part>)| Holding {
        account_id,
        region,
        part: together(&parts),
    };
    let accounts: Vec<Holding> = found.into_iter().map(account).collect();
    let line = |of: &Holding| format!("{} {} {}", of.account_id, of.region, of.part.sha256);
    Ok(Whole {
        sha256: hash(accounts.iter().map(line).collect()),
        accounts,
    })
}

/// One AppInstance.
pub(crate) async fn of_app_instance(state: &State, arn: &str) -> Result<Part, ApiError> {
    let scope = Scope {
        account_id: state.account_id.clone(),
        region: arn.split(':').nth(3).unwrap_or_default().to_owned(),
    };
    let id = arn::app_instance("instance", arn, &scope)?;
    let mut db = state.store.read().await?;
    let mut db = db.begin().await?;
    let row = app_instances::find(&mut db, &scope, &id).await?;
    of_row(&mut db, row).await
}

async fn of_row(db: &mut SqliteConnection, row: i64) -> Result<Part, ApiError> {
    let mut kinds = BTreeMap::new();
    for (name, statement) in KINDS {
        let lines: Vec<String> = sqlx::query_scalar(statement)
            .bind(row)
            .fetch_all(&mut *db)
            .await?;
        let count = lines.len();
        let sha256 = hash(lines);
        kinds.insert(name, Kind { count, sha256 });
    }
    Ok(part(kinds))
}

fn together(parts: &[Part]) -> Part {
    let of_kind = |name: &'static str| {
        let found: Vec<&Kind> = parts
            .iter()
            .filter_map(|part| part.kinds.get(name))
            .collect();
        let count = found.iter().map(|kind| kind.count).sum();
        let sha256 = hash(found.iter().map(|kind| kind.sha256.clone()).collect());
        (name, Kind { count, sha256 })
    };
    let kinds = KINDS.iter().map(|(name, _)| of_kind(name)).collect();
    Part {
        // Not that of the kinds: two AppInstances that swap their users are something else.
        sha256: hash(parts.iter().map(|part| part.sha256.clone()).collect()),
        kinds,
    }
}

fn part(kinds: BTreeMap<&'static str, Kind>) -> Part {
    let line = |(name, kind): (&&str, &Kind)| format!("{name} {}", kind.sha256);
    Part {
        sha256: hash(kinds.iter().map(line).collect()),
        kinds,
    }
}

fn hash(mut lines: Vec<String>) -> String {
    lines.sort_unstable();
    let mut hash = Sha256::new();
    for line in lines {
        hash.update(line);
        hash.update("\n");
    }
    format!("{:x}", hash.finalize())
}
