//! `carillon audit`.

use std::process::ExitCode;

use backend::{Audit, Clock, Verified};

use super::{database_url, opened, say, told};
use crate::cli::{self, AuditCommand};

pub(super) async fn run(options: cli::Audit) -> anyhow::Result<ExitCode> {
    let AuditCommand::Verify = options.command;
    // As it is: a start would make what was taken away anew, and nobody would be told.
    let audit = Audit::open_as_it_is(&database_url(&options.store)?, Clock::system()).await;
    let audit = opened(audit)?;
    let guarded = audit.is_guarded().await;
    let guarded = guarded.map_err(|failure| told(&failure))?;
    if !guarded {
        say("what guards the audit was changed; the next start makes it anew");
    }
    match audit.verify().await.map_err(|failure| told(&failure))? {
        Verified::Intact { rows, head } => {
            say(&format!("the audit is intact: {rows} rows"));
            if rows > 0 {
                say(&format!("its end: {head}"));
            }
            Ok(if guarded {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            })
        }
        Verified::BrokenAt { seq } => {
            say(&format!("the audit is broken at row {seq}"));
            Ok(ExitCode::FAILURE)
        }
    }
}
