//! "As code": the same call in other languages, written from the operation's input.

mod cli;
mod iam;
mod python;
mod rust;

use std::fmt::Write as _;

use serde_json::Value;

use crate::account::Region;
use crate::input::Input;
use crate::operation::Operation;
use crate::reading::turns;

/// A language that a call can be shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the languages")]
pub enum Language {
    Cli,
    Python,
    Rust,
    Json,
    Iam,
}

impl Language {
    /// Every language, in the order of the tabs.
    pub const ALL: &[Self] = &[Self::Cli, Self::Python, Self::Rust, Self::Json, Self::Iam];

    /// The tab's text.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Cli => "CLI",
            Self::Python => "Python",
            Self::Rust => "Rust",
            Self::Json => "JSON",
            Self::Iam => "IAM",
        }
    }

    /// The value in the address.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Cli => "cli",
            Self::Python => "python",
            Self::Rust => "rust",
            Self::Json => "json",
            Self::Iam => "iam",
        }
    }
}

/// A call that can be written down: an operation and its input as the API's JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    operation: Operation,
    region: Region,
    members: Vec<(String, Value)>,
    resource: Option<String>,
}

impl Call {
    /// Takes the input of an operation. One that is about no resource needs its Region
    /// ([`crate::input::InRegion`]), without which this does not compile.
    pub fn of<I: Input>(input: &I) -> Self {
        const { assert!(I::HAS_REGION, "say in which Region it is") };
        let mut members = serde_json::to_value(input).unwrap_or_default();
        // A feature of serde_json that another crate asks for would change the order otherwise.
        members.sort_all_objects();
        let members = match members {
            Value::Object(members) => members.into_iter().collect(),
            // An input is a struct of strings, numbers and structs: it always is an object.
            _ => Vec::new(),
        };
        let resource = input.resource().map(|arn| arn.to_string());
        Self {
            operation: I::OPERATION,
            region: input.region().unwrap_or(Region::UsEast1),
            members,
            resource,
        }
    }

    /// The operation that the call makes.
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// Its input as the API's JSON.
    pub fn input(&self) -> Value {
        Value::Object(self.object())
    }

    /// The call in a language. The text is complete: it runs as it stands.
    pub fn write(&self, language: Language) -> String {
        match language {
            Language::Cli => cli::write(self),
            Language::Python => escaped(&python::write(self)),
            Language::Rust => rust::write(self),
            Language::Json => escaped(&self.json()),
            Language::Iam => iam::write(self),
        }
    }

    fn json(&self) -> String {
        serde_json::to_string_pretty(&self.object()).unwrap_or_default()
    }

    fn object(&self) -> serde_json::Map<String, Value> {
        self.members.iter().cloned().collect()
    }

    fn member(&self, name: &str) -> Option<&str> {
        self.members
            .iter()
            .find(|(member, _)| member == name)
            .and_then(|(_, value)| value.as_str())
    }
}

/// JSON, or Python with its strings, with marks of direction written out. Such a mark would turn
/// round the code behind it, and hide what that does.
fn escaped(code: &str) -> String {
    let mut written = String::with_capacity(code.len());
    for letter in code.chars() {
        if turns(letter) {
            let _ = write!(written, "\\u{:04x}", u32::from(letter));
        } else {
            written.push(letter);
        }
    }
    written
}

/// `AppInstanceArn` to `app_instance_arn`, `ResourceARN` to `resource_arn`.
fn snake(member: &str) -> String {
    let mut text = String::new();
    let mut after_capital = true;
    for letter in member.chars() {
        if letter.is_ascii_uppercase() && !after_capital {
            text.push('_');
        }
        after_capital = letter.is_ascii_uppercase();
        text.push(letter.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{
        CreateAppInstance, ListAppInstances, PutAppInstanceRetentionSettings, RetentionSettings,
    };
    use crate::name::{AppInstanceName, Metadata};
    use crate::tag::Tags;

    fn create() -> Call {
        create_named("O'Brien \"chat\"\n=cmd()")
    }

    fn create_named(name: &str) -> Call {
        let input = CreateAppInstance {
            name: AppInstanceName::parse(name).unwrap(),
            metadata: Metadata::parse(r#"{"k":1}"#).unwrap(),
            client_request_token: "tok-1".to_owned().try_into().unwrap(),
            tags: Tags::from_service([("env".into(), "dév".into())]),
        };
        Call::of(&input.in_region(Region::UsEast1))
    }

    #[test]
    fn the_cli_line_quotes_for_the_shell() {
        insta::assert_snapshot!(create().write(Language::Cli), @r#"
        aws chime-sdk-identity create-app-instance \
          --region us-east-1 \
          --client-request-token=tok-1 \
          --metadata='{"k":1}' \
          --name='O'\''Brien "chat"
        =cmd()' \
          --tags='[{"Key":"env","Value":"dév"}]'
        "#);
    }

    #[test]
    fn the_cli_line_never_names_a_file_that_somebody_else_chose() {
        insta::assert_snapshot!(create_named("file:///etc/passwd").write(Language::Cli), @r#"
        aws chime-sdk-identity create-app-instance \
          --region us-east-1 \
          --cli-input-json '{"ClientRequestToken":"tok-1","Metadata":"{\"k\":1}","Name":"file:///etc/passwd","Tags":[{"Key":"env","Value":"dév"}]}'
        "#);
    }

    #[test]
    fn python_and_rust_escape_their_strings() {
        insta::assert_snapshot!(create().write(Language::Python), @r#"
        import boto3

        client = boto3.client("chime-sdk-identity", region_name="us-east-1")
        response = client.create_app_instance(
            ClientRequestToken="tok-1",
            Metadata="{\"k\":1}",
            Name="O'Brien \"chat\"\n=cmd()",
            Tags=[{"Key": "env", "Value": "dév"}],
        )
        print(response)
        "#);
        insta::assert_snapshot!(create().write(Language::Rust), @r#"
        use aws_sdk_chimesdkidentity::types::*;

        let response = client
            .create_app_instance()
            .client_request_token("tok-1")
            .metadata("{\"k\":1}")
            .name("O\'Brien \"chat\"\n=cmd()")
            .tags(Tag::builder().key("env").value("dév").build()?)
            .send()
            .await?;
        "#);
    }

    #[test]
    fn a_mark_of_direction_is_written_out_in_every_language() {
        for mark in ["\u{202e}", "\u{2066}", "\u{202a}"] {
            let call = create_named(&format!("a{mark}b'c"));
            for language in Language::ALL {
                let text = call.write(*language);
                assert!(!text.contains(mark), "{language:?}: {text}");
            }
        }
        let call = create_named("a\u{202e}b");
        let name = |language| call.write(language).contains(r"a\u202eb");
        assert!(name(Language::Json) && name(Language::Python) && name(Language::Cli));
        assert!(call.write(Language::Rust).contains(r"a\u{202e}b"));
    }

    #[test]
    fn the_iam_statement_names_the_resource() {
        let arn = "arn:aws:chime:us-east-1:123456789012:app-instance/1111";
        let input = PutAppInstanceRetentionSettings {
            app_instance_arn: arn.parse().unwrap(),
            app_instance_retention_settings: RetentionSettings::new(None),
        };
        let call = Call::of(&input);
        let policy = call.write(Language::Iam);
        assert!(policy.contains("chime:PutAppInstanceRetentionSettings") && policy.contains(arn));
        let list = ListAppInstances {
            max_results: 25,
            next_token: Some("secret".into()),
        };
        let call = Call::of(&list.in_region(Region::UsEast1));
        for language in Language::ALL {
            assert!(!call.write(*language).contains("secret"));
        }
    }
}
