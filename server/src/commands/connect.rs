//! Where calls go: the service, or the emulator inside this process.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Context as _;
use backend::{ConnectionConfig, Credentials};
use domain::rate::Rates;
use emulator::{Emulator, Settings, Storage};
use uuid::Uuid;

use crate::cli::{Connection, List, Service, Store};
use crate::config::{self, Naming};

/// Where calls go; starts the embedded emulator if it is there.
pub(super) async fn connect(
    options: &Connection,
    store: &Store,
    control_plane: bool,
) -> anyhow::Result<(ConnectionConfig, Option<Emulator>)> {
    let mut connection = described(options)?;
    if options.backend == Service::Aws {
        return Ok((connection, None));
    }
    store.url()?;
    let (access_key_id, secret_access_key) = new_keys();
    let config = emulator::Config {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        storage: Storage::Directory(store.data_dir.join("emulator")),
        account_id: connection
            .account
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        access_key_id: access_key_id.clone(),
        secret_access_key: secret_access_key.clone(),
        session_token: None,
        regions: connection.regions.iter().map(ToString::to_string).collect(),
        names: Vec::new(),
        cors_origins: Vec::new(),
        control_plane,
        settings: Settings::default(),
    };
    let emulator = Emulator::start(config)
        .await
        .context("the embedded emulator did not start")?;
    tracing::info!(address = %emulator.address(), "the embedded emulator listens");
    connection.endpoint_url = Some(config::address(emulator.address()));
    connection.credentials = Credentials::Static {
        access_key_id,
        secret_access_key,
    };
    Ok((connection, Some(emulator)))
}

/// The id of a key and its secret, new at each start. They are told to nobody, since other
/// processes of this machine can reach the port.
fn new_keys() -> (String, String) {
    let id = Uuid::new_v4().simple().to_string();
    let secret = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    (id, secret)
}

/// The rates that the service publishes, or none for the embedded emulator, which has none; with those
/// that were given.
fn rates(options: &Connection) -> Rates {
    let usual = match options.backend {
        Service::Embedded => Rates::unlimited(),
        Service::Aws => Rates::default(),
    };
    usual.with(List::all(&options.rates))
}

/// The connection as the options describe it.
pub(super) fn described(options: &Connection) -> anyhow::Result<ConnectionConfig> {
    let Naming {
        id,
        label,
        environment,
    } = Naming::new(options)?;
    let account = config::account(options)?;
    Ok(ConnectionConfig {
        id,
        label,
        environment,
        regions: config::regions(&options.regions),
        credentials: Credentials::Default,
        endpoint_url: options.endpoint_url.clone(),
        account,
        read_only: options.read_only,
        rates: rates(options),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_the_built_in_emulator_is_another_at_each_start() {
        let (one, other) = (new_keys(), new_keys());
        assert_ne!(one.0, other.0);
        assert_ne!(one.1, other.1);
        assert_eq!((one.0.len(), one.1.len()), (32, 64));
    }
}
