//! Where the data is: a folder that is there and can be written to, and the database in it or
//! elsewhere.

use std::path::Path;

use anyhow::Context as _;

use crate::cli::Store;

impl Store {
    /// The database, in a data folder that is there and can be written to.
    pub fn url(&self) -> anyhow::Result<String> {
        writable(&self.data_dir)?;
        if let Some(url) = &self.database_url {
            // Read from a file by a shell or an orchestrator, it may have kept its line end.
            return Ok(url.trim().to_owned());
        }
        let file = self.data_dir.join("carillon.sqlite3");
        let file = file
            .to_str()
            .context("the path of the data folder must be UTF-8")?;
        // `?` and `#` would end the path, `%` would begin an escape.
        let file = file
            .replace('%', "%25")
            .replace('?', "%3f")
            .replace('#', "%23");
        Ok(format!("sqlite:{file}"))
    }
}

/// Makes a folder that only this user can open, if it is absent, and tries to write to it.
fn writable(folder: &Path) -> anyhow::Result<()> {
    let failed = || format!("the data folder {} cannot be written to", folder.display());
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).with_context(failed)?;
    // Of this process alone: another command may try at the same moment.
    let probe = folder.join(format!(".writable-{}", std::process::id()));
    std::fs::write(&probe, "").with_context(failed)?;
    std::fs::remove_file(&probe).with_context(failed)
}
