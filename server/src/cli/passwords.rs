//! The option that names passwords which nobody may choose.

use std::path::PathBuf;

use backend::LeakedPasswords;
use clap::Args;

/// Passwords that nobody may choose.
#[derive(Clone, Debug, Args)]
pub struct Passwords {
    /// A folder with lists of leaked passwords: the files of the range search of Pwned Passwords.
    /// None of them can be chosen.
    #[arg(
        long,
        global = true,
        env = "CARILLON_LEAKED_PASSWORDS",
        value_name = "DIR"
    )]
    pub leaked_passwords: Option<PathBuf>,
}

impl Passwords {
    /// Opens the folder, if there is one.
    pub fn leaked(&self) -> anyhow::Result<Option<LeakedPasswords>> {
        let folder = self.leaked_passwords.as_deref();
        Ok(folder.map(LeakedPasswords::open).transpose()?)
    }
}
