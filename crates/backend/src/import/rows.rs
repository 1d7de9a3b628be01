//! Rows of a file as rows of a job.

use domain::arn::{AppInstanceArn, AppInstanceUserArn};
use domain::import::{Duplicates, Mapping, RawRow, Seen, Wanted as Asked};
use domain::plan::{Change, Why};

use crate::jobs::{Row, Wanted};

/// Turns the rows of one file into rows of a job, in their order.
pub struct RowsOfFile {
    mapping: Mapping,
    instance: AppInstanceArn,
    seen: Duplicates,
    case_only: u64,
}

impl RowsOfFile {
    /// For a file with these columns.
    pub fn new(mapping: Mapping, instance: AppInstanceArn) -> Self {
        Self {
            mapping,
            instance,
            seen: Duplicates::default(),
            case_only: 0,
        }
    }

    /// The row of the job. One that is no good, or that an earlier line is about, is refused with why.
    pub fn row(&mut self, raw: &RawRow) -> Row {
        let line = Some(raw.line);
        let asked = match self.mapping.check(raw, &self.instance) {
            Ok(asked) => asked,
            Err(problems) => {
                let wanted = Wanted::Refused(self.named(raw), Why::Row(problems));
                return Row { line, wanted };
            }
        };
        match self.seen.seen(&asked.key(), raw.line) {
            Some(Seen::Same(earlier)) => {
                let wanted = Wanted::Refused(self.named(raw), Why::Twice(earlier));
                return Row { line, wanted };
            }
            Some(Seen::CaseOnly(_)) => self.case_only += 1,
            None => {}
        }
        let wanted = match asked {
            Asked::User {
                id,
                name,
                metadata,
                expires,
                tags,
            } => {
                let arn = AppInstanceUserArn::new(&self.instance, &id);
                let change = Change::Put {
                    name,
                    metadata,
                    expires,
                    tags,
                    admin: false,
                };
                Wanted::Change(arn.into(), change)
            }
            Asked::Admin { member } => Wanted::Change(member.into(), Change::Promote),
            Asked::Endpoint {
                user_id,
                name,
                r#type,
                resource_arn,
                device_token,
                voip_device_token,
                allow_messages,
            } => {
                let arn = AppInstanceUserArn::new(&self.instance, &user_id);
                let change = Change::Register {
                    name: name.unwrap_or_default(),
                    r#type,
                    resource_arn,
                    device_token,
                    voip_device_token,
                    allow_messages,
                };
                Wanted::Change(arn.into(), change)
            }
        };
        Row { line, wanted }
    }

    /// How many rows differ from an earlier one only in capital letters. AWS takes both.
    pub const fn case_only(&self) -> u64 {
        self.case_only
    }

    /// What a row is called that is refused: the first cell, which mostly is the id. Never a token.
    fn named(&self, raw: &RawRow) -> String {
        let columns = self.mapping.columns().iter();
        let named = columns
            .zip(&raw.cells)
            .find(|(column, _)| matches!(column, Some(domain::import::Column::UserId)));
        named.map(|(_, cell)| cell.clone()).unwrap_or_default()
    }
}
