"""How long an edit of one string takes, beside a hello-world Leptos workspace.

    python3 bench/rebuild.py

Makes the smallest workspace with the same parts (one crate of pages for server and browser, islands,
axum, the same versions and the same development profile) in a temporary folder, builds both once,
then edits a string of a page, in turn in each, and times the builds that `cargo leptos watch` runs:
the server and the WASM. Reports medians and their ratio; the files are as before afterwards.
"""

import argparse
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "app" / "src" / "overview.rs"

CARGO = """
[workspace]
members = ["app", "frontend", "server"]
resolver = "3"
[workspace.dependencies]
leptos = {{ version = "={leptos}", features = ["islands"] }}
[profile.dev]
debug = "line-tables-only"
[profile.dev.package.app]
debug = false
[profile.dev.package.server]
debug = false
"""
APP = """
[package]
name = "app"
version = "0.1.0"
edition = "2024"
[features]
ssr = ["leptos/ssr", "leptos_router/ssr"]
hydrate = ["leptos/hydrate"]
[dependencies]
leptos.workspace = true
leptos_router = "={leptos_router}"
"""
PAGES = """
use leptos::prelude::*;
use leptos_router::{components::{FlatRoutes, Route, Router}, path};

#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router><FlatRoutes fallback=|| "Not found"><Route path=path!("/") view=Home/></FlatRoutes></Router>
    }
}

#[component]
fn Home() -> impl IntoView {
    view! { <h1>"Hello, world"</h1><Counter/> }
}

#[island]
pub fn Counter() -> impl IntoView {
    let count = RwSignal::new(0);
    view! { <button on:click=move |_| count.update(|count| *count += 1)>{count}</button> }
}
"""
FRONTEND = """
[package]
name = "frontend"
version = "0.1.0"
edition = "2024"
[lib]
crate-type = ["cdylib"]
[dependencies]
app = {{ path = "../app", features = ["hydrate"] }}
leptos.workspace = true
wasm-bindgen = "={wasm_bindgen}"
"""
ENTRY = """
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    let _ = app::Counter;
    leptos::mount::hydrate_islands();
}
"""
SERVER = """
[package]
name = "server"
version = "0.1.0"
edition = "2024"
[dependencies]
app = {{ path = "../app", features = ["ssr"] }}
axum = "={axum}"
leptos.workspace = true
leptos_axum = "={leptos_axum}"
tokio = {{ version = "1", features = ["macros", "net", "rt-multi-thread"] }}
"""
MAIN = """
use leptos_axum::{LeptosRoutes, generate_route_list};

#[tokio::main]
async fn main() {
    let options = leptos::config::LeptosOptions::builder().output_name("hello").build();
    let routes = generate_route_list(app::App);
    let router = axum::Router::new().leptos_routes(&options, routes, app::App).with_state(options);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    axum::serve(listener, router).await.expect("it serves");
}
"""


def locked(package):
    lock = (ROOT / "Cargo.lock").read_text(encoding="utf-8")
    return re.search(rf'name = "{package}"\nversion = "([^"]+)"', lock).group(1)


def hello(folder):
    versions = {name: locked(name) for name in ("leptos", "leptos_router", "leptos_axum", "axum")}
    versions["wasm_bindgen"] = locked("wasm-bindgen")
    files = {"Cargo.toml": CARGO.format(**versions), "app/Cargo.toml": APP.format(**versions), "app/src/lib.rs": PAGES,
             "frontend/Cargo.toml": FRONTEND.format(**versions), "frontend/src/lib.rs": ENTRY,
             "server/Cargo.toml": SERVER.format(**versions), "server/src/main.rs": MAIN}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder, folder / "app/src/lib.rs", "Hello, world"


def build(folder):
    started = time.perf_counter()
    for arguments in (["-p", "server"], ["-p", "frontend", "--target", "wasm32-unknown-unknown"]):
        subprocess.run(["cargo", "build", "--quiet", *arguments], cwd=folder, check=True)
    return time.perf_counter() - started


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--folder", type=Path, help="keep the hello-world workspace here, to be used again")
    given = options.parse_args()
    rounds = given.rounds
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        workspaces = {"hello-world": hello(folder), "carillon": (ROOT, PAGE, '"Overview"')}
        originals = {name: page.read_text(encoding="utf-8") for name, (_, page, _) in workspaces.items()}
        for name, (root, _, _) in workspaces.items():
            print(f"{name}: first build {build(root):.0f} s")
        seconds = {name: [] for name in workspaces}
        try:
            for number in range(rounds):
                for name, (root, page, text) in workspaces.items():
                    assert text in originals[name]
                    inner = text.strip('"')
                    edited = originals[name].replace(text, text.replace(inner, f"{inner} {number}"), 1)
                    page.write_text(edited, encoding="utf-8")
                    seconds[name].append(build(root))
        finally:
            for name, (_, page, _) in workspaces.items():
                page.write_text(originals[name], encoding="utf-8")
        medians = {name: statistics.median(found) for name, found in seconds.items()}
        for name, median in medians.items():
            print(f"{name}: {median:.1f} s after an edit (median of {rounds})")
        print(f"ratio: {medians['carillon'] / medians['hello-world']:.1f}")


main()
