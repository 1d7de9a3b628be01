//! `carillon operator`: operators from the shell. What it changes is in the audit too.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use backend::audit::SHELL;
use backend::{Actor, Backend, Operator};
use domain::Grant;
use domain::grant::Limit;
use serde_json::{Value, json};

use super::{database, say, told};
use crate::cli::{OperatorCommand, Operators};
use crate::config::permissions;

pub(super) async fn run(options: Operators) -> anyhow::Result<ExitCode> {
    let backend = database(&options.store, options.passwords.leaked()?).await?;
    let operators = backend.operators();
    match options.command {
        OperatorCommand::Add {
            username,
            role,
            limits,
            password_file,
        } => {
            let grant = grant(limits)?;
            let password = password(password_file.as_deref())?;
            let taken = operators.by_name(&username).await;
            let taken = taken.map_err(|failure| told(&failure))?;
            ensure!(taken.is_none(), "there is an operator {username} already");
            let added = operators.add_for(&username, &password, role, grant).await;
            let added = added.map_err(|failure| told(&failure))?;
            let scope = added.grant.to_string();
            let detail = json!({ "username": added.username, "role": role.name(), "scope": scope });
            note(&backend, "AddOperator", detail).await?;
            say(&format!(
                "added {} as {role}{}",
                added.username,
                limited(&added.grant)
            ));
        }
        OperatorCommand::List => {
            for operator in operators.list().await.map_err(|failure| told(&failure))? {
                say(&line(&operator));
            }
        }
        OperatorCommand::SetRole { username, role } => {
            let operator = find(&backend, &username).await?;
            let changed = operators.set_role(&operator.id, role).await;
            changed.map_err(|failure| last_admin(&failure))?;
            let detail = json!({ "username": operator.username, "role": role.name(), "before": operator.role.name() });
            note(&backend, "SetOperatorRole", detail).await?;
            say(&format!("{} is now {role}", operator.username));
        }
        OperatorCommand::SetScope {
            username,
            limits,
            everything: _,
        } => {
            let grant = grant(limits)?;
            let operator = find(&backend, &username).await?;
            let changed = operators.set_grant(&operator.id, &grant).await;
            changed.map_err(|failure| last_admin(&failure))?;
            let (scope, before) = (grant.to_string(), operator.grant.to_string());
            let detail = json!({ "username": operator.username, "scope": scope, "before": before });
            note(&backend, "SetOperatorScope", detail).await?;
            say(&if grant.is_everything() {
                format!("the role of {} covers everything now", operator.username)
            } else {
                format!(
                    "the role of {} is now{}",
                    operator.username,
                    limited(&grant)
                )
            });
        }
        OperatorCommand::Disable { username, undo } => {
            let operator = find(&backend, &username).await?;
            let changed = operators.set_disabled(&operator.id, !undo).await;
            changed.map_err(|failure| last_admin(&failure))?;
            let event = if undo {
                "EnableOperator"
            } else {
                "DisableOperator"
            };
            sign_out(&backend, &operator, !undo).await?;
            note(&backend, event, json!({ "username": operator.username })).await?;
            say(&format!(
                "{} can {} sign in",
                operator.username,
                if undo { "again" } else { "no longer" }
            ));
        }
        OperatorCommand::ResetAuthenticator { username } => {
            let operator = find(&backend, &username).await?;
            let reset = backend.reset_authenticator(&shell(), &operator).await;
            reset.map_err(|failure| no_authenticator(&failure))?;
            say(&format!(
                "{} signs in with the password alone and is signed out",
                operator.username
            ));
        }
        OperatorCommand::ResetPassword {
            username,
            password_file,
        } => {
            let operator = find(&backend, &username).await?;
            let password = password(password_file.as_deref())?;
            let changed = operators.reset_password(&operator.id, &password).await;
            changed.map_err(|failure| told(&failure))?;
            sign_out(&backend, &operator, true).await?;
            note(
                &backend,
                "ResetOperatorPassword",
                json!({ "username": operator.username }),
            )
            .await?;
            say(&format!(
                "{} has a new password and is signed out",
                operator.username
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What limits of the command line mean: none is everything.
fn grant(limits: Vec<Limit>) -> anyhow::Result<Grant> {
    if limits.is_empty() {
        return Ok(Grant::EVERYTHING);
    }
    Grant::limited(limits).map_err(|problem| anyhow::Error::msg(problem.to_string()))
}

/// ` limited to main/us-east-1, other`; nothing for everything.
fn limited(grant: &Grant) -> String {
    if grant.is_everything() {
        return String::new();
    }
    let limits: Vec<_> = grant.limits().iter().map(ToString::to_string).collect();
    format!(" limited to {}", limits.join(", "))
}

async fn find(backend: &Backend, username: &str) -> anyhow::Result<Operator> {
    let found = backend
        .operators()
        .by_name(username)
        .await
        .map_err(|failure| told(&failure))?;
    found.with_context(|| format!("there is no operator {username}"))
}

async fn sign_out(backend: &Backend, operator: &Operator, is_needed: bool) -> anyhow::Result<()> {
    if is_needed {
        backend
            .sessions()
            .revoke_of(&operator.id)
            .await
            .map_err(|failure| told(&failure))?;
    }
    Ok(())
}

async fn note(backend: &Backend, event: &str, detail: Value) -> anyhow::Result<()> {
    backend
        .audit()
        .note(&shell(), event, detail)
        .await
        .map(drop)
        .map_err(|failure| told(&failure))
}

const fn shell() -> Actor<'static> {
    Actor {
        operator: None,
        username: SHELL,
        remote: None,
        request_id: "",
    }
}

fn no_authenticator(failure: &domain::Failure) -> anyhow::Error {
    if failure.cause == domain::Cause::Conflict {
        anyhow::Error::msg("this operator has no authenticator")
    } else {
        told(failure)
    }
}

fn last_admin(failure: &domain::Failure) -> anyhow::Error {
    if failure.cause == domain::Cause::LastAdmin {
        anyhow::Error::msg("this is the last Admin; make another one first")
    } else {
        told(failure)
    }
}

fn line(operator: &Operator) -> String {
    let Operator {
        username,
        role,
        grant,
        disabled,
        signed_in,
        provider,
        ..
    } = operator;
    let state = match (disabled, signed_in) {
        (Some(since), _) => format!("disabled since {since}"),
        (None, Some(at)) => format!("signed in {at}"),
        (None, None) => "never signed in".to_owned(),
    };
    let provider = provider.as_ref().map(|provider| format!("with {provider}"));
    let scope = limited(grant);
    let scope = Some(scope.trim_start().to_owned()).filter(|scope| !scope.is_empty());
    let always = [username.clone(), role.to_string(), state];
    let columns: Vec<_> = always.into_iter().chain(provider).chain(scope).collect();
    columns.join("\t")
}

/// A password from a file, or from standard input. Never an argument: those are in the list of
/// processes and the history of the shell.
fn password(file: Option<&Path>) -> anyhow::Result<String> {
    let mut line = String::new();
    if let Some(file) = file {
        permissions::check_secret("password file", file)?;
        let text = std::fs::read_to_string(file);
        line = text.with_context(|| format!("cannot read {}", file.display()))?;
    } else {
        let _hidden = std::io::stdin().is_terminal().then(Hidden::begin);
        std::io::stdin()
            .lock()
            .read_line(&mut line)
            .context("cannot read standard input")?;
    }
    let password = line.lines().next().unwrap_or_default().to_owned();
    ensure!(
        !password.is_empty(),
        "a password is needed: type it, pipe it in, or give --password-file"
    );
    Ok(password)
}

/// A terminal that does not show what is typed, until this is dropped.
struct Hidden;

impl Hidden {
    fn begin() -> Self {
        eprint!("Password: ");
        // Without `stty` the password is seen, which is better than not getting in.
        let _ = std::process::Command::new("stty").arg("-echo").status();
        Self
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        let _ = std::process::Command::new("stty").arg("echo").status();
        eprintln!();
    }
}
