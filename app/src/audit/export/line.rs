//! An entry as a line of a file.

use std::net::IpAddr;

use backend::Entry;
use domain::spreadsheet::harmless;
use domain::{ConnectionId, Given, Region, Timestamp};
use serde::Serialize;
use serde_json::Value;

/// The names of the columns.
pub(super) const COLUMNS: &[&str] = &[
    "row",
    "time",
    "operator",
    "account",
    "address",
    "operation",
    "resource",
    "app_instance",
    "connection",
    "region",
    "outcome",
    "reason",
    "finished",
    "aws_request_id",
    "operation_id",
    "http_request_id",
    "before",
    "input",
    "damaged",
];

/// An entry as a file has it.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    row: i64,
    time: String,
    operator: &'a str,
    account: &'static str,
    address: Option<IpAddr>,
    operation: &'a str,
    resource: Option<&'a str>,
    app_instance: Option<&'a str>,
    connection: Option<&'a str>,
    region: Option<&'static str>,
    outcome: &'static str,
    reason: Option<&'a str>,
    finished: Option<String>,
    aws_request_id: Option<&'a str>,
    operation_id: &'a str,
    http_request_id: &'a str,
    before: Option<&'a Value>,
    input: &'a Value,
    damaged: bool,
}

impl<'a> Line<'a> {
    pub(super) fn of(entry: &'a Entry) -> Self {
        Self {
            row: entry.seq,
            time: entry.at.iso(),
            operator: &entry.username,
            account: entry.actor.name(),
            address: entry.remote,
            operation: entry.event.name(),
            resource: entry.resource.as_ref().map(Given::as_str),
            app_instance: entry.instance.as_ref().map(Given::as_str),
            connection: entry.connection.as_ref().map(ConnectionId::as_str),
            region: entry.region.map(Region::as_str),
            outcome: entry.phase.name(),
            reason: entry.failure.as_deref(),
            finished: entry.finished_at.map(Timestamp::iso),
            aws_request_id: entry.aws_request.as_deref(),
            operation_id: &entry.id,
            http_request_id: &entry.request,
            before: entry.before.as_ref(),
            input: &entry.input,
            damaged: entry.damaged,
        }
    }

    /// In the order of [`COLUMNS`].
    pub(super) fn cells(&self) -> impl Iterator<Item = String> {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let json = |value: Option<&Value>| {
            let value = value.filter(|value| !value.is_null());
            value.map(Value::to_string).unwrap_or_default()
        };
        [
            self.row.to_string(),
            self.time.clone(),
            self.operator.to_owned(),
            self.account.to_owned(),
            self.address
                .map(|address| address.to_string())
                .unwrap_or_default(),
            self.operation.to_owned(),
            text(self.resource),
            text(self.app_instance),
            text(self.connection),
            text(self.region),
            self.outcome.to_owned(),
            text(self.reason),
            self.finished.clone().unwrap_or_default(),
            text(self.aws_request_id),
            self.operation_id.to_owned(),
            self.http_request_id.to_owned(),
            json(self.before),
            json(Some(self.input)),
            self.damaged.to_string(),
        ]
        .into_iter()
    }
}

pub(super) fn line(row: &Line) -> Vec<u8> {
    let mut line = serde_json::to_vec(row).unwrap_or_default();
    line.push(b'\n');
    line
}

/// A line of a CSV file, made harmless for spreadsheets.
pub fn record(cells: impl Iterator<Item = String>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and a record alone has no other length to differ from.
    let _ = writer.write_record(cells.map(harmless));
    writer.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use domain::Operation;

    use super::super::Format;
    use super::*;
    use crate::audit::tests::entry as example;

    fn entry() -> Entry {
        let input = json!({ "Name": "a,\"b\"\n=1" });
        Entry {
            id: "-id".into(),
            seq: 7,
            at: Timestamp(1_700_000_000_123),
            username: "=cmd()".into(),
            remote: Some("192.0.2.1".parse().unwrap()),
            request: "r".into(),
            connection: Some("embedded".parse().unwrap()),
            region: Some(Region::UsEast1),
            resource: Some(Given::read("arn:…")),
            ..example(Operation::UpdateAppInstance, input, Value::Null)
        }
    }

    #[test]
    fn a_record_has_a_cell_for_every_column_and_reads_back() {
        let file = [Format::Csv.head(false), Format::Csv.write(&[entry()])].concat();

        let mut reader = csv::Reader::from_reader(&file[..]);
        let record = reader.records().next().unwrap().unwrap();
        let cell = |name| {
            let at = COLUMNS.iter().position(|column| *column == name);
            record[at.unwrap()].to_owned()
        };

        assert_eq!(record.len(), COLUMNS.len());
        assert_eq!(cell("operator"), "'=cmd()");
        assert_eq!(cell("operation_id"), "'-id");
        assert_eq!(cell("time"), "2023-11-14T22:13:20.123Z");
        assert_eq!(cell("input"), r#"{"Name":"a,\"b\"\n=1"}"#);
    }

    #[test]
    fn a_line_is_one_json_object_with_the_names_of_the_columns() {
        let file = Format::JsonLines.write(&[entry(), entry()]);
        let file = String::from_utf8(file).unwrap();
        assert_eq!(file.lines().count(), 2);
        let line: Value = serde_json::from_str(file.lines().next().unwrap()).unwrap();
        let mut names: Vec<_> = line
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let mut columns = COLUMNS.to_vec();
        names.sort_unstable();
        columns.sort_unstable();
        assert_eq!(names, columns);
        assert_eq!(line["operator"], "=cmd()");
    }
}
