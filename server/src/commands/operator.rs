//! `carillon operator`: operators from the shell. What it changes is in the audit too.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use backend::{Accounts, Operator, OperatorChange};
use domain::grant::Limit;
use domain::{Cause, Grant};

use super::{accounts, say, told};
use crate::cli::{OperatorCommand, Operators};
use crate::config::SecretPlace;

pub(super) async fn run(options: Operators) -> anyhow::Result<ExitCode> {
    let accounts = accounts(&options.store, options.passwords.leaked()?).await?;
    match options.command {
        OperatorCommand::Add {
            username,
            role,
            limits,
            password_file,
        } => {
            let grant = grant(limits)?;
            let password = password(password_file.as_deref())?;
            let taken = accounts.by_name(&username).await;
            let taken = taken.map_err(|failure| told(&failure))?;
            ensure!(taken.is_none(), "there is an operator {username} already");
            let added = accounts.add_operator_from_shell(&username, &password, role, grant);
            let added = added.await.map_err(|failure| told(&failure))?;
            say(&format!(
                "added {} as {role}{}",
                added.username,
                limited(&added.grant)
            ));
        }
        OperatorCommand::List => {
            for operator in accounts.list().await.map_err(|failure| told(&failure))? {
                say(&line(&operator));
            }
        }
        OperatorCommand::SetRole { username, role } => {
            let operator = find(&accounts, &username).await?;
            change(&accounts, &operator, OperatorChange::Role(role)).await?;
            say(&format!("{} is now {role}", operator.username));
        }
        OperatorCommand::SetScope {
            username,
            limits,
            everything: _,
        } => {
            let grant = grant(limits)?;
            let operator = find(&accounts, &username).await?;
            change(&accounts, &operator, OperatorChange::Grant(&grant)).await?;
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
            let operator = find(&accounts, &username).await?;
            let disable = if undo {
                OperatorChange::Enable
            } else {
                OperatorChange::Disable
            };
            change(&accounts, &operator, disable).await?;
            say(&format!(
                "{} can {} sign in",
                operator.username,
                if undo { "again" } else { "no longer" }
            ));
        }
        OperatorCommand::ResetAuthenticator { username } => {
            let operator = find(&accounts, &username).await?;
            change(&accounts, &operator, OperatorChange::ResetAuthenticator).await?;
            say(&format!(
                "{} signs in with the password alone and is signed out",
                operator.username
            ));
        }
        OperatorCommand::ResetPassword {
            username,
            password_file,
        } => {
            let operator = find(&accounts, &username).await?;
            let password = password(password_file.as_deref())?;
            let reset = accounts
                .reset_password_from_shell(&operator, &password)
                .await;
            reset.map_err(|failure| told(&failure))?;
            say(&format!(
                "{} has a new password and is signed out",
                operator.username
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What limits of the command line mean: no limits cover everything.
fn grant(limits: Vec<Limit>) -> anyhow::Result<Grant> {
    if limits.is_empty() {
        return Ok(Grant::EVERYTHING);
    }
    Grant::limited(limits).map_err(|problem| anyhow::Error::msg(problem.to_string()))
}

/// ` limited to main/us-east-1, other`; empty for everything.
fn limited(grant: &Grant) -> String {
    if grant.is_everything() {
        return String::new();
    }
    let limits: Vec<_> = grant.limits().iter().map(ToString::to_string).collect();
    format!(" limited to {}", limits.join(", "))
}

async fn find(accounts: &Accounts, username: &str) -> anyhow::Result<Operator> {
    let found = accounts
        .by_name(username)
        .await
        .map_err(|failure| told(&failure))?;
    found.with_context(|| format!("there is no operator {username}"))
}

async fn change(
    accounts: &Accounts,
    operator: &Operator,
    change: OperatorChange<'_>,
) -> anyhow::Result<()> {
    let changed = accounts.change_operator_from_shell(operator, change).await;
    match changed {
        Ok(_) => Ok(()),
        Err(failure) => Err(match failure.cause {
            Cause::LastAdmin => {
                anyhow::Error::msg("this is the last Admin; make another one first")
            }
            Cause::Conflict => anyhow::Error::msg("this operator has no authenticator"),
            _ => told(&failure),
        }),
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
    match file {
        Some(file) => SecretPlace::File("password file", file).read(),
        None => SecretPlace::StandardInput
            .read()
            .context("a password is needed: type it, pipe it in, or give --password-file"),
    }
}
