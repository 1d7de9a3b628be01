//! The program where there are few file descriptors.

#![cfg(target_os = "linux")]

use std::net::SocketAddr;
use std::process::Command;

use futures_util::future::join_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::support::{Browser, Dashboard, LONG, PASSWORD, carillon};

/// The program under limits that a shell sets.
fn limited(command: &Command, limits: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{limits} && exec \"$0\" \"$@\"")]);
    shell.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        shell.env(name, value.unwrap());
    }
    shell
}

/// A connection from an address of this machine, if it is answered.
async fn hold(from: [u8; 4], to: SocketAddr) -> Option<TcpStream> {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((from, 0))).unwrap();
    let mut stream = socket.connect(to).await.ok()?;
    let request = "GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let _ = stream.write_all(request.as_bytes()).await;
    let mut start = [0; 12];
    let read = timeout(LONG, stream.read_exact(&mut start)).await;
    read.expect("neither answered nor closed").ok()?;
    Some(stream)
}

#[tokio::test]
async fn file_descriptors_do_not_end_before_the_limits_do() {
    server::descriptors::raise();
    for limits in ["ulimit -n 1024", "ulimit -Sn 256 && ulimit -Hn 1024"] {
        let folder = tempfile::tempdir().unwrap();
        let mut command = carillon(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
        command.env("CARILLON_ADMIN_PASSWORD", PASSWORD);
        let dashboard = Dashboard::of(limited(&command, limits));
        let to = dashboard.browser.address;

        // More than there are descriptors, and more than an address may have.
        let all = (2..10).flat_map(|last| (0..140).map(move |_| [127, 0, 0, last]));
        let held = join_all(all.map(|from| hold(from, to))).await;
        let mut held: Vec<_> = held.into_iter().flatten().collect();
        assert_eq!(held.len(), 512, "{limits}");

        // One that goes leaves room for somebody else, whose requests open files and make calls.
        held.truncate(500);
        let browser = Browser::new(to);
        let mut tries = 0;
        while hold([127, 0, 0, 1], to).await.is_none() {
            tries += 1;
            assert!(tries < 1000, "{limits}: nobody else gets in");
        }
        browser.sign_in("admin", PASSWORD).await.location();
        let made = browser.make_instance("Made meanwhile").await;
        assert!(browser.read(&made).await.contains("Made meanwhile"));
        drop(held);
        dashboard.stop();
    }
}
