//! Starts and stops the emulator.

use std::{
    fmt, io,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use axum_server::Handle;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::background;
use crate::connection::Counted;
use crate::deadlines::Deadlines;
use crate::origin::CorsOrigin;
use crate::server::{self, ControlPlane};
use crate::settings::Settings;
use crate::signature::AccessKey;
use crate::state::{State, StateConfig};
use crate::storage::{Store, Writer};

/// How long a stop waits for requests in flight.
const DRAIN: Duration = Duration::from_secs(10);

/// What an emulator is started with.
#[derive(Clone)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where the data is.
    pub storage: Storage,
    /// The account that the key pair belongs to.
    pub account_id: String,
    /// The access key id that requests must be signed with.
    pub access_key_id: String,
    /// The secret that belongs to it.
    pub secret_access_key: String,
    /// The session token that belongs to it, if the pair is of temporary credentials.
    pub session_token: Option<String>,
    /// The Regions that exist, each with data of its own.
    pub regions: Vec<String>,
    /// The names of hosts that it is reached by, beside `localhost`: without a port.
    pub names: Vec<String>,
    /// The origins whose pages may call the API; none when empty.
    pub cors_origins: Vec<CorsOrigin>,
    /// Whether `/_emulator/` answers.
    pub control_plane: bool,
    /// Quotas, rates, latency and faults at the start and after a reset.
    pub settings: Settings,
}

impl Config {
    /// One on a free port of this computer whose data is gone with it, without a control plane: what tests and
    /// comparisons begin with, so that each of them names only what it is about.
    pub fn in_memory(access_key_id: &str, secret_access_key: &str, region: &str) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            storage: Storage::InMemory,
            account_id: "123456789012".to_owned(),
            access_key_id: access_key_id.to_owned(),
            secret_access_key: secret_access_key.to_owned(),
            session_token: None,
            regions: vec![region.to_owned()],
            names: Vec::new(),
            cors_origins: Vec::new(),
            control_plane: false,
            settings: Settings::default(),
        }
    }
}

/// Without the secrets.
impl fmt::Debug for Config {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Config")
            .field("listen", &self.listen)
            .field("storage", &self.storage)
            .field("account_id", &self.account_id)
            .field("access_key_id", &self.access_key_id)
            .field("regions", &self.regions)
            .field("names", &self.names)
            .field("cors_origins", &self.cors_origins)
            .field("control_plane", &self.control_plane)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// Where the data is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Storage {
    /// In memory, gone when the emulator stops.
    InMemory,
    /// In `emulator.sqlite3` inside this directory, which is made if it is absent.
    Directory(PathBuf),
}

/// Why an emulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken or not ours.
    #[error("cannot listen on {address}")]
    Listen {
        /// What was asked for.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database cannot be opened, made or brought up to date.
    #[error("cannot open the database of the emulator")]
    Storage(#[from] sqlx::Error),
    /// The database was opened but does not answer.
    #[error("cannot use the database of the emulator")]
    Unusable,
}

/// A running emulator. Dropping it without [`Emulator::stop`] leaves it running until the runtime ends.
pub struct Emulator {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    pub(crate) state: Arc<State>,
    server: JoinHandle<()>,
    background: JoinHandle<()>,
    writer: Writer,
}

impl Emulator {
    /// Opens the data and begins to listen; requests are answered when this returns.
    pub async fn start(config: Config) -> Result<Emulator, StartError> {
        Self::start_within(config, Deadlines::default()).await
    }

    /// The same with other deadlines than the usual ones.
    pub async fn start_within(
        config: Config,
        deadlines: Deadlines,
    ) -> Result<Emulator, StartError> {
        let directory = match &config.storage {
            Storage::InMemory => None,
            Storage::Directory(directory) => Some(directory.as_path()),
        };
        let (store, writer) = Store::open(directory).await?;
        let paging_key = store.paging_key().await.map_err(|_| StartError::Unusable)?;
        let failed = |source| StartError::Listen {
            address: config.listen,
            source,
        };
        let listener = TcpListener::bind(config.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let listener = listener.into_std().map_err(failed)?;

        let (stop, stopping) = watch::channel(false);
        let access_key = AccessKey {
            id: config.access_key_id,
            secret: config.secret_access_key,
            session_token: config.session_token,
        };
        let shared = StateConfig {
            account_id: config.account_id,
            access_key,
            regions: config.regions,
            names: config.names,
            cors_origins: config.cors_origins,
            settings: config.settings,
            deadlines,
            control_plane: config.control_plane,
        };
        let state = Arc::new(State::new(shared, store, paging_key, stopping));
        let control_plane = if config.control_plane {
            ControlPlane::On
        } else {
            ControlPlane::Off
        };
        let background = tokio::spawn(background::run(state.clone()));
        let server = tokio::spawn(serve(listener, state.clone(), control_plane));
        Ok(Emulator {
            address,
            stop,
            state,
            server,
            background,
            writer,
        })
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops accepting, finishes requests in flight for up to ten seconds, and closes the database.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if tokio::time::timeout(DRAIN, self.server).await.is_err() {
            tracing::warn!("requests were still in flight when the emulator stopped");
        }
        drop(self.background.await);
        // The writer ends, with the last commit, when the last holder of the state is gone.
        match Arc::try_unwrap(self.state) {
            Ok(state) => {
                state.store.close().await;
                drop(self.writer.await);
            }
            Err(_) => {
                tracing::warn!("the database of the emulator was still in use when it stopped");
            }
        }
    }
}

async fn serve(listener: std::net::TcpListener, state: Arc<State>, control_plane: ControlPlane) {
    if let Err(error) = listen(listener, state, control_plane).await {
        tracing::error!(error = %error, "the emulator's listener failed");
    }
}

async fn listen(
    listener: std::net::TcpListener,
    state: Arc<State>,
    control_plane: ControlPlane,
) -> io::Result<()> {
    let (handle, deadlines) = (Handle::new(), state.deadlines);
    let mut http = axum_server::from_tcp(listener)?
        .handle(handle.clone())
        .first_request_timeout(deadlines.first_head)
        .http1_only();
    http.http_builder()
        .http1()
        .header_read_timeout(deadlines.next_head);
    let router = server::router(state.clone(), control_plane);
    let serving = http
        .acceptor(Counted::new(state.clone()))
        .serve(router.into_make_service());
    let stop = async {
        state.stopped().await;
        handle.graceful_shutdown(None);
        std::future::pending().await
    };
    tokio::select! {
        ended = serving => ended,
        never = stop => never,
    }
}
