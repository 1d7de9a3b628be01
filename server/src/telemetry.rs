//! The log: one line per event on standard error.

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;

use crate::metrics::PANICS;

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines: one JSON object per line.
    Json,
}

/// Starts writing the log. A filter that cannot be read is replaced by `info`.
pub fn start(filter: &str, format: LogFormat) {
    let parsed = EnvFilter::try_new(filter);
    let readable = parsed.is_ok();
    let builder = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(parsed.unwrap_or_else(|_| EnvFilter::new("info")));
    // A second start, as in tests, keeps the first log.
    let _ = match format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    if !readable {
        tracing::warn!("the log filter cannot be read; the level is info");
    }
    std::panic::set_hook(Box::new(|panic| {
        metrics::counter!(PANICS).increment(1);
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("no message");
        tracing::error!(
            panic.location = place,
            panic.message = message,
            "a panic was caught"
        );
    }));
}
