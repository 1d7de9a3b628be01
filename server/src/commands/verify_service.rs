//! `carillon verify-service`: asks the person who runs it, walks the service, writes the report.

use std::io::{BufRead as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use backend::CaBundle;
use verify::{Outcome, Plan, Stop};

use super::say;
use crate::cli::VerifyService;
use crate::serve::asked_to_stop;

pub(super) async fn run(options: VerifyService) -> anyhow::Result<ExitCode> {
    let region = options.region.to_string();
    let bundle = CaBundle::of_environment()?;
    let client = bundle.as_ref().map(CaBundle::sdk_client);
    let trusted = bundle.map(CaBundle::into_roots);
    let found = verify::standard_credentials(&region, client).await;
    let credentials = found.context(
        "no AWS credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
    )?;
    if !options.yes && !is_wanted(&options)? {
        eprintln!("Nothing was called.");
        return Ok(ExitCode::FAILURE);
    }
    let stop = Stop::default();
    let asked = stop.clone();
    let signal = asked_to_stop()?;
    tokio::spawn(async move {
        signal.await;
        eprintln!("Stopping; what was made is removed.");
        asked.ask();
    });
    let plan = Plan {
        endpoint: options.endpoint,
        region,
        credentials,
        trusted,
        lex_bot_alias: options.lex_bot_alias,
        pinpoint_app: options.pinpoint_app,
    };
    let outcome = verify::run(plan, &stop).await?;
    // Before anything else: somebody has to remove it.
    for left in outcome.left() {
        eprintln!("Could not be removed: {left}");
    }
    write(&outcome, options.report.as_deref())?;
    eprintln!("{}", outcome.summary());
    let is_equal = outcome.different() == 0 && outcome.is_whole() && outcome.left().is_empty();
    Ok(if is_equal {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Says what it will cost and asks. Without an answer the walk does not begin.
fn is_wanted(options: &VerifyService) -> anyhow::Result<bool> {
    eprint!(
        "This makes {} calls of {} (Region {}), and more when some have to be repeated.\n\
         It makes one AppInstance with made-up users, admins, bots and endpoints, works inside it only,\n\
         and removes it. Calls are made in the name of the AWS credentials of this shell.\nGo on? [y/N] ",
        verify::calls(),
        options.endpoint,
        options.region,
    );
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(
        answer.trim().to_ascii_lowercase().as_str(),
        "y" | "yes"
    ))
}

fn write(outcome: &Outcome, to: Option<&Path>) -> anyhow::Result<()> {
    let Some(path) = to else {
        say(&outcome.markdown());
        return Ok(());
    };
    let is_json = path.extension().is_some_and(|ending| ending == "json");
    let text = if is_json {
        format!("{:#}\n", outcome.json())
    } else {
        outcome.markdown()
    };
    if let Err(error) = std::fs::write(path, &text) {
        // It took minutes and calls to find out.
        say(&text);
        bail!(
            "the report could not be written to {}: {error}",
            path.display()
        );
    }
    Ok(())
}
