//! Telling that AWS refused the time of a signature, and by how much this server's clock is off.
//! The SDK corrects what it can by the same header; this is for what is left.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use crate::clock::Clock;

/// What AWS writes where it refuses the time of a signature under the code of any bad signature.
const OF_TIME: &[&str] = &["signature expired", "signature not yet current"];

/// Whether a refusal is about the time. The message is read for this purpose only. It repeats what
/// was sent, so it is neither shown nor logged.
pub(super) fn is_about_time(code: Option<&str>, message: Option<&str>) -> bool {
    match code {
        Some("RequestExpired" | "RequestTimeTooSkewed" | "RequestInTheFuture") => true,
        Some(
            "InvalidSignatureException"
            | "SignatureDoesNotMatch"
            | "AuthFailure"
            | "AccessDeniedException",
        ) => {
            let message = message.unwrap_or_default().to_ascii_lowercase();
            OF_TIME.iter().any(|words| message.contains(words))
        }
        _ => false,
    }
}

/// By how many seconds the clock of this server is ahead of the one that dated the answer.
pub(super) fn ahead(answer: &HttpResponse) -> Option<i64> {
    let date = answer.headers().get("date")?;
    let there = DateTime::from_str(date, Format::HttpDate).ok()?.secs();
    // The machine's clock, since the SDK signs by it, whatever clock the rest of the program uses.
    let here = Clock::system().now().0 / 1000;
    here.checked_sub(there)
}
