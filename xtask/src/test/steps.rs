//! The steps themselves, in order.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::postgres::Server;
use crate::setup::{self, Need};
use crate::workspace::{NATIVE, Workspace};
use crate::{build, generate, invariants, paths, process, sizes, tidy};

/// One check.
pub struct Step {
    pub name: &'static str,
    pub what: &'static str,
    pub needs: &'static [Need],
    pub run: Run,
    pub part: Part,
}

/// Which run a step is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Every run.
    Every,
    /// A run that names it. What is tested is compiled as it is developed; optimising it takes a third of
    /// an hour more and shows other faults only rarely. `.ci/release` names these steps.
    Release,
}

/// What a step does.
pub enum Run {
    /// Passes or fails.
    Check(fn(&Workspace) -> Result<()>),
    /// Passes, fails, or passes with something unchecked, which the summary then says.
    CheckWithGap(fn(&Workspace) -> Result<Option<&'static str>>),
}

/// In order of cost, but what explains a later failure comes before it.
pub const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        what: "rustfmt has nothing to change",
        needs: &[],
        run: Run::Check(fmt),
        part: Part::Every,
    },
    Step {
        name: "tidy",
        what: "the rules of the repository",
        needs: &[],
        run: Run::Check(tidy::check),
        part: Part::Every,
    },
    Step {
        name: "clippy",
        what: "lints, all that the server has",
        needs: &[],
        run: Run::Check(clippy),
        part: Part::Every,
    },
    Step {
        name: "clippy-wasm",
        what: "lints, pages as the browser has them",
        needs: &[Need::WasmTarget],
        run: Run::Check(clippy_wasm),
        part: Part::Every,
    },
    Step {
        name: "doc",
        what: "documentation without broken links",
        needs: &[],
        run: Run::Check(doc),
        part: Part::Every,
    },
    Step {
        name: "deny",
        what: "licences, bans, sources, advisories",
        needs: &[Need::CargoDeny],
        run: Run::CheckWithGap(deny),
        part: Part::Every,
    },
    Step {
        name: "views",
        what: "the markup in the pages is formatted",
        needs: &[Need::Leptosfmt],
        run: Run::Check(views),
        part: Part::Every,
    },
    Step {
        name: "machete",
        what: "no dependency that is not used",
        needs: &[Need::CargoMachete],
        run: Run::Check(machete),
        part: Part::Every,
    },
    Step {
        name: "invariants",
        what: "who may depend on whom",
        needs: &[Need::WasmTarget],
        run: Run::Check(invariants::check),
        part: Part::Every,
    },
    Step {
        name: "build",
        what: "the front end, and a server that shows it",
        needs: Need::BUILD,
        run: Run::Check(build::tested),
        part: Part::Every,
    },
    Step {
        name: "unit",
        what: "Rust tests",
        needs: &[],
        run: Run::Check(unit),
        part: Part::Every,
    },
    Step {
        name: "generated",
        what: "generate has nothing to change",
        needs: &[],
        run: Run::Check(generate::check),
        part: Part::Every,
    },
    Step {
        name: "store-postgres",
        what: "the tests of the store on PostgreSQL",
        needs: &[Need::Postgres],
        run: Run::CheckWithGap(store_postgres),
        part: Part::Every,
    },
    Step {
        name: "sizes",
        what: "the first load against its budget",
        needs: &[],
        run: Run::Check(sizes::check),
        part: Part::Every,
    },
    Step {
        name: "contract",
        what: "the emulator against boto3",
        needs: &[Need::PythonPackages],
        run: Run::Check(contract),
        part: Part::Every,
    },
    Step {
        name: "journeys",
        what: "the dashboard in a browser",
        needs: &[Need::NodeModules, Need::Chromium],
        run: Run::Check(journeys),
        part: Part::Every,
    },
    Step {
        name: "release",
        what: "the release",
        needs: Need::BUILD,
        run: Run::Check(build::build),
        part: Part::Release,
    },
    Step {
        name: "paths",
        what: "no path of this machine in the release",
        needs: &[],
        run: Run::Check(paths::check),
        part: Part::Release,
    },
    Step {
        name: "released",
        what: "the release in a browser: a few journeys",
        needs: &[Need::NodeModules, Need::Chromium],
        run: Run::Check(released),
        part: Part::Release,
    },
];

/// Prints the texts of "As code"; of the package `domain`.
const SNIPPETS: &str = "snippets";

fn fmt(workspace: &Workspace) -> Result<()> {
    process::run(&mut workspace.cargo(&["fmt", "--all", "--check"]))
}

fn clippy(workspace: &Workspace) -> Result<()> {
    process::run(
        workspace
            .cargo(&["clippy", "--all-targets"])
            .args(NATIVE)
            .args(["--", "-D", "warnings"]),
    )
}

fn clippy_wasm(workspace: &Workspace) -> Result<()> {
    // Clippy follows path dependencies: this lints `app` with `hydrate` and `domain` as well.
    process::run(
        workspace
            .cargo(&["clippy", "-p", "frontend", "--target", setup::WASM_TARGET])
            .args(["--", "-D", "warnings"]),
    )
}

fn doc(workspace: &Workspace) -> Result<()> {
    process::run(
        workspace
            // The example is there for its features: see NATIVE.
            .cargo(&["doc", "--no-deps", "--lib", "--example", SNIPPETS])
            .args(NATIVE)
            .env("RUSTDOCFLAGS", "-D warnings"),
    )
}

fn deny(workspace: &Workspace) -> Result<Option<&'static str>> {
    let cargo_deny = |arguments: &[&str]| -> Result<Command> {
        let mut command = workspace.cargo(&["deny"]);
        command.args(arguments).env("PATH", setup::path(workspace)?);
        Ok(command)
    };
    // Without the graphs: a dozen harmless duplicates would fill pages.
    let check = [
        "check",
        "--hide-inclusion-graph",
        "licenses",
        "bans",
        "sources",
    ];
    process::run(&mut cargo_deny(&check)?)?;

    // The advisories live in a repository on the web, which not every machine can reach.
    if !process::succeeds_within(&mut cargo_deny(&["fetch", "db"])?, Duration::from_mins(1))? {
        return Ok(Some(
            "ADVISORIES NOT CHECKED: their database cannot be reached",
        ));
    }
    process::run(&mut cargo_deny(&["--offline", "check", "advisories"])?)?;
    Ok(None)
}

fn unit(workspace: &Workspace) -> Result<()> {
    process::run(workspace.cargo(&["test"]).args(NATIVE))
}

fn store_postgres(workspace: &Workspace) -> Result<Option<&'static str>> {
    let Some(programs) = setup::find_postgres() else {
        return Ok(Some(
            "NOT TESTED ON POSTGRESQL: there is none, and only root may install it",
        ));
    };
    let server = Server::start(&programs)?;
    // The program that `unit` compiled, and of its tests those that need a server.
    process::run(
        workspace
            .cargo(&["test"])
            .args(NATIVE)
            .args(["--test", "store", "--", "postgres::"])
            .env("CARILLON_TEST_POSTGRES_URL", server.url()),
    )?;
    Ok(None)
}

fn views(workspace: &Workspace) -> Result<()> {
    let mut check = workspace.command(setup::program(workspace, "leptosfmt")?);
    process::run(check.args(["--quiet", "--check", "app/src"]))
}

fn machete(workspace: &Workspace) -> Result<()> {
    process::run(&mut workspace.command(setup::program(workspace, "cargo-machete")?))
}

fn contract(workspace: &Workspace) -> Result<()> {
    let binary = built(workspace, workspace.trial(), "build")?;
    let binary = binary
        .to_str()
        .context("the path of the clone is not UTF-8")?;
    // Writes the texts of "As code" that the tests run.
    process::run(
        workspace
            .cargo(&["build", "--example", SNIPPETS])
            .args(NATIVE),
    )?;
    let snippets = format!("{SNIPPETS}{}", std::env::consts::EXE_SUFFIX);
    process::run(
        workspace
            .command(setup::python_interpreter(workspace))
            .args(["-m", "pytest", "-p", "no:cacheprovider", "end2end/contract"])
            .env("PYTHONDONTWRITEBYTECODE", "1")
            // Quoted as for a shell: the tests split it into words.
            .env("CARILLON_EMULATE", format!("'{binary}' emulate"))
            .env(
                "CARILLON_SNIPPETS",
                workspace.target.join("debug/examples").join(snippets),
            ),
    )
}

fn journeys(workspace: &Workspace) -> Result<()> {
    playwright(
        workspace,
        &built(workspace, workspace.trial(), "build")?,
        &[],
    )
}

/// Enough to show that the release starts, reads, writes, keeps its islands alive and signs people in.
fn released(workspace: &Workspace) -> Result<()> {
    let journeys = [
        "both/app_instances",
        "both/users",
        "both/bots_and_admins",
        "both/oidc",
        "browser/live_log",
        "browser/leaving",
    ];
    playwright(
        workspace,
        &built(workspace, workspace.binary(), "release")?,
        &journeys,
    )
}

/// The journeys of these files, or all where there are none, in the pages of a program.
fn playwright(workspace: &Workspace, program: &Path, files: &[&str]) -> Result<()> {
    let chromium = setup::find_chromium().context("no Chromium found")?;
    process::run(
        Command::new(workspace.end2end().join("node_modules/.bin/playwright"))
            .current_dir(workspace.end2end())
            .args(["test", "--forbid-only"])
            .args(files)
            .env("CARILLON_BIN", program)
            .env("CHROMIUM", chromium),
    )
}

fn built(workspace: &Workspace, program: PathBuf, step: &str) -> Result<PathBuf> {
    if !program.is_file() {
        bail!(
            "{} is not there; the step {step} makes it",
            workspace.shown(&program)
        );
    }
    Ok(program)
}
