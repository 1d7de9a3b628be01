//! Whether an option came from the command line or from the environment, so that a refusal calls it
//! by the name that the person used.

use std::ffi::{OsStr, OsString};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command, CommandFactory as _, Error, FromArgMatches as _};

use super::Cli;

/// The options that came from the environment: each the flag, and the variable it came from.
#[derive(Debug, Default)]
pub struct Given(Vec<(String, String)>);

impl Given {
    /// A sentence about options, with the variable where it names the flag of one.
    pub fn named(&self, sentence: &str) -> String {
        let mut sentence = sentence.to_owned();
        for (flag, variable) in &self.0 {
            sentence = replaced(&sentence, flag, variable);
        }
        sentence
    }

    fn note(&mut self, command: &Command, matches: &ArgMatches) {
        for option in command.get_arguments() {
            if matches.value_source(option.get_id().as_str()) == Some(ValueSource::EnvVariable)
                && let (Some(flag), Some(variable)) = (flag(option), variable(option))
            {
                self.0.push((flag, variable));
            }
        }
        if let Some((name, matches)) = matches.subcommand()
            && let Some(command) = command.find_subcommand(name)
        {
            self.note(command, matches);
        }
    }
}

impl Cli {
    /// Reads the command line and the environment.
    pub fn read(line: impl IntoIterator<Item = OsString>) -> Result<(Self, Given), Error> {
        let line: Vec<_> = line.into_iter().collect();
        let mut command = Self::command();
        let matches = command.try_get_matches_from_mut(&line);
        let matches = matches.map_err(|error| explained(error, &command, &line))?;
        let mut given = Given::default();
        given.note(&command, &matches);
        Ok((Self::from_arg_matches(&matches)?, given))
    }
}

/// Replaces a flag wherever it stands as a whole.
fn replaced(sentence: &str, flag: &str, variable: &str) -> String {
    let goes_on = |rest: &str| rest.starts_with(|next: char| next == '-' || next.is_alphanumeric());
    let mut parts = sentence.split(flag);
    let mut told = parts.next().unwrap_or_default().to_owned();
    for rest in parts {
        told.push_str(if goes_on(rest) { flag } else { variable });
        told.push_str(rest);
    }
    told
}

/// Names the variable in an error about a value that came from one.
fn explained(mut error: Error, command: &Command, line: &[OsString]) -> Error {
    let options = options(command, line);
    let from_environment = |option: &&&Arg| {
        let is_set = variable(option).is_some_and(|name| std::env::var_os(name).is_some());
        is_set && !flag(option).is_some_and(|flag| is_on(line, &flag))
    };
    if error.kind() == ErrorKind::InvalidUtf8 {
        let unreadable = |option: &&&Arg| {
            let value = variable(option).and_then(std::env::var_os);
            value.is_some_and(|value| value.to_str().is_none())
        };
        let mut found = options.iter().filter(from_environment).filter(unreadable);
        return match found.next().and_then(|option| variable(option)) {
            Some(name) => {
                let told = format!("the value of {name} is not text in UTF-8\n");
                Error::raw(ErrorKind::InvalidUtf8, told)
            }
            None => error,
        };
    }
    let Some(ContextValue::String(shown)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    let is_meant = |option: &&&Arg| option.to_string() == *shown;
    let mut found = options.iter().filter(is_meant).filter(from_environment);
    if let Some(name) = found.next().and_then(|option| variable(option)) {
        error.insert(ContextKind::InvalidArg, ContextValue::String(name));
    }
    error
}

/// The options of the commands that the command line names.
fn options<'a>(command: &'a Command, line: &[OsString]) -> Vec<&'a Arg> {
    let mut named = vec![command];
    for word in line.iter().skip(1) {
        let below = named.last().and_then(|last| last.find_subcommand(word));
        named.extend(below);
    }
    named.into_iter().flat_map(Command::get_arguments).collect()
}

fn flag(option: &Arg) -> Option<String> {
    option.get_long().map(|long| format!("--{long}"))
}

fn variable(option: &Arg) -> Option<String> {
    let name = option.get_env().and_then(OsStr::to_str)?;
    Some(name.to_owned())
}

/// Whether a flag stands on the command line, with its value behind `=` or as the next word.
fn is_on(line: &[OsString], flag: &str) -> bool {
    let mut words = line.iter().filter_map(|word| word.to_str());
    words.any(|word| {
        word.strip_prefix(flag)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_names_the_variable_that_an_option_came_from() {
        let given = Given(vec![
            ("--public-url".into(), "CARILLON_PUBLIC_URL".into()),
            ("--tls".into(), "CARILLON_TLS".into()),
        ]);
        assert_eq!(
            given.named("--public-url must begin with https:// when --tls-cert is given"),
            "CARILLON_PUBLIC_URL must begin with https:// when --tls-cert is given"
        );
        assert_eq!(
            given.named("give --tls, or --public-url."),
            "give CARILLON_TLS, or CARILLON_PUBLIC_URL."
        );
        assert_eq!(Given::default().named("--tls is wrong"), "--tls is wrong");
    }

    #[test]
    fn a_flag_is_on_the_command_line_in_both_of_its_forms() {
        let line = ["carillon", "serve", "--listen=x", "--region", "y"].map(OsString::from);
        assert!(is_on(&line, "--listen") && is_on(&line, "--region"));
        assert!(!is_on(&line, "--list") && !is_on(&line, "--data-dir"));
    }
}
