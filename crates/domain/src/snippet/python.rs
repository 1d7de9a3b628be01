//! The call with boto3.

use std::fmt::Write;

use serde_json::Value;

use super::Call;

pub(super) fn write(call: &Call) -> String {
    let mut text = format!(
        "import boto3\n\nclient = boto3.client(\"chime-sdk-identity\", region_name=\"{}\")\n",
        call.region
    );
    let _ = write!(text, "response = client.{}(", call.operation.method());
    for (member, value) in &call.members {
        let _ = write!(text, "\n    {member}={},", python_literal(value));
    }
    text.push_str(if call.members.is_empty() {
        ")\n"
    } else {
        "\n)\n"
    });
    text.push_str("print(response)");
    text
}

fn python_literal(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(python_literal).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<_> = members
                .iter()
                .map(|(name, value)| {
                    format!("{}: {}", Value::from(name.as_str()), python_literal(value))
                })
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        // A JSON string or number is a Python one; U+007F and above stand for themselves in both.
        scalar => scalar.to_string(),
    }
}
