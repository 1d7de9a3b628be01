//! `carillon audit`.

use std::process::ExitCode;

use backend::Verified;

use super::{database, say, told};
use crate::cli::{Audit, AuditCommand};

pub(super) async fn run(options: Audit) -> anyhow::Result<ExitCode> {
    let AuditCommand::Verify = options.command;
    let backend = database(&options.store, None).await?;
    match backend
        .audit()
        .verify()
        .await
        .map_err(|failure| told(&failure))?
    {
        Verified::Intact { rows, head } => {
            say(&format!("the audit is intact: {rows} rows"));
            if rows > 0 {
                say(&format!("its end: {head}"));
            }
            Ok(ExitCode::SUCCESS)
        }
        Verified::BrokenAt { seq } => {
            say(&format!("the audit is broken at row {seq}"));
            Ok(ExitCode::FAILURE)
        }
    }
}
