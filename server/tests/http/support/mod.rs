//! A dashboard with an emulator behind it, for one test.

mod accounts;
mod audited;
mod authenticator;
mod bots;
mod browser;
mod calls;
mod jobs;
mod made;
mod program;
mod stub;
mod upload;
mod wire;
mod words;
mod world;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Method;
use backend::oidc::Providers;
use backend::{
    AccountsConfig, Backend, Clock, ConnectionConfig, Credentials, OperatorChange, OperatorId,
};
use clap::Parser;
use domain::{Environment, Region, Role};
use emulator::{Deadlines, Emulator, Settings, Storage};
use rust_embed::RustEmbed;
use server::assets::Site;
use server::cli::{Cli, Command};
use server::config::Reach;
use server::demo::{Filled, fill};
use server::limits::Limits;
use server::serve::{Running, bind, start};
use tempfile::TempDir;

pub use accounts::{SIGN_IN, credentials, invitation};
pub use authenticator::{Phone, recovery_codes};
pub use bots::{LEX, bot_fields};
pub use browser::{Answer, Browser, FORM};
pub use calls::calls_so_far;
pub use jobs::{named, user_of, users_of};
pub use made::{Form, PINPOINT, arn, changed, instance_fields, instance_form, target, token};
pub use program::{Dashboard, carillon, carillon_that_logs, run, said};
pub use stub::Stub;
pub use upload::{MULTIPART, multipart};
pub use wire::{Reply, exchange, until_closed};
pub use words::{assert_says, only_problem, unescaped};
pub use world::World;

/// A page that only somebody who is signed in sees, and its form's function.
pub const CREATE: &str = "/embedded/us-east-1/create-app-instance";
pub const CREATE_CALL: &str = "/api/app-instances/create";
pub const PASSWORD: &str = "correct horse battery";

/// So short that a test can wait for it to pass.
pub const SHORT: Duration = Duration::from_millis(200);
/// So long a test waits for what must happen; what must not happen takes hours.
pub const LONG: Duration = Duration::from_secs(20);

const DATABASE: &str = "test.sqlite3";
const ACCOUNT: &str = "123456789012";
/// The id of the key of the emulator, and its secret.
pub const KEY: &str = "test";

/// AWS, as far as a test needs it.
pub async fn start_emulator(control_plane: bool) -> Emulator {
    start_emulator_within(control_plane, Deadlines::default()).await
}

/// The same with other deadlines than the usual ones.
pub async fn start_emulator_within(control_plane: bool, deadlines: Deadlines) -> Emulator {
    let config = emulator::Config {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        storage: Storage::InMemory,
        account_id: ACCOUNT.to_owned(),
        access_key_id: KEY.to_owned(),
        secret_access_key: KEY.to_owned(),
        session_token: None,
        regions: Region::ALL.iter().map(ToString::to_string).collect(),
        names: Vec::new(),
        cors_origins: Vec::new(),
        control_plane,
        settings: Settings::default(),
    };
    Emulator::start_within(config, deadlines).await.unwrap()
}

/// Files like those of a release build.
#[derive(RustEmbed)]
#[folder = "tests/http/site"]
struct Files;

pub fn site() -> Site {
    Site::of::<Files>()
}

pub fn reach(options: &[&str]) -> Reach {
    let line = ["carillon", "serve", "--listen", "127.0.0.1:0"];
    let cli = Cli::try_parse_from(line.iter().chain(options)).unwrap();
    let Command::Serve(serve) = cli.command else {
        unreachable!()
    };
    Reach::new(&serve).unwrap()
}

/// Serves any routes, until the test ends.
pub async fn serve(routes: Router) -> Browser {
    serve_within(routes, &Limits::default()).await
}

/// The same with limits on what a client may take.
pub async fn serve_within(routes: Router, limits: &Limits) -> Browser {
    serve_at(routes, &Arc::new(reach(&[])), limits).await
}

/// The same as browsers reach it.
pub async fn serve_at(routes: Router, reach: &Arc<Reach>, limits: &Limits) -> Browser {
    let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let running = start(listener, routes, reach, limits, None);
    let running = running.await.unwrap();
    Browser::new(running.address)
}

pub struct TestApp {
    pub backend: Backend,
    address: SocketAddr,
    running: Option<Running>,
    emulator: Option<Emulator>,
    folder: TempDir,
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With an operator who signed in by the form.
    pub async fn signed_in(role: Role) -> (Self, Browser) {
        let app = Self::start().await;
        let (_, browser) = app.sign_in(role).await;
        (app, browser)
    }

    /// With options of `carillon serve`.
    pub async fn start_with(options: &[&str]) -> Self {
        Self::start_at(Clock::system(), options).await
    }

    /// With a clock, which a test can move.
    pub async fn start_at(clock: Clock, options: &[&str]) -> Self {
        Self::start_for(clock, options, Providers::default()).await
    }

    /// With providers that people may sign in with.
    pub async fn start_for(clock: Clock, options: &[&str], providers: Providers) -> Self {
        // Tests sign in more often than people, and all from one address.
        let limits = Limits {
            sign_ins: NonZeroU32::MAX,
            ..Limits::default()
        };
        Self::start_with_all(clock, options, &limits, providers).await
    }

    /// With limits on what a client may take.
    pub async fn start_within(clock: Clock, options: &[&str], limits: &Limits) -> Self {
        Self::start_with_all(clock, options, limits, Providers::default()).await
    }

    async fn start_with_all(
        clock: Clock,
        options: &[&str],
        limits: &Limits,
        providers: Providers,
    ) -> Self {
        let emulator = start_emulator(options.contains(&"--emulator-control")).await;
        let service = emulator.address();
        let app = Self::start_at_service(service, clock, options, limits, providers).await;
        Self {
            emulator: Some(emulator),
            ..app
        }
    }

    /// With another service than the emulator.
    pub async fn start_against(service: SocketAddr) -> Self {
        let (clock, limits) = (Clock::system(), Limits::default());
        Self::start_at_service(service, clock, &[], &limits, Providers::default()).await
    }

    async fn start_at_service(
        service: SocketAddr,
        clock: Clock,
        options: &[&str],
        limits: &Limits,
        providers: Providers,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = config(&folder, service, options, providers, clock);
        let backend = Backend::open(config).await.unwrap();
        let reach = Arc::new(reach(options));
        let router = server::router::router(backend.clone(), &reach, &site(), limits);
        let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let running = start(listener, router, &reach, limits, None);
        let running = running.await.unwrap();
        Self {
            backend,
            address: running.address,
            running: Some(running),
            emulator: None,
            folder,
        }
    }

    /// The same console, started beside it with `--read-only`: its database, and its AWS.
    pub async fn start_read_only(&self) -> Running {
        let (options, clock) = (["--read-only"], self.backend.clock().clone());
        let emulator = self.emulator.as_ref().unwrap();
        let none = Providers::default();
        let service = emulator.address();
        let config = config(&self.folder, service, &options, none, clock);
        let backend = Backend::open(config).await.unwrap();
        let (reach, limits) = (Arc::new(reach(&options)), Limits::default());
        let router = server::router::router(backend, &reach, &site(), &limits);
        let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        start(listener, router, &reach, &limits, None)
            .await
            .unwrap()
    }

    /// Somebody who is not signed in.
    pub fn anonymous(&self) -> Browser {
        Browser::new(self.address)
    }

    /// Opens a page as somebody who has these cookies and no others.
    pub async fn open_with(&self, cookies: &str, path: &str) -> Answer {
        let headers = [("cookie", cookies)];
        self.anonymous().send(Method::GET, path, &headers, "").await
    }

    /// An operator who signed in by the form.
    pub async fn sign_in(&self, role: Role) -> (OperatorId, Browser) {
        self.sign_in_for(role, "*").await
    }

    /// One whose role covers only what a grant names.
    pub async fn sign_in_for(&self, role: Role, grant: &str) -> (OperatorId, Browser) {
        let name = format!("{}-{}", role.name(), uuid::Uuid::new_v4().simple());
        let operator = self
            .backend
            .accounts()
            .add_for(&name, PASSWORD, role, grant.parse().unwrap())
            .await
            .unwrap();
        let browser = self.anonymous();
        assert_eq!(browser.sign_in(&name, PASSWORD).await.location(), "/");
        (operator.id, browser)
    }

    /// What the shell does to an operator.
    pub async fn change_operator(&self, id: &OperatorId, change: OperatorChange<'_>) {
        let operator = self.backend.accounts().get(id).await.unwrap().unwrap();
        let changed = self
            .backend
            .accounts()
            .change_operator_from_shell(&operator, change);
        changed.await.unwrap();
    }

    /// Another connection to the database, as another program has.
    pub async fn open_database(&self) -> sqlx::SqliteConnection {
        let url = format!("sqlite:{}", self.folder.path().join(DATABASE).display());
        <sqlx::SqliteConnection as sqlx::Connection>::connect(&url)
            .await
            .unwrap()
    }

    /// Fills the emulator as `--demo` does.
    pub async fn fill(&self) -> anyhow::Result<Option<Filled>> {
        let emulator = self.emulator.as_ref().unwrap();
        fill(emulator, Region::ALL, Clock::system().now()).await
    }

    /// The emulator, for a test that asks it something.
    pub fn emulator(&self) -> Browser {
        Browser::new(self.emulator.as_ref().unwrap().address())
    }

    /// Sends JSON to the control plane of the emulator, which `--emulator-control` opens.
    pub async fn control(&self, method: Method, path: &str, body: impl Into<Body>) {
        let path = format!("/_emulator/{path}");
        let answer = self.emulator().send(method, &path, &[], body).await;
        assert!(answer.status.is_success(), "{}", answer.text());
    }

    /// Lets calls go wrong in the emulator, in these ways and no others. Needs `--emulator-control`.
    pub async fn inject(&self, faults: &[serde_json::Value]) {
        let settings = serde_json::json!({ "faults": faults }).to_string();
        self.control(Method::PUT, "settings", settings).await;
    }

    /// Deletes a user so that AWS does it and the answer is lost. Needs `--emulator-control`.
    /// Returns the number of the entry in the audit.
    pub async fn lose_the_answer_to_delete(&self, browser: &Browser, user: &str) -> i64 {
        let fault = serde_json::json!({
            "operation": "DeleteAppInstanceUser", "kind": "reset", "times": 1, "after_commit": true,
        });
        self.inject(&[fault]).await;
        let id = user.rsplit('/').next().unwrap();
        let fields = [("target", &*target(&arn(user))), ("confirm_user_id", id)];
        browser.call("/api/users/delete", &fields).await;
        let entry = self.newest_entries(1).await.remove(0);
        assert_eq!(entry.phase, backend::Phase::Unknown, "{entry:?}");
        entry.seq
    }

    /// Stops the emulator: AWS is gone.
    pub async fn lose_aws(&mut self) {
        if let Some(emulator) = self.emulator.take() {
            emulator.stop().await;
        }
    }

    /// Stops the server as a signal would.
    pub async fn stop(mut self) {
        self.running.take().unwrap().stop().await.unwrap();
    }
}

fn config(
    folder: &TempDir,
    service: SocketAddr,
    options: &[&str],
    providers: Providers,
    clock: Clock,
) -> backend::Config {
    backend::Config {
        database_url: format!("sqlite:{}", folder.path().join(DATABASE).display()),
        connection: ConnectionConfig {
            id: "embedded".parse().unwrap(),
            label: "Test".to_owned(),
            environment: environment(options),
            regions: Region::ALL.to_vec(),
            credentials: Credentials::Static {
                access_key_id: KEY.to_owned(),
                secret_access_key: KEY.to_owned(),
            },
            endpoint_url: Some(format!("http://{service}")),
            account: Some(ACCOUNT.parse().unwrap()),
            read_only: options.contains(&"--read-only"),
            rates: domain::rate::Rates::unlimited(),
        },
        accounts: AccountsConfig {
            providers,
            leaked_passwords: None,
        },
        clock,
    }
}

/// What `--environment` says.
fn environment(options: &[&str]) -> Environment {
    let at = options.iter().position(|option| *option == "--environment");
    at.map_or(Environment::Sandbox, |at| options[at + 1].parse().unwrap())
}
