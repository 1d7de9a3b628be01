//! A row as a runner works on it.

use domain::input::AnyInput;
use domain::plan::{Change, Subject, Why};
use domain::token::RequestToken;
use domain::{Cause, Failure, JobId, RowState, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use crate::audit::mask;
use crate::store::for_rows;

/// The columns that [`Item::read`] reads.
pub(super) const COLUMNS: &str = "row, resource, endpoint, change, before_values, calls, state, \
     step, attempts, entry, verdict";

/// A row as a runner works on it.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) row: i64,
    pub(super) subject: Subject,
    pub(super) change: Change,
    /// What was there when it was planned.
    pub(super) before: Value,
    /// Every call of the row.
    pub(super) calls: Vec<AnyInput>,
    pub(super) state: RowState,
    /// Which of the calls is next.
    pub(super) step: usize,
    /// How often that call was sent.
    pub(super) attempts: i64,
    /// The entry of that call in the audit, once it is written.
    pub(super) entry: Option<String>,
    /// Whether the plan knew what is there.
    pub(super) is_sure: bool,
}

impl Item {
    /// Reads a row. `None` for one that a stranger changed.
    pub(super) fn read(row: &AnyRow) -> sqlx::Result<Option<Self>> {
        let state: String = row.try_get("state")?;
        let step: i64 = row.try_get("step")?;
        let verdict: Option<String> = row.try_get("verdict")?;
        let arn: String = row.try_get("resource")?;
        let change: String = row.try_get("change")?;
        let before: Option<String> = row.try_get("before_values")?;
        let calls: Option<String> = row.try_get("calls")?;
        let read = || {
            Some(Self {
                row: row.try_get("row").ok()?,
                subject: Subject {
                    arn: arn.parse().ok()?,
                    endpoint: row.try_get("endpoint").ok()?,
                },
                change: serde_json::from_str(&change).ok()?,
                before: kept(before.as_deref()),
                calls: calls.map_or(Some(Vec::new()), |calls| serde_json::from_str(&calls).ok())?,
                state: state.parse().ok()?,
                step: usize::try_from(step).ok()?,
                attempts: row.try_get("attempts").ok()?,
                entry: row.try_get("entry").ok()?,
                is_sure: verdict.as_deref() != Some("unknown"),
            })
        };
        Ok(read())
    }

    /// The call that is next.
    pub(super) fn call(&self) -> Option<&AnyInput> {
        self.calls.get(self.step)
    }

    /// The state to go back to when the call that was sent is known not to have been carried out: once
    /// a try got no answer, that stays so until one does.
    pub(super) const fn state_before(&self) -> RowState {
        match self.state {
            RowState::Unanswered => RowState::Unanswered,
            _ => RowState::Pending,
        }
    }

    /// The calls without device tokens, for a row that has any.
    fn masked(&self) -> Option<String> {
        if !matches!(self.change, Change::Register { .. }) {
            return None;
        }
        let mut calls = serde_json::to_value(&self.calls).unwrap_or_default();
        mask(&mut calls);
        Some(calls.to_string())
    }

    /// Whether the call that is next makes something that was not there.
    pub(super) fn creates(&self) -> bool {
        matches!(
            self.call(),
            Some(AnyInput::CreateAppInstanceUser(_) | AnyInput::RegisterAppInstanceUserEndpoint(_))
        )
    }
}

/// The token of a row's create: made once, from job and row, so that it is the same whenever the call
/// is sent.
pub(super) fn token(job: &JobId, row: i64) -> Result<RequestToken, Failure> {
    let token = format!("{job}-{row}").parse();
    token.map_err(|_| Cause::Internal.into())
}

/// Where a row is after something was done to it.
#[derive(Clone, Debug)]
pub(super) struct Moved {
    pub(super) row: i64,
    pub(super) state: RowState,
    pub(super) step: usize,
    pub(super) attempts: i64,
    pub(super) not_before: Timestamp,
    pub(super) entry: Option<String>,
    pub(super) aws_request: Option<String>,
    pub(super) why: Option<Why>,
    /// The calls without what must not be kept any longer: device tokens of a row that is done.
    masked: Option<String>,
}

impl Moved {
    /// The row is as it was, in another state.
    pub(super) fn to(item: &Item, state: RowState, why: Option<Why>) -> Self {
        Self {
            row: item.row,
            state,
            step: item.step,
            attempts: item.attempts,
            not_before: Timestamp(0),
            entry: item.entry.clone(),
            aws_request: None,
            why,
            masked: (state == RowState::Done).then(|| item.masked()).flatten(),
        }
    }

    /// Writes where rows are now.
    pub(super) async fn write(
        moved: &[Self],
        on: &mut AnyConnection,
        job: &JobId,
    ) -> sqlx::Result<()> {
        for_rows(
            on,
            "UPDATE job_items SET state = v.column3, step = v.column4, attempts = v.column5, \
             not_before = v.column6, entry = v.column7, \
             aws_request = COALESCE(v.column8, aws_request), why = v.column9, \
             calls = COALESCE(v.column10, calls), \
             change = CASE WHEN v.column10 IS NULL THEN change ELSE '' END \
             FROM (VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)) AS v \
             WHERE job = v.column1 AND row = v.column2",
            moved,
            |statement, moved| {
                statement
                    .bind(job.as_str())
                    .bind(moved.row)
                    .bind(moved.state.name())
                    .bind(i64::try_from(moved.step).unwrap_or(i64::MAX))
                    .bind(moved.attempts)
                    .bind(moved.not_before.0)
                    .bind(&moved.entry)
                    .bind(&moved.aws_request)
                    .bind(moved.why.as_ref().map(text))
                    .bind(&moved.masked)
            },
        )
        .await
    }
}

/// A value as a cell keeps it.
pub(super) fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A value as a cell keeps it; nothing for none.
pub(super) fn kept_text(value: &Value) -> Option<String> {
    (!value.is_null()).then(|| value.to_string())
}

/// A value from its cell; the default for an empty or damaged one.
pub(super) fn kept<T: DeserializeOwned + Default>(cell: Option<&str>) -> T {
    cell.and_then(|cell| serde_json::from_str(cell).ok())
        .unwrap_or_default()
}
