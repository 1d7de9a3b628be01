//! The tasks of the repository: `cargo xtask <task>`.
//!
//! Starts from a machine with rustup's Rust, Node, npm, git and Python 3 and installs the rest.
//! It writes to the clone and to the tools folder (see [`workspace`]), and for the browser asks
//! the system's package manager; nowhere else.

mod build;
mod files;
mod fingerprint;
mod generate;
mod invariants;
mod paths;
mod process;
#[cfg(test)]
mod promise;
mod sbom;
mod setup;
mod sizes;
mod test;
mod tidy;
mod timing;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::setup::Need;
use crate::test::Selection;
use crate::workspace::Workspace;

const USAGE: &str = "\
cargo xtask <task>

  serve [-- ARGS]   set up, build and start the dashboard on the embedded backend, as quick to build as it gets;
                    ARGS go to `carillon serve`
  build             set up and build the release: target/release/carillon, assets in target/site
  test              set up and run every test; --only STEP,… and --skip STEP,… narrow it. The release is
                    tried when it is asked for: --only release,paths,released
  dev [-- ARGS]     debug build that follows edits and reloads the browser
  setup             install everything that the other tasks need
  tidy              check the rules of the repository
  generate          write the parts of README.md and docs/access.md that follow from the code
  sbom              write what a release is made of as CycloneDX: target/sbom
  sizes             print what a first load weighs and check the budget

Tools go to $CARILLON_TOOLS, by default carillon/tools in the user's cache folder, which clones
share. Another Chromium than that of PATH is named by $CHROMIUM.";

/// A task and its arguments.
#[derive(Debug, PartialEq, Eq)]
enum Task {
    Serve(Vec<String>),
    Build,
    Test(Selection),
    Dev(Vec<String>),
    Setup,
    Tidy,
    Generate,
    Sizes,
    Sbom,
    Help,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match parse(&arguments).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    let workspace = Workspace::find()?;
    match task {
        Task::Serve(arguments) => build::serve(&workspace, &arguments),
        Task::Build => {
            setup::ensure(&workspace, Need::BUILD)?;
            build::build(&workspace)
        }
        Task::Test(selection) => test::run(&workspace, &selection),
        Task::Dev(arguments) => build::dev(&workspace, &arguments),
        Task::Setup => setup::ensure(&workspace, Need::ALL),
        Task::Tidy => tidy::check(&workspace),
        Task::Generate => generate::write(&workspace),
        Task::Sizes => sizes::check(&workspace),
        Task::Sbom => sbom::write(&workspace),
        Task::Help => {
            println!("{USAGE}\n\nSteps of test: {}", test::step_names());
            Ok(())
        }
    }
}

fn parse(arguments: &[String]) -> Result<Task> {
    let Some((task, rest)) = arguments.split_first() else {
        bail!("no task given\n\n{USAGE}");
    };
    let takes_nothing = |parsed: Task| match rest {
        [] => Ok(parsed),
        [first, ..] => bail!("{task} takes no argument, got {first}"),
    };
    // Cargo takes the first `--` for itself only before the task, so one may stand here.
    let passed_on = || match rest {
        [first, others @ ..] if first == "--" => others.to_vec(),
        all => all.to_vec(),
    };
    match task.as_str() {
        "serve" => Ok(Task::Serve(passed_on())),
        "dev" => Ok(Task::Dev(passed_on())),
        "test" => Ok(Task::Test(selection(rest)?)),
        "build" => takes_nothing(Task::Build),
        "setup" => takes_nothing(Task::Setup),
        "tidy" => takes_nothing(Task::Tidy),
        "generate" => takes_nothing(Task::Generate),
        "sizes" => takes_nothing(Task::Sizes),
        "sbom" => takes_nothing(Task::Sbom),
        "help" | "--help" | "-h" => Ok(Task::Help),
        unknown => bail!("there is no task {unknown}\n\n{USAGE}"),
    }
}

fn selection(arguments: &[String]) -> Result<Selection> {
    let mut selection = Selection::default();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let (flag, value) = match argument.split_once('=') {
            Some((flag, value)) => (flag, Some(value.to_owned())),
            None => (argument.as_str(), None),
        };
        let names = match flag {
            "--only" => &mut selection.only,
            "--skip" => &mut selection.skip,
            unknown => bail!("test does not know {unknown}; it takes --only and --skip"),
        };
        let Some(value) = value.or_else(|| arguments.next().cloned()) else {
            bail!("{flag} needs the names of steps: {}", test::step_names());
        };
        names.extend(value.split(',').map(str::to_owned));
    }
    Ok(selection)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Task> {
        parse(
            &line
                .split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn what_follows_serve_goes_to_the_dashboard_with_or_without_dashes() {
        let expected = Task::Serve(vec!["--listen".to_owned(), "127.0.0.1:0".to_owned()]);

        assert_eq!(
            parsed("serve -- --listen 127.0.0.1:0").expect("valid"),
            expected
        );
        assert_eq!(
            parsed("serve --listen 127.0.0.1:0").expect("valid"),
            expected
        );
    }

    #[test]
    fn steps_are_named_in_lists_and_repeatedly() {
        let expected = Task::Test(Selection {
            only: vec!["fmt".to_owned(), "tidy".to_owned(), "doc".to_owned()],
            skip: vec!["tidy".to_owned()],
        });

        assert_eq!(
            parsed("test --only fmt,tidy --skip=tidy --only doc").expect("valid"),
            expected
        );
    }

    #[test]
    fn what_a_task_does_not_know_is_refused() {
        for line in ["", "tset", "tidy now", "test --onyl fmt", "test --only"] {
            parsed(line).expect_err(line);
        }
    }
}
