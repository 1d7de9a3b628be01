//! `carillon emulate`.

use std::process::ExitCode;

use emulator::{Config, Emulator, Settings, Storage};

use super::say;
use crate::cli::{Emulate, List};
use crate::config::{self, permissions};
use crate::descriptors;
use crate::serve::asked_to_stop;

pub(super) async fn run(options: Emulate) -> anyhow::Result<ExitCode> {
    let stop = asked_to_stop()?;
    descriptors::raise();
    let storage = if options.in_memory {
        Storage::InMemory
    } else {
        permissions::check_folder(&options.data_dir);
        Storage::Directory(options.data_dir)
    };
    let settings = if options.realistic {
        Settings::realistic()
    } else {
        Settings::default()
    };
    let config = Config {
        listen: options.listen,
        storage,
        account_id: options.account_id.to_string(),
        access_key_id: options.access_key_id,
        secret_access_key: options.secret_access_key,
        session_token: options.session_token,
        regions: config::regions(&options.regions)
            .iter()
            .map(ToString::to_string)
            .collect(),
        names: List::all(&options.names),
        cors_origins: List::all(&options.cors_origins),
        // Without a signature, so only for those who are on this machine anyway.
        control_plane: options.listen.ip().is_loopback(),
        settings,
    };
    let emulator = Emulator::start(config).await?;
    say(&format!(
        "emulator ready at {}",
        config::address(emulator.address())
    ));
    stop.await;
    emulator.stop().await;
    Ok(ExitCode::SUCCESS)
}
