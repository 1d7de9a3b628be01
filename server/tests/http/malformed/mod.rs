//! Requests that nobody's browser sends: each gets an answer within the contract, none stops the
//! program, makes it wait or makes it grow.
//!
//! `CARILLON_MALFORMED` says how many are made, `CARILLON_SEED` from which seed, and
//! `CARILLON_PROGRAM` of which program. Failures name the seed; `bench/README.md` has the figure of a
//! long run.

mod framing;
mod request;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rand::SeedableRng as _;
use rand::rngs::StdRng;

use crate::access;
use crate::support::{Browser, Dashboard, PASSWORD, arn, credentials, exchange, run};
use request::{Made, Material};

/// So long any answer may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How much the memory may grow, in KiB.
const GROWTH: u64 = 32 * 1024;
/// How many are sent at once.
const AT_ONCE: u32 = 8;

fn from_environment(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap())
}

/// The second listener, whose line comes after the first.
pub fn metrics(dashboard: &mut Dashboard) -> Browser {
    let line = dashboard.lines.next().unwrap().unwrap();
    let address = line.strip_prefix("metrics at http://").unwrap();
    Browser::new(address.strip_suffix("/metrics").unwrap().parse().unwrap())
}

/// What the process holds in memory of its own, in KiB.
fn memory(dashboard: &Dashboard) -> u64 {
    let rollup = format!("/proc/{}/smaps_rollup", dashboard.child.id());
    let rollup = fs::read_to_string(rollup).unwrap();
    let mut lines = rollup.lines();
    let line = lines
        .find_map(|line| line.strip_prefix("Anonymous:"))
        .unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// The program, somebody who is signed in, and things to name.
struct World<'a> {
    folder: &'a Path,
    dashboard: &'a Dashboard,
    material: Material,
    operators: AtomicU32,
}

impl<'a> World<'a> {
    async fn start(folder: &'a Path, dashboard: &'a Dashboard) -> Self {
        let mut world = Self {
            folder,
            dashboard,
            material: Material {
                addresses: access::addresses().into_iter().collect(),
                known: Vec::new(),
                host: dashboard.browser.address.to_string(),
            },
            operators: AtomicU32::new(0),
        };
        let admin = world.sign_in().await;
        let instance = admin.make_instance("Chat").await;
        let user = admin.make_user(&instance, "ana", "Ana").await;
        let bot = admin.make_bot(&instance, &[]).await;
        let endpoint = admin.make_endpoint(&user, "Phone", "device-token").await;
        let endpoint = endpoint.rsplit('/').next().unwrap().to_owned();
        world.material.known = vec![arn(&instance), arn(&user), arn(&bot), endpoint];
        world
    }

    /// A new Admin each time: who signed in before may be locked out by what was sent.
    async fn sign_in(&self) -> Browser {
        let number = self.operators.fetch_add(1, Ordering::Relaxed);
        let name = format!("admin-{number}");
        let add = ["operator", "add", &name, "--role", "Admin"];
        assert!(run(self.folder, &add, PASSWORD).status.success());
        let browser = Browser::new(self.dashboard.browser.address);
        let form = credentials(&name, PASSWORD);
        let answer = browser.post("/api/session/sign-in", &form).await;
        assert_eq!(answer.location(), "/");
        browser
    }

    /// Sends one request and says what is wrong with its answer, if anything is.
    async fn send(&self, made: &Made) -> Result<u16, String> {
        let address = self.dashboard.browser.address;
        let reply = exchange(address, &made.bytes, !made.is_whole, PATIENCE).await;
        let wrong = |what: &str| {
            let asked = start_of(&String::from_utf8_lossy(&made.bytes));
            Err(format!("{what}:\n{asked}\n{}", start_of(&reply.text)))
        };
        if reply.took.is_none() {
            return wrong("no end within five seconds");
        }
        let Some(status) = reply.status() else {
            return if made.is_whole {
                wrong("no answer")
            } else {
                Ok(0)
            };
        };
        let may_wait = matches!(status, 503 | 504) && reply.header("retry-after").is_some();
        if status >= 500 && !may_wait {
            return wrong("a server error");
        }
        for leak in ["panicked", "src/", ".rs:", "SELECT ", "sqlx"] {
            if status >= 400 && reply.text.contains(leak) {
                return wrong(leak);
            }
        }
        Ok(status)
    }

    /// Sends the requests of one lane: half of them by nobody.
    async fn lane(&self, seed: u64, count: u64) -> (BTreeMap<u16, u64>, Vec<String>) {
        let mut random = StdRng::seed_from_u64(seed);
        let mut statuses = BTreeMap::new();
        let mut wrong = Vec::new();
        let mut somebody = self.sign_in().await;
        for at in 0..count {
            let cookie = (at % 2 == 0).then(|| somebody.cookies().unwrap());
            let made = self.material.make(&mut random, cookie.as_deref());
            match self.send(&made).await {
                Ok(status) => *statuses.entry(status).or_default() += 1,
                Err(told) => wrong.push(format!("seed {seed}, request {at}: {told}")),
            }
            if cookie.is_some() && made.ends_session {
                let account = somebody.get("/account").await;
                if account.status.as_u16() != 200 {
                    somebody = self.sign_in().await;
                }
            }
        }
        (statuses, wrong)
    }
}

fn start_of(text: &str) -> String {
    text.chars().take(1500).collect()
}

#[tokio::test]
async fn no_request_is_answered_with_a_bug_or_makes_the_program_grow() {
    let count = from_environment("CARILLON_MALFORMED", 2000);
    let seed = from_environment("CARILLON_SEED", 1);
    let folder = tempfile::tempdir().unwrap();
    let options = [
        "--metrics-listen",
        "127.0.0.1:0",
        "--sign-in-limit",
        "1000000",
    ];
    let mut dashboard = Dashboard::start_with(folder.path(), &options);
    let metrics = metrics(&mut dashboard);
    let world = World::start(folder.path(), &dashboard).await;
    let all = async |first: u64, count: u64| {
        let lanes = (0..u64::from(AT_ONCE)).map(|lane| world.lane(first + lane, count));
        futures_util::future::join_all(lanes).await
    };
    // What is made once, by the first request of its kind, is no growth.
    let warm = all(
        seed + 1000,
        count.div_ceil(10).min(1000) / u64::from(AT_ONCE),
    )
    .await;
    let before = memory(&dashboard);

    let lanes = all(seed, count / u64::from(AT_ONCE)).await;

    let after = memory(&dashboard);
    let mut statuses = BTreeMap::<u16, u64>::new();
    for (status, times) in lanes.iter().flat_map(|lane| &lane.0) {
        *statuses.entry(*status).or_default() += times;
    }
    println!("seed {seed}: {count} requests; memory {before} KiB, then {after} KiB; {statuses:?}");
    let wrong: Vec<_> = warm.iter().chain(&lanes).flat_map(|lane| &lane.1).collect();
    assert!(wrong.is_empty(), "{} wrong:\n{wrong:#?}", wrong.len());
    assert!(after < before + GROWTH, "{before} KiB became {after} KiB");
    let counted = metrics.get("/metrics").await;
    assert!(
        counted.text().contains("carillon_panics_total 0\n"),
        "{}",
        counted.text()
    );
    assert_eq!(metrics.get("/metrics").await.status.as_u16(), 200);
    dashboard.stop();
    let verified = run(folder.path(), &["audit", "verify"], "");
    assert!(verified.status.success(), "{verified:?}");
}
