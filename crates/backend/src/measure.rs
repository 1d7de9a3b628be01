//! What is counted of calls, the audit and passwords. Labels are words of ours, never data.

use std::future::Future;
use std::time::Instant;

use domain::{Failure, Operation};
use metrics::{counter, histogram};

/// Calls of AWS, by operation and outcome: `succeeded` or the code of the failure.
pub const AWS_CALLS: &str = "carillon_aws_calls_total";
/// Seconds that a call of AWS took with its retries, by operation.
pub const AWS_DURATION: &str = "carillon_aws_call_duration_seconds";
/// Attempts that AWS answered with 429.
pub const AWS_THROTTLES: &str = "carillon_aws_throttles_total";
/// Calls a second that jobs may make now, by connection, Region and line of the published rates.
pub const JOB_RATE: &str = "carillon_job_calls_per_second";
/// Rows appended to the audit, by phase.
pub const AUDIT_ROWS: &str = "carillon_audit_rows_total";
/// Passwords that wait for their turn or have it.
pub const HASHES_WAITING: &str = "carillon_password_hashes_waiting";
/// Passwords that were not looked at, since too many were waiting.
pub const HASHES_REFUSED: &str = "carillon_password_hashes_refused_total";

/// Makes a call of AWS, and counts it.
pub(crate) async fn measured<T>(
    operation: Operation,
    call: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let began = Instant::now();
    let result = call.await;
    let outcome = match &result {
        Ok(_) => "succeeded",
        Err(failure) => failure.cause.code(),
    };
    let name = operation.name();
    counter!(AWS_CALLS, "operation" => name, "outcome" => outcome).increment(1);
    histogram!(AWS_DURATION, "operation" => name).record(began.elapsed());
    result
}
