//! Prints every operation "as code", for the contract tests to run what it prints.
//!
//! It reads one JSON object with the ARNs of a seeded emulator from standard input, and prints one
//! JSON object a line: the operation, the case, the language and the text. What an operation is
//! tried with is its sample, with members set that need something of the seed or make trouble.

use std::error::Error;
use std::io::{self, Write};
use std::iter;

use domain::input::{AnyInput, Input};
use domain::snippet::{Call, Language};
use domain::{Operation, Region, for_each_operation};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// What is there to act on.
#[derive(Deserialize)]
struct Seed {
    instance: String,
    other_instance: String,
    user: String,
    plain_user: String,
    bot: String,
    endpoint: String,
    pinpoint: String,
    lex_alias: String,
}

/// The texts of one case.
struct Words {
    case: &'static str,
    name: &'static str,
    metadata: &'static str,
    tag: (&'static str, &'static str),
    device: &'static str,
    /// Only the members that have to be there.
    is_least: bool,
}

const CASES: &[Words] = &[
    // Whatever a shell, a language or a parser of options takes for its own.
    Words {
        case: "quotes",
        name: r#"-x O'Brien "Chat" $HOME $(id) `id` \n \ !! %s {0} *~# Ünï 🚀"#,
        metadata: "line one\n'two' \\ \"three\" $4 ;&|<>\n",
        tag: ("it's \"$KEY\"", "`v` \\ 🚀"),
        device: "--tok 'en' \"$x\" \\",
        is_least: false,
    },
    Words {
        case: "least",
        name: "=",
        metadata: "=",
        tag: ("team", "support"),
        device: "{",
        is_least: true,
    },
    // The AWS command line replaces some values by what is at the address in them, and a terminal
    // acts on control characters.
    Words {
        case: "traps",
        name: "file:///etc/hostname",
        metadata: "nul\0 bell\u{7} escape\u{1b}[31m return\r tab\t delete\u{7f} \u{85}\u{2028}",
        tag: ("https://example.invalid/key", "fileb:///etc/hostname"),
        device: "@file\t",
        is_least: false,
    },
];

fn main() -> Result<(), Box<dyn Error>> {
    let seed: Seed = serde_json::from_reader(io::stdin().lock())?;
    let mut out = io::stdout().lock();
    for operation in Operation::ALL {
        let mut printed = Vec::new();
        for words in CASES {
            let call = call(input(*operation, &seed, words)?);
            if printed.contains(&call) {
                continue;
            }
            for language in Language::ALL {
                let line = json!({
                    "operation": operation.name(),
                    "case": words.case,
                    "language": language.slug(),
                    "text": call.write(*language),
                });
                writeln!(out, "{line}")?;
            }
            printed.push(call);
        }
    }
    Ok(())
}

/// The sample of an operation, about what the seed has and with these words.
fn input(operation: Operation, seed: &Seed, words: &Words) -> serde_json::Result<AnyInput> {
    let mut input = AnyInput::sample(operation).to_value();
    set(&mut input, &members(operation, seed, words));
    if words.is_least {
        input = least(operation, input);
    }
    AnyInput::read(operation, &input)
}

/// Members that are not as the sample has them, by name and however deep.
fn members(operation: Operation, seed: &Seed, words: &Words) -> Value {
    let (key, value) = words.tag;
    let instance = match operation {
        // The other one has users and bots, which are in the way.
        Operation::DeleteAppInstance => &seed.other_instance,
        _ => &seed.instance,
    };
    let member = match operation {
        Operation::CreateAppInstanceAdmin => &seed.plain_user,
        Operation::DescribeAppInstanceAdmin => &seed.bot,
        _ => &seed.user,
    };
    let tagged = match operation {
        Operation::TagResource => &seed.bot,
        Operation::UntagResource => &seed.instance,
        _ => &seed.user,
    };
    json!({
        "AppInstanceArn": instance,
        "AppInstanceUserArn": seed.user,
        "AppInstanceBotArn": seed.bot,
        "AppInstanceAdminArn": member,
        "ResourceARN": tagged,
        "ResourceArn": seed.pinpoint,
        "EndpointId": seed.endpoint,
        "AppInstanceUserId": "eu:carol.b-c_d@example.org",
        "Name": words.name,
        "Metadata": words.metadata,
        "Tags": [{ "Key": key, "Value": value }],
        "TagKeys": [key, "env"],
        "ClientRequestToken": "as-code_1",
        "MaxResults": 2,
        "RetentionDays": 400,
        "ExpirationDays": 400,
        "LexBotAliasArn": seed.lex_alias,
        "LocaleId": "de_DE",
        "WelcomeIntent": "Hello_World",
        "InvokedBy": { "StandardMessages": "AUTO", "TargetedMessages": "NONE" },
        "Type": "APNS_SANDBOX",
        "DeviceToken": words.device,
        "VoipDeviceToken": words.device,
    })
}

fn set(input: &mut Value, members: &Value) {
    for (name, value) in input.as_object_mut().into_iter().flatten() {
        match members.get(name) {
            Some(member) => *value = member.clone(),
            None => set(value, members),
        }
    }
}

/// The input with nothing in it but what it cannot be without, and with empty texts where it can.
fn least(operation: Operation, input: Value) -> Value {
    let mut names = Vec::new();
    collect_names(&input, &mut names);
    names.into_iter().fold(input, |input, name| {
        let empty = matches!(&*name, "Name" | "Metadata").then(|| Some("".into()));
        let values = iter::once(None).chain(empty);
        let mut shorter = values.map(|value| with(&input, &name, value.as_ref()));
        let shorter = shorter.find(|shorter| AnyInput::read(operation, shorter).is_ok());
        shorter.unwrap_or(input)
    })
}

fn collect_names(input: &Value, names: &mut Vec<String>) {
    for (name, value) in input.as_object().into_iter().flatten() {
        names.push(name.clone());
        collect_names(value, names);
    }
}

/// The input with another value for a member, or without it.
fn with(input: &Value, name: &str, value: Option<&Value>) -> Value {
    let Value::Object(members) = input else {
        return input.clone();
    };
    let members = members.iter().filter_map(|(found, member)| {
        let member = if found == name {
            value?.clone()
        } else {
            with(member, name, value)
        };
        Some((found.clone(), member))
    });
    members.collect::<Map<_, _>>().into()
}

macro_rules! calls {
    ($($operation:ident $method:ident;)*) => {
        fn call(input: AnyInput) -> Call {
            let region = input.region().unwrap_or(Region::UsEast1);
            match input {
                $(AnyInput::$operation(input) => Call::of(&input.in_region(region)),)*
            }
        }
    };
}

for_each_operation!(calls);
