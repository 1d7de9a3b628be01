//! An entry as the database answers it. A row that cannot be read is shown as far as it can.

use std::convert::Infallible;

use domain::{Event, Given, Timestamp};
use serde_json::Value;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{ActorKind, Entry, Phase};
use crate::access::OperatorId;

/// Reads cells, and remembers whether one was not what it should be.
struct Cells<'a> {
    row: &'a AnyRow,
    damaged: bool,
}

impl Cells<'_> {
    /// Text, or its bytes: SQLite answers these, whatever the cell holds.
    fn text(&mut self, name: &str) -> Option<String> {
        if let Ok(bytes) = self.row.try_get::<Option<Vec<u8>>, _>(name) {
            let text = String::from_utf8(bytes?);
            return Some(text.unwrap_or_else(|error| {
                self.damaged = true;
                String::from_utf8_lossy(error.as_bytes()).into_owned()
            }));
        }
        let text = self.row.try_get::<Option<String>, _>(name);
        text.unwrap_or_else(|_| {
            self.damaged = true;
            None
        })
    }

    /// What a cell says in a form of its own.
    fn read<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let text = self.text(name)?;
        let value = read(&text);
        self.damaged |= value.is_none();
        value
    }

    fn json(&mut self, name: &str) -> Option<Value> {
        self.read(name, |text| serde_json::from_str(text).ok())
    }

    /// Text that each row has.
    fn needed(&mut self, name: &str) -> String {
        self.text(name).unwrap_or_else(|| {
            self.damaged = true;
            String::new()
        })
    }

    fn event(&mut self) -> Event {
        let name = self.needed("operation");
        name.parse()
            .unwrap_or_else(|never: Infallible| match never {})
    }

    fn number(&mut self, name: &str) -> Option<i64> {
        self.row.try_get(name).unwrap_or_else(|_| {
            self.damaged = true;
            None
        })
    }

    /// A number that each row has.
    fn needed_number(&mut self, name: &str) -> i64 {
        self.number(name).unwrap_or_else(|| {
            self.damaged = true;
            0
        })
    }
}

/// Reads an entry. Never fails, since one row must not hide the others.
pub(super) fn entry(row: &AnyRow) -> Entry {
    let damaged = row.try_get::<i64, _>("typed").ok() != Some(1);
    let mut cells = Cells { row, damaged };
    let phase = cells.needed("phase");
    let (operator, request) = (cells.text("operator"), cells.needed("request"));
    let provider = cells.text("provider");
    let entry = Entry {
        id: cells.needed("entry"),
        seq: cells.needed_number("seq"),
        at: Timestamp(cells.needed_number("at")),
        actor: ActorKind::of(!request.is_empty(), operator.is_some(), provider.is_some()),
        operator: operator.map(OperatorId::from),
        username: cells.needed("username"),
        remote: cells.read("remote", |text| text.parse().ok()),
        request,
        connection: cells.read("connection", |text| text.parse().ok()),
        region: cells.text("region").and_then(|text| text.parse().ok()),
        event: cells.event(),
        resource: cells.text("resource").map(Given::read),
        instance: cells.text("instance").map(Given::read),
        // A word that this version does not know was written by a newer one.
        phase: phase.parse().unwrap_or(Phase::Unknown),
        input: cells.json("input").unwrap_or(Value::Null),
        before: cells.json("before_values"),
        failure: cells.text("failure"),
        aws_request: cells.text("aws_request"),
        finished_at: cells.number("finished_at").map(Timestamp),
        job: cells.read("job", |text| text.parse().ok()),
        looked_by: cells.text("looked_by"),
        damaged: false,
    };
    Entry {
        damaged: cells.damaged,
        ..entry
    }
}
