//! A PostgreSQL server for one step alone: empty, on loopback, and removed with all that it holds.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::process;

/// The user that Debian has for it. As root PostgreSQL does not start.
const USER: &str = "postgres";
/// What it writes once it can be asked.
const READY: &str = "database system is ready to accept connections";
const STARTS_WITHIN: Duration = Duration::from_mins(1);

/// A running server. Dropping it stops the server and removes its data.
pub struct Server {
    programs: PathBuf,
    folder: PathBuf,
    running: Child,
    port: u16,
}

impl Server {
    /// Starts one with the programs of this folder.
    pub fn start(programs: &Path) -> Result<Self> {
        // Not below `target`: another user may not be let in there.
        let folder =
            process::read(as_user("mktemp").args(["-d", "-t", "carillon-postgres.XXXXXX"]))?;
        let folder = PathBuf::from(folder.trim());
        let data = folder.join("data");
        process::read(
            as_user(programs.join("initdb"))
                .args(["--username", USER, "--auth", "trust"])
                .args(["--encoding", "UTF8", "--no-locale", "--no-sync"])
                .arg("--pgdata")
                .arg(&data),
        )?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let log = folder.join("log");
        let running = as_user(programs.join("postgres"))
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string()])
            .args(["-c", "listen_addresses=127.0.0.1"])
            // Tests open pools side by side, and a socket's path can be too long.
            .args(["-c", "max_connections=300"])
            .args(["-c", "unix_socket_directories="])
            // Nothing here is to outlive the step.
            .args(["-c", "fsync=off"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(&log).with_context(|| "cannot write the log".to_owned())?)
            .spawn()
            .context("cannot start postgres")?;
        let mut server = Self {
            programs: programs.to_owned(),
            folder,
            running,
            port,
        };
        server.wait(&log)?;
        Ok(server)
    }

    /// The value for `CARILLON_TEST_POSTGRES_URL`.
    pub fn url(&self) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/postgres", self.port)
    }

    fn wait(&mut self, log: &Path) -> Result<()> {
        let started = Instant::now();
        loop {
            let told = fs::read_to_string(log).unwrap_or_default();
            if told.contains(READY) {
                return Ok(());
            }
            let ended = self.running.try_wait()?;
            if ended.is_some() || started.elapsed() > STARTS_WITHIN {
                bail!("PostgreSQL did not start: {told}");
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let stopped = process::read(
            as_user(self.programs.join("pg_ctl"))
                .args(["stop", "--silent", "--mode", "immediate", "--pgdata"])
                .arg(self.folder.join("data")),
        );
        if stopped.is_err() {
            let _ = self.running.kill();
        }
        let _ = self.running.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A command that runs as a user who may run PostgreSQL.
fn as_user(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = if process::is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", USER, "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    // It need not be let into the folder that xtask was started in.
    command.current_dir("/");
    command
}
