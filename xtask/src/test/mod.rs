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

use steps::{Run, STEPS, Step};

/// Which steps to run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// These and no others; empty means all.
    pub only: Vec<String>,
    /// Not these.
    pub skip: Vec<String>,
}

impl Selection {
    fn has(&self, name: &str) -> bool {
        let named = |names: &[String]| names.iter().any(|known| known == name);
        (self.only.is_empty() || named(&self.only)) && !named(&self.skip)
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
        .filter(|step| selection.has(step.name))
        .flat_map(|step| step.needs.iter().copied())
        .collect();
    needs.sort();
    needs.dedup();
    setup::ensure(workspace, &needs)?;

    let mut failure = None;
    let mut outcomes = Vec::new();
    for step in STEPS {
        let outcome = if !selection.has(step.name) {
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
    let left_out = outcomes
        .iter()
        .filter(|(_, outcome)| matches!(outcome, Outcome::LeftOut))
        .count();
    match left_out {
        0 => println!("test   all {} steps passed in {time}", STEPS.len()),
        _ => println!(
            "test   {} steps passed in {time}; {left_out} LEFT OUT",
            STEPS.len() - left_out
        ),
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
            Outcome::LeftOut => ("left out", String::new()),
        };
        println!(
            "test   {:<12} {word:<12} {time:>12}  {}",
            step.name, step.what
        );
        if let Outcome::Passed(_, Some(gap)) = outcome {
            println!("test   {:<12} {gap}", "");
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

    #[test]
    fn the_plain_command_runs_every_step() {
        let plain = Selection::default();

        assert!(STEPS.iter().all(|step| plain.has(step.name)));
    }

    #[test]
    fn only_and_skip_narrow_the_steps() {
        assert!(selection(&["fmt"], &[]).has("fmt"));
        assert!(!selection(&["fmt"], &[]).has("tidy"));
        assert!(!selection(&[], &["tidy"]).has("tidy"));
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
