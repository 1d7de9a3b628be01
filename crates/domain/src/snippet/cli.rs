//! The line for the AWS command line, for a POSIX shell.

use std::fmt::Write;

use serde_json::Value;

use super::{Call, snake};
use crate::reading::turns;

pub(super) fn write(call: &Call) -> String {
    let mut text = format!("aws chime-sdk-identity {} \\\n", call.operation.command());
    let _ = write!(text, "  --region {}", call.region);
    if call
        .members
        .iter()
        .any(|(_, value)| is_changed_on_the_way(value))
    {
        let input = super::escaped(&Value::Object(call.object()).to_string());
        // Not with `=`: the command line then asks for the options that the JSON stands for.
        let _ = write!(text, " \\\n  --cli-input-json {}", shell_quoted(&input));
        return text;
    }
    for (member, value) in &call.members {
        let value = match value {
            Value::String(text) => text.clone(),
            other => super::escaped(&other.to_string()),
        };
        // `--option=value`, so that a value that starts with a dash is not an option.
        let _ = write!(text, " \\\n  --{}={}", kebab(member), shell_quoted(&value));
    }
    text
}

/// Whether a value would arrive as another one if it were the value of an option.
///
/// The AWS command line replaces `file://…` by what is in the file, and its first version fetches
/// addresses. A name that an outsider chose would then send a file of the person who runs the line.
/// A control character means something to the terminal it is pasted into, and a mark of direction
/// turns the line round. Inside JSON they are only text.
fn is_changed_on_the_way(value: &Value) -> bool {
    const REPLACED: &[&str] = &["file://", "fileb://", "http://", "https://"];
    value.as_str().is_some_and(|text| {
        REPLACED.iter().any(|prefix| text.starts_with(prefix))
            || text
                .chars()
                .any(|c| turns(c) || (c.is_control() && c != '\n'))
    })
}

/// `AppInstanceArn` to `app-instance-arn`, `ResourceARN` to `resource-arn`.
fn kebab(member: &str) -> String {
    snake(member).replace('_', "-")
}

fn shell_quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@,=".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_command_line_would_replace_is_told_from_what_looks_like_it() {
        for text in [
            "file:///etc/passwd",
            "fileb://x",
            "http://a",
            "https://a",
            "a\tb",
            "\u{1b}[31m",
            "\u{7f}",
        ] {
            assert!(is_changed_on_the_way(&text.into()), "{text:?}");
        }
        for text in [
            "",
            "a file://x",
            "ftp://x",
            "files",
            "one\ntwo",
            "-x",
            "@file",
        ] {
            assert!(!is_changed_on_the_way(&text.into()), "{text:?}");
        }
        // The command line reads the value of an option that is a structure as JSON.
        assert!(!is_changed_on_the_way(
            &serde_json::json!({ "DeviceToken": "file://x" })
        ));
    }
}
