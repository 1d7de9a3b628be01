//! The call with the AWS SDK for Rust, in a function that returns its errors.

use std::fmt::Write;

use serde_json::Value;

use super::{Call, snake};

pub(super) fn write(call: &Call) -> String {
    let mut text = String::from("use aws_sdk_chimesdkidentity::types::*;\n\n");
    let _ = write!(
        text,
        "let response = client\n    .{}()",
        call.operation.method()
    );
    for (member, value) in &call.members {
        rust_member(&mut text, member, value);
    }
    text.push_str("\n    .send()\n    .await?;");
    if !text.contains("::builder()") && !text.contains("::from(") {
        text = text.replacen("use aws_sdk_chimesdkidentity::types::*;\n\n", "", 1);
    }
    text
}

fn rust_string(text: &str) -> String {
    format!("\"{}\"", text.escape_debug())
}

/// Adds `.member(value)`, once per item for lists, with the builders of structures.
fn rust_member(text: &mut String, member: &str, value: &Value) {
    let method = if member == "Type" {
        "r#type".to_owned()
    } else {
        snake(member)
    };
    match value {
        Value::Array(items) => {
            for item in items {
                let _ = write!(
                    text,
                    "\n    .{method}({})",
                    rust_value(member.trim_end_matches('s'), item)
                );
            }
        }
        value => {
            let _ = write!(text, "\n    .{method}({})", rust_value(member, value));
        }
    }
}

fn rust_value(member: &str, value: &Value) -> String {
    const ENUMS: &[(&str, &str)] = &[
        ("Type", "AppInstanceUserEndpointType"),
        ("AllowMessages", "AllowMessages"),
        ("ExpirationCriterion", "ExpirationCriterion"),
        ("StandardMessages", "StandardMessages"),
        ("TargetedMessages", "TargetedMessages"),
    ];
    match value {
        Value::String(text) => match ENUMS.iter().find(|(name, _)| *name == member) {
            Some((_, kind)) => format!("{kind}::from({})", rust_string(text)),
            None => rust_string(text),
        },
        Value::Object(members) => {
            // Builders whose structure has required members return a Result.
            const FALLIBLE: &[&str] = &[
                "Tag",
                "EndpointAttributes",
                "ExpirationSettings",
                "Lex",
                "InvokedBy",
            ];
            let kind = match member {
                "Lex" => "LexConfiguration",
                other => other,
            };
            let mut text = match member {
                // A union: one of its variants.
                "Configuration" => {
                    return members
                        .iter()
                        .next()
                        .map_or_else(String::new, |(name, value)| {
                            format!(
                                "Configuration::builder().lex({}).build()",
                                rust_value(name, value)
                            )
                        });
                }
                _ => format!("{kind}::builder()"),
            };
            for (name, value) in members {
                let method = snake(name);
                let _ = write!(text, ".{method}({})", rust_value(name, value));
            }
            text.push_str(if FALLIBLE.contains(&member) {
                ".build()?"
            } else {
                ".build()"
            });
            text
        }
        other => other.to_string(),
    }
}
