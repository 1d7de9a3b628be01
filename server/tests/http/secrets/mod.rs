//! Where secrets show: nowhere but on the one page that is there to show each.
//!
//! The program runs with secrets that are known here, and is used in every way that touches one,
//! wrong ways too. Then each is looked for, in several spellings, in everything that came out.

mod visitor;
mod visits;

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use emulator::{Emulator, Settings, Storage};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::oidc::stub;
use crate::support::{Dashboard, run, said};
use visitor::World;
use visits::{
    guess, read_everything, read_files, set_up, use_authenticator, use_devices, use_links,
    use_provider,
};

const LIST: &str = "/embedded/us-east-1/app-instances";
const KEY_ID: &str = "AKIACANARY0KEY0ID000";
const KEY: &str = "canary/aws+secret/key0123456789abcdefghi";
const SESSION_TOKEN: &str = "canary-aws-session-token-0123456789";
const ADMIN: &str = "canary admin password 7341";
const CHOSEN: &str = "canary chosen password 9182";
const GUESS: &str = "canary guessed password 5566";
const BROKEN: &str = "canary-broken-password-7788";
/// Stands in addresses, which pages repeat.
const ADDRESSED: &str = "canary-token-of-an-address";
const MISPLACED: &str = "canary-password-as-username";
const DEVICE: &str = "canary-device-token-00112233445566";
const VOIP: &str = "canary-voip-token-778899aabbccdd";
const CODE: &str = "canary-code-of-the-provider";
/// All that is logged of our own code, and of others what a release build has at most.
const FILTER: &str =
    "debug,server=trace,app=trace,backend=trace,emulator=trace,domain=trace,carillon=trace";
/// A secret, and the pages that are there to show it.
struct Secret {
    what: &'static str,
    text: String,
    shown_on: Vec<String>,
}
/// A secret as it is, and as it may be written elsewhere.
fn spellings(secret: &str) -> Vec<String> {
    let hex = secret.bytes().map(|byte| format!("{byte:02x}"));
    vec![
        secret.to_owned(),
        utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
        form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        STANDARD.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
        hex.collect(),
    ]
}

fn find(secrets: &[Secret], place: &str, text: &str, found: &mut Vec<String>) {
    for secret in secrets {
        let is_shown = |page: &String| page == place;
        // A secret may have been kept again, with the pages that came later.
        let mut same = secrets.iter().filter(|other| other.text == secret.text);
        if same.any(|other| other.shown_on.iter().any(is_shown)) {
            continue;
        }
        if spellings(&secret.text)
            .iter()
            .any(|spelling| text.contains(spelling))
        {
            found.push(format!("{} in {place}", secret.what));
        }
    }
}

fn prepared(folder: &Path, world: &World, provider: &stub::Stub, format: &str) -> Command {
    let providers = folder.join("providers.toml");
    let text = format!(
        "[[provider]]\nid = \"acme\"\nlabel = \"Acme\"\nissuer = \"{}\"\nclient_id = \"carillon\"\n\
         client_secret_env = \"ACME_SECRET\"\ndefault_role = \"Viewer\"\n",
        provider.issuer()
    );
    fs::write(&providers, text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_carillon"));
    command
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--log",
            FILTER,
            "--log-format",
            format,
        ])
        .args(["--metrics-listen", "127.0.0.1:0", "--sign-in-limit", "1000"])
        .args([
            "--backend",
            "aws",
            "--connection-name",
            "Embedded",
            "--account-id",
            "123456789012",
            "--endpoint-url",
        ])
        .arg(format!("http://{}", world.emulator.address()))
        .args(["--oidc-config".as_ref(), providers.as_os_str()])
        .env("CARILLON_DATA_DIR", folder)
        .env("AWS_ACCESS_KEY_ID", KEY_ID)
        .env("AWS_SECRET_ACCESS_KEY", KEY)
        .env("AWS_SESSION_TOKEN", SESSION_TOKEN)
        .env("ACME_SECRET", stub::SECRET)
        .stderr(File::create(folder.join("log")).unwrap());
    command
}

async fn start_emulator() -> Emulator {
    let config = emulator::Config {
        listen: std::net::SocketAddr::from(([127, 0, 0, 1], 0)),
        storage: Storage::InMemory,
        account_id: "123456789012".to_owned(),
        access_key_id: KEY_ID.to_owned(),
        secret_access_key: KEY.to_owned(),
        session_token: Some(SESSION_TOKEN.to_owned()),
        regions: domain::Region::ALL
            .iter()
            .map(ToString::to_string)
            .collect(),
        names: Vec::new(),
        cors_origins: Vec::new(),
        control_plane: false,
        settings: Settings::default(),
    };
    Emulator::start(config).await.unwrap()
}

/// Uses the program in every way, and answers where a secret showed that should not.
async fn leaks(format: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let world = World {
        emulator: start_emulator().await,
        seen: Mutex::default(),
        secrets: Mutex::default(),
    };
    let provider = stub::Stub::start().await;
    for (what, text) in [
        ("the AWS key", KEY),
        ("the AWS session token", SESSION_TOKEN),
        ("a password", ADMIN),
        ("a chosen password", CHOSEN),
        ("a guess", GUESS),
        ("a password in a broken request", BROKEN),
        ("the provider's secret", stub::SECRET),
        ("the provider's code", CODE),
    ] {
        world.keep(what, text, &[]);
    }
    let mut dashboard = Dashboard::of(prepared(folder.path(), &world, &provider, format));
    let metrics = crate::malformed::metrics(&mut dashboard);
    let admin = set_up(&world, &mut dashboard).await;
    guess(&world, &dashboard).await;
    use_authenticator(&world, &admin, &dashboard).await;
    use_links(&world, &admin, &dashboard).await;
    let (instance, endpoint) = use_devices(&world, &admin).await;
    use_provider(&world, &provider, &dashboard).await;
    read_everything(&admin, &instance, &endpoint).await;
    read_files(&admin).await;
    let metrics = metrics.get("/metrics").await;
    let line = fs::read_to_string(format!("/proc/{}/cmdline", dashboard.child.id()));
    let browser = admin.browser.twin();
    drop(admin);
    let World {
        emulator,
        seen,
        secrets,
    } = world;
    let (seen, mut secrets) = (seen.into_inner().unwrap(), secrets.into_inner().unwrap());
    // AWS fails, which is logged.
    emulator.stop().await;
    browser.get(LIST).await;
    dashboard.stop();

    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(log.contains("DEBUG"), "nothing is in the log");
    let mut found = Vec::new();
    for (place, text) in &seen {
        find(&secrets, place, text, &mut found);
    }
    for secret in secrets.iter().filter(|secret| !secret.shown_on.is_empty()) {
        let mut pages = seen
            .iter()
            .filter(|(place, _)| secret.shown_on.contains(place));
        assert!(
            pages.any(|(_, text)| text.contains(&secret.text)),
            "nothing shows {}",
            secret.what
        );
    }
    // What people typed in the wrong place is on the page that they typed it on.
    for (what, text) in [
        ("a password that was typed as a username", MISPLACED),
        ("a token in an address", ADDRESSED),
    ] {
        secrets.push(Secret {
            what,
            text: text.to_owned(),
            shown_on: Vec::new(),
        });
    }
    find(&secrets, "the metrics", metrics.text(), &mut found);
    find(
        &secrets,
        "the command line",
        &line.unwrap_or_default(),
        &mut found,
    );
    find(&secrets, "the log", &log, &mut found);
    // Nobody who reads the file gets in with it. But the keys of authenticators are in it.
    secrets.retain(|secret| secret.what != "the key of the authenticator");
    for file in ["carillon.sqlite3", "carillon.sqlite3-wal"] {
        let bytes = fs::read(folder.path().join(file)).unwrap_or_default();
        find(&secrets, file, &String::from_utf8_lossy(&bytes), &mut found);
    }
    found.sort();
    found.dedup();
    found
}

#[tokio::test]
async fn no_secret_is_in_what_the_program_says_to_people() {
    let leaks = leaks("text").await;
    assert!(leaks.is_empty(), "{leaks:#?}");
}

#[tokio::test]
async fn no_secret_is_in_what_the_program_says_to_machines() {
    let leaks = leaks("json").await;
    assert!(leaks.is_empty(), "{leaks:#?}");
}

#[test]
fn a_start_that_fails_says_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let url = "postgres://ann:canary-password@127.0.0.1:1/carillon";
    for url in [
        url,
        "postgres://ann:canary-password@[broken/carillon",
        "mysql://a:canary-password@b",
    ] {
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--database-url", url];
        let output = run(folder.path(), &arguments, "");

        let told = said(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(!told.contains("canary"), "{told}");
    }
}
