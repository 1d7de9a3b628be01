//! `cargo xtask test`: every check there is, in one order, stopping at the first that fails.
//!
//! A step that cannot run is a failure. Only `--only` and `--skip` leave something out, and the
//! summary says so.

mod postgres;
mod steps;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::setup::{self, Need};
use crate::{timing, workspace::Workspace};

use steps::{Part, Run, STEPS, Step};

/// Which steps to run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// These and no others; empty means all that are part of every run.
    pub only: Vec<String>,
    /// Not these.
    pub skip: Vec<String>,
}

impl Selection {
    fn has(&self, step: &Step) -> bool {
        let named = |names: &[String]| names.iter().any(|known| known == step.name);
        let is_asked_for = if self.only.is_empty() {
            step.part == Part::Every
        } else {
            named(&self.only)
        };
        is_asked_for && !named(&self.skip)
    }

    fn check(&self) -> Result<()> {
        for name in self.only.iter().chain(&self.skip) {
            if !STEPS.iter().any(|step| step.name == name) {
                bail!("there is no step {name}; there are {}", step_names());
            }
        }
        Ok(())
    }
}

/// The names of all steps, in order.
pub fn step_names() -> String {
    STEPS
        .iter()
        .map(|step| step.name)
        .collect::<Vec<_>>()
        .join(", ")
}

/// What became of a step.
enum Outcome {
    /// With what it could not check.
    Passed(Duration, Option<&'static str>),
    Failed(Duration),
    NotReached,
    LeftOut,
}

/// Sets up what the selected steps need and runs them.
pub fn run(workspace: &Workspace, selection: &Selection) -> Result<()> {
    let started = Instant::now();
    selection.check()?;

    let mut needs: Vec<Need> = STEPS
        .iter()
        .filter(|step| selection.has(step))
        .flat_map(|step| step.needs.iter().copied())
        .collect();
    needs.sort();
    needs.dedup();
    setup::ensure(workspace, &needs)?;

    let mut failure = None;
    let mut outcomes = Vec::new();
    for step in STEPS {
        let outcome = if !selection.has(step) {
            Outcome::LeftOut
        } else if failure.is_some() {
            Outcome::NotReached
        } else {
            println!("\ntest   {}: {}", step.name, step.what);
            let started = Instant::now();
            let result = match step.run {
                Run::Check(check) => check(workspace).map(|()| None),
                Run::CheckWithGap(check) => check(workspace),
            };
            let time = started.elapsed();
            match result {
                Ok(gap) => {
                    println!("test   {} passed, {}", step.name, timing::shown(time));
                    Outcome::Passed(time, gap)
                }
                Err(error) => {
                    println!(
                        "test   {} FAILED, {}: {error:#}",
                        step.name,
                        timing::shown(time)
                    );
                    failure = Some((step.name, error));
                    Outcome::Failed(time)
                }
            }
        };
        outcomes.push((step, outcome));
    }

    summarise(&outcomes);
    let time = timing::shown(started.elapsed());
    if let Some((name, error)) = failure {
        return Err(error.context(format!("test step {name} failed after {time} in all")));
    }
    let count = |is: fn(&Step, &Outcome) -> bool| {
        let outcomes = outcomes.iter();
        outcomes.filter(|(step, outcome)| is(step, outcome)).count()
    };
    let passed = count(|_, outcome| matches!(outcome, Outcome::Passed(..)));
    let left_out =
        count(|step, outcome| step.part == Part::Every && matches!(outcome, Outcome::LeftOut));
    match left_out {
        0 => println!("test   all {passed} steps passed in {time}"),
        _ => println!("test   {passed} steps passed in {time}; {left_out} LEFT OUT"),
    }
    Ok(())
}

fn summarise(outcomes: &[(&Step, Outcome)]) {
    println!();
    for (step, outcome) in outcomes {
        let (word, time) = match outcome {
            Outcome::Passed(time, _) => ("passed", timing::shown(*time)),
            Outcome::Failed(time) => ("FAILED", timing::shown(*time)),
            Outcome::NotReached => ("not reached", String::new()),
            Outcome::LeftOut => match step.part {
                Part::Every => ("left out", String::new()),
                Part::Release => ("not asked for", String::new()),
            },
        };
        println!(
            "test   {:<14} {word:<13} {time:>12}  {}",
            step.name, step.what
        );
        if let Outcome::Passed(_, Some(gap)) = outcome {
            println!("test   {:<14} {gap}", "");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(only: &[&str], skip: &[&str]) -> Selection {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Selection {
            only: owned(only),
            skip: owned(skip),
        }
    }

    fn steps(selection: &Selection) -> Vec<&'static str> {
        let steps = STEPS.iter().filter(|step| selection.has(step));
        steps.map(|step| step.name).collect()
    }

    #[test]
    fn the_plain_command_runs_every_step_but_those_of_the_release() {
        let left_out: Vec<_> = STEPS
            .iter()
            .filter(|step| !Selection::default().has(step))
            .map(|step| step.name)
            .collect();

        assert_eq!(left_out, ["release", "paths", "released"]);
    }

    #[test]
    fn only_and_skip_narrow_the_steps() {
        assert_eq!(steps(&selection(&["fmt"], &[])), ["fmt"]);
        assert_eq!(
            steps(&selection(&["fmt", "release"], &["fmt"])),
            ["release"]
        );
        assert!(!steps(&selection(&[], &["tidy"])).contains(&"tidy"));
    }

    /// Nothing is left out: a change is tried by the plain command, and a release by all of the others.
    #[test]
    fn every_step_is_run_for_a_change_or_for_a_release() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let script = |name: &str| {
            let path = folder.join("../.ci").join(name);
            std::fs::read_to_string(path).expect("it is there")
        };
        let plain = steps(&Selection::default());
        let others = STEPS.iter().map(|step| step.name);
        let others: Vec<_> = others.filter(|name| !plain.contains(name)).collect();
        let others = format!("cargo xtask test --only {}\n", others.join(","));

        assert!(script("run").contains("cargo xtask test\n"));
        assert!(script("release").contains(&others));
    }

    #[test]
    fn a_step_that_does_not_exist_is_refused_rather_than_ignored() {
        selection(&["ftm"], &[]).check().expect_err("no such step");
        selection(&[], &["tydi"]).check().expect_err("no such step");
        selection(&["fmt"], &["tidy"]).check().expect("both exist");
    }

    #[test]
    fn the_names_of_steps_differ() {
        let mut names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        names.sort_unstable();
        names.dedup();

        assert_eq!(names.len(), STEPS.len());
    }
}
