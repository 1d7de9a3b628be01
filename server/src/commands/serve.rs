//! `carillon serve`.

use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use backend::background::PATIENCE;
use backend::{AccountsConfig, Backend, Clock};
use domain::{Grant, Role};
use metrics_exporter_prometheus::PrometheusHandle;

use super::connect::connect;
use super::{database_url, opened, say, told};
use crate::assets::Site;
use crate::cli::Serve;
use crate::config::{self, Reach, SecretPlace};
use crate::limits::{Bound, Limits};
use crate::router::router;
use crate::serve::{Running, asked_to_stop, bind, start};
use crate::tls::Tls;
use crate::{demo, descriptors, layers, metrics};

/// The first operator of a scripted start.
const ADMIN: &str = "admin";
/// Its password, where no file has it.
const PASSWORD: &str = "CARILLON_ADMIN_PASSWORD";
/// Who reads metrics is one program or two.
const READERS: Bound = Bound { all: 16, each: 16 };
const NO_DEMO: &str = "the demonstration data could not be made";

pub(super) async fn run(mut options: Serve, site: fn() -> Site) -> anyhow::Result<ExitCode> {
    let stop = asked_to_stop()?;
    let descriptors = descriptors::raise();
    config::check(&options)?;
    // Options that contradict each other are refused before an address is taken.
    Reach::new(&options)?;
    let tls = Tls::read(&options.door)?;
    let providers = config::providers(options.oidc_config.as_deref())?;
    let leaked = options.passwords.leaked()?;
    // Taken first: a port in use is known before anything is made or changed.
    let listener = bind(options.listen)?;
    // Port 0 is another now; the cookies are named for it.
    options.listen = listener.local_addr()?;
    let reach = Arc::new(Reach::new(&options)?);
    let metrics = Metrics::bind(&options)?;
    let (connection, embedded) = connect(
        &options.connection,
        &options.store,
        options.emulator_control,
    )
    .await?;
    let demo = match &embedded {
        Some(embedded) if options.demo => {
            let filled = demo::fill(embedded, &connection.regions, Clock::system().now());
            Some(filled.await.context(NO_DEMO)?)
        }
        _ => None,
    };
    let backend = Backend::open(backend::Config {
        database_url: database_url(&options.store)?,
        connection,
        accounts: AccountsConfig {
            providers,
            leaked_passwords: leaked,
        },
        clock: Clock::system(),
    });
    let backend = opened(backend.await)?;
    backend.begin_duties().await;
    if demo.flatten().is_some() && !options.connection.read_only {
        let acted = demo::act(&backend).await;
        acted.map_err(|failure| told(&failure)).context(NO_DEMO)?;
    }
    add_first_operator(&backend, &options).await?;
    let site = site();
    if !site.is_built() {
        tracing::warn!("this build has no front end: pages come without style and JavaScript");
    }
    let setup = backend
        .accounts()
        .setup_token()
        .await
        .map_err(|failure| told(&failure))?;
    let limits = Limits {
        sign_ins: options.door.sign_in_limit,
        ..Limits::within(descriptors)
    };
    let background = backend.background().clone();
    let routes = router(backend, &reach, &site, &limits);
    let running = start(listener, routes, &reach, &limits, tls.as_ref()).await?;
    if let Some(tls) = tls {
        tls.follow()?;
    }
    let metrics = match metrics {
        Some(metrics) => Some(metrics.start(&reach, &site, &limits).await?),
        None => None,
    };
    say(&format!(
        "dashboard ready at {}",
        reach.address(running.address)
    ));
    if let Some(metrics) = &metrics {
        say(&format!(
            "metrics at {}/metrics",
            config::address(metrics.address)
        ));
    }
    match demo {
        None => {}
        Some(None) => say("the embedded emulator holds data already; --demo left it as it is"),
        Some(Some(filled)) => say(&format!("made up {filled} to look at")),
    }
    if let Some(token) = setup {
        say(&format!(
            "set up the first operator at {}/setup?token={token}",
            reach.base(running.address)
        ));
    }
    let stopped = until_stopped(running, stop).await;
    // A write goes on when its browser leaves, and when the process is asked to end.
    if !background.stop(PATIENCE).await {
        tracing::warn!("something that was begun had not ended in time");
    }
    stopped?;
    if let Some(metrics) = metrics {
        metrics.stop().await?;
    }
    if let Some(embedded) = embedded {
        embedded.stop().await;
    }
    Ok(ExitCode::SUCCESS)
}

/// The second listener. It takes its address and begins to count before anything happens.
struct Metrics {
    listener: TcpListener,
    handle: PrometheusHandle,
}

impl Metrics {
    fn bind(options: &Serve) -> anyhow::Result<Option<Self>> {
        let Some(listen) = options.door.metrics_listen else {
            return Ok(None);
        };
        let listener = bind(listen)?;
        let handle = metrics::start()?;
        Ok(Some(Self { listener, handle }))
    }

    async fn start(self, reach: &Reach, site: &Site, limits: &Limits) -> anyhow::Result<Running> {
        let reach = Reach {
            listen: self.listener.local_addr()?,
            encrypts: false,
            ..reach.clone()
        };
        let reach = Arc::new(reach);
        let limits = Limits {
            connections: READERS,
            ..*limits
        };
        let routes = metrics::routes(self.handle);
        let routes = layers::around(routes, &reach, site, &limits);
        start(self.listener, routes, &reach, &limits, None).await
    }
}

async fn until_stopped(mut running: Running, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    tokio::select! {
        () = stop => {}
        error = running.failed() => return Err(error),
    }
    tracing::info!("stopping");
    running.stop().await
}

/// Makes the first operator from a password that a script gave.
async fn add_first_operator(backend: &Backend, options: &Serve) -> anyhow::Result<()> {
    let Some(password) = given_password(options)? else {
        return Ok(());
    };
    let accounts = backend.accounts();
    if !accounts
        .is_empty()
        .await
        .map_err(|failure| told(&failure))?
    {
        return Ok(());
    }
    let everything = Grant::EVERYTHING;
    let added = accounts.add_operator_from_shell(ADMIN, &password, Role::Admin, everything);
    let added = added.await.map(drop);
    added.map_err(|failure| told(&failure).context("the first operator was not added"))
}

fn given_password(options: &Serve) -> anyhow::Result<Option<String>> {
    let place = match &options.admin_password_file {
        Some(file) => SecretPlace::File("password file", file),
        None if is_set(PASSWORD) => SecretPlace::Variable(PASSWORD),
        None => return Ok(None),
    };
    place.read().map(Some)
}

/// Whether a variable has a value. An empty one counts as not set.
fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}
