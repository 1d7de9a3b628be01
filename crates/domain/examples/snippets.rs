//! Prints every operation "as code", for the contract tests to run what it prints.
//!
//! It reads one JSON object with the ARNs of a seeded emulator from standard input, and prints one
//! JSON object a line: the operation, the case, the language and the text. An operation that is
//! new does not compile here until it has an input.

use std::error::Error;
use std::io::{self, Write};

use domain::arn::{AppInstanceArn, AppInstanceBotArn, AppInstanceUserArn, PinpointAppArn};
use domain::input::{
    Configuration, CreateAppInstance, CreateAppInstanceAdmin, CreateAppInstanceBot,
    CreateAppInstanceUser, DeleteAppInstance, DeleteAppInstanceAdmin, DeleteAppInstanceBot,
    DeleteAppInstanceUser, DeregisterAppInstanceUserEndpoint, DescribeAppInstance,
    DescribeAppInstanceAdmin, DescribeAppInstanceBot, DescribeAppInstanceUser,
    DescribeAppInstanceUserEndpoint, EndpointAttributes, ExpirationSettings,
    GetAppInstanceRetentionSettings, Input, ListAppInstanceAdmins, ListAppInstanceBots,
    ListAppInstanceUserEndpoints, ListAppInstanceUsers, ListAppInstances, ListTagsForResource,
    PutAppInstanceRetentionSettings, PutAppInstanceUserExpirationSettings,
    RegisterAppInstanceUserEndpoint, RetentionSettings, TagResource, UntagResource,
    UpdateAppInstance, UpdateAppInstanceBot, UpdateAppInstanceUser, UpdateAppInstanceUserEndpoint,
};
use domain::settings::{
    AllowMessages, Days, EndpointType, InvokedBy, LexConfiguration, StandardMessages,
    TargetedMessages,
};
use domain::snippet::{Call, Language};
use domain::tag::Tags;
use domain::{Operation, Region};
use serde::Deserialize;

/// What is there to act on.
#[derive(Deserialize)]
struct Seed {
    instance: AppInstanceArn,
    other_instance: AppInstanceArn,
    user: AppInstanceUserArn,
    plain_user: AppInstanceUserArn,
    bot: AppInstanceBotArn,
    endpoint: String,
    pinpoint: PinpointAppArn,
    lex_alias: String,
}

/// The texts of one case. An empty one leaves its member out where it may be left out.
struct Words {
    case: &'static str,
    name: &'static str,
    metadata: &'static str,
    tag: Option<(&'static str, &'static str)>,
    device: &'static str,
}

const CASES: &[Words] = &[
    // Whatever a shell, a language or a parser of options takes for its own.
    Words {
        case: "quotes",
        name: r#"-x O'Brien "Chat" $HOME $(id) `id` \n \ !! %s {0} *~# Ünï 🚀"#,
        metadata: "line one\n'two' \\ \"three\" $4 ;&|<>\n",
        tag: Some(("it's \"$KEY\"", "`v` \\ 🚀")),
        device: "--tok 'en' \"$x\" \\",
    },
    // Only the members that have to be there.
    Words {
        case: "least",
        name: "=",
        metadata: "",
        tag: None,
        device: "{",
    },
    // The AWS command line replaces some values by what is at the address in them, and a terminal
    // acts on control characters.
    Words {
        case: "traps",
        name: "file:///etc/hostname",
        metadata: "nul\0 bell\u{7} escape\u{1b}[31m return\r tab\t delete\u{7f} \u{85}\u{2028}",
        tag: Some(("https://example.invalid/key", "fileb:///etc/hostname")),
        device: "@file\t",
    },
];

fn main() -> Result<(), Box<dyn Error>> {
    let seed: Seed = serde_json::from_reader(io::stdin().lock())?;
    let mut out = io::stdout().lock();
    for operation in Operation::ALL {
        let mut printed = Vec::new();
        for words in CASES {
            let call = call(*operation, &seed, words)?;
            if printed.contains(&call) {
                continue;
            }
            for language in Language::ALL {
                let line = serde_json::json!({
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

impl Words {
    fn tags(&self) -> Tags {
        Tags::from_service(
            self.tag
                .map(|(key, value)| (key.to_owned(), value.to_owned())),
        )
    }

    /// Not empty, for the operations that set tags.
    fn some_tags(&self) -> Tags {
        let (key, value) = self.tag.unwrap_or(("team", "support"));
        Tags::from_service([(key.to_owned(), value.to_owned())])
    }

    /// Whether members that may be left out are there.
    fn all(&self) -> bool {
        self.tag.is_some()
    }
}

fn configuration(seed: &Seed, words: &Words) -> Result<Configuration, Box<dyn Error>> {
    let invoked_by = InvokedBy {
        standard_messages: StandardMessages::Auto.into(),
        targeted_messages: TargetedMessages::None.into(),
    };
    let intent = "Hello_World".to_owned();
    let lex = LexConfiguration {
        invoked_by: words.all().then_some(invoked_by),
        lex_bot_alias_arn: seed.lex_alias.clone().try_into()?,
        locale_id: "de_DE".to_owned().try_into()?,
        welcome_intent: if words.all() {
            Some(intent.try_into()?)
        } else {
            None
        },
    };
    Ok(Configuration { lex })
}

fn call(operation: Operation, seed: &Seed, words: &Words) -> Result<Call, Box<dyn Error>> {
    fn of(input: &impl Input) -> Call {
        Call::of(input)
    }

    let app_instance_arn = seed.instance.clone();
    let app_instance_user_arn = seed.user.clone();
    let app_instance_bot_arn = seed.bot.clone();
    let endpoint_id = seed.endpoint.clone();
    let metadata = words.metadata.to_owned();
    let token = "as-code_1".to_owned();
    let days = Days::try_from(400)?;
    let (max_results, next_token) = (2, None);

    Ok(match operation {
        Operation::CreateAppInstance => of(&CreateAppInstance {
            name: words.name.to_owned().try_into()?,
            metadata: metadata.try_into()?,
            client_request_token: token.try_into()?,
            tags: words.tags(),
        }
        .in_region(Region::UsEast1)),
        Operation::CreateAppInstanceAdmin => of(&CreateAppInstanceAdmin {
            app_instance_arn,
            app_instance_admin_arn: seed.plain_user.to_string().parse()?,
        }),
        Operation::CreateAppInstanceBot => of(&CreateAppInstanceBot {
            app_instance_arn,
            name: if words.all() { words.name } else { "" }
                .to_owned()
                .try_into()?,
            metadata: metadata.try_into()?,
            client_request_token: token.try_into()?,
            tags: words.tags(),
            configuration: configuration(seed, words)?,
        }),
        Operation::CreateAppInstanceUser => of(&CreateAppInstanceUser {
            app_instance_arn,
            app_instance_user_id: "eu:carol.b-c_d@example.org".to_owned().try_into()?,
            name: words.name.to_owned().try_into()?,
            metadata: metadata.try_into()?,
            client_request_token: token.try_into()?,
            tags: words.tags(),
            expiration_settings: words.all().then(|| ExpirationSettings::after(days)),
        }),
        Operation::DeleteAppInstance => of(&DeleteAppInstance {
            app_instance_arn: seed.other_instance.clone(),
        }),
        Operation::DeleteAppInstanceAdmin => of(&DeleteAppInstanceAdmin {
            app_instance_arn,
            app_instance_admin_arn: seed.user.to_string().parse()?,
        }),
        Operation::DeleteAppInstanceBot => of(&DeleteAppInstanceBot {
            app_instance_bot_arn,
        }),
        Operation::DeleteAppInstanceUser => of(&DeleteAppInstanceUser {
            app_instance_user_arn,
        }),
        Operation::DeregisterAppInstanceUserEndpoint => of(&DeregisterAppInstanceUserEndpoint {
            app_instance_user_arn,
            endpoint_id,
        }),
        Operation::DescribeAppInstance => of(&DescribeAppInstance { app_instance_arn }),
        Operation::DescribeAppInstanceAdmin => of(&DescribeAppInstanceAdmin {
            app_instance_arn,
            app_instance_admin_arn: seed.bot.to_string().parse()?,
        }),
        Operation::DescribeAppInstanceBot => of(&DescribeAppInstanceBot {
            app_instance_bot_arn,
        }),
        Operation::DescribeAppInstanceUser => of(&DescribeAppInstanceUser {
            app_instance_user_arn,
        }),
        Operation::DescribeAppInstanceUserEndpoint => of(&DescribeAppInstanceUserEndpoint {
            app_instance_user_arn,
            endpoint_id,
        }),
        Operation::GetAppInstanceRetentionSettings => {
            of(&GetAppInstanceRetentionSettings { app_instance_arn })
        }
        Operation::ListAppInstanceAdmins => of(&ListAppInstanceAdmins {
            app_instance_arn,
            max_results,
            next_token,
        }),
        Operation::ListAppInstanceBots => of(&ListAppInstanceBots {
            app_instance_arn,
            max_results,
            next_token,
        }),
        Operation::ListAppInstanceUserEndpoints => of(&ListAppInstanceUserEndpoints {
            app_instance_user_arn,
            max_results,
            next_token,
        }),
        Operation::ListAppInstanceUsers => of(&ListAppInstanceUsers {
            app_instance_arn,
            max_results,
            next_token,
        }),
        Operation::ListAppInstances => of(&ListAppInstances {
            max_results,
            next_token,
        }
        .in_region(Region::UsEast1)),
        Operation::ListTagsForResource => of(&ListTagsForResource {
            resource_arn: app_instance_user_arn.into(),
        }),
        Operation::PutAppInstanceRetentionSettings => of(&PutAppInstanceRetentionSettings {
            app_instance_arn,
            app_instance_retention_settings: RetentionSettings::new(words.all().then_some(days)),
        }),
        Operation::PutAppInstanceUserExpirationSettings => {
            of(&PutAppInstanceUserExpirationSettings {
                app_instance_user_arn,
                expiration_settings: words.all().then(|| ExpirationSettings::after(days)),
            })
        }
        Operation::RegisterAppInstanceUserEndpoint => of(&RegisterAppInstanceUserEndpoint {
            app_instance_user_arn,
            name: if words.all() { words.name } else { "" }
                .to_owned()
                .try_into()?,
            r#type: EndpointType::ApnsSandbox,
            resource_arn: seed.pinpoint.clone(),
            endpoint_attributes: EndpointAttributes {
                device_token: words.device.to_owned().try_into()?,
                voip_device_token: if words.all() {
                    Some(words.device.to_owned().try_into()?)
                } else {
                    None
                },
            },
            client_request_token: token.try_into()?,
            allow_messages: AllowMessages::None,
        }),
        Operation::TagResource => of(&TagResource {
            resource_arn: app_instance_bot_arn.into(),
            tags: words.some_tags(),
        }),
        Operation::UntagResource => of(&UntagResource {
            resource_arn: app_instance_arn.into(),
            tag_keys: words
                .some_tags()
                .iter()
                .map(|tag| tag.key().to_owned())
                .chain(["env".to_owned()])
                .collect(),
        }),
        Operation::UpdateAppInstance => of(&UpdateAppInstance {
            app_instance_arn,
            name: words.name.to_owned().try_into()?,
            metadata: metadata.try_into()?,
        }),
        Operation::UpdateAppInstanceBot => of(&UpdateAppInstanceBot {
            app_instance_bot_arn,
            name: if words.all() { words.name } else { "" }
                .to_owned()
                .try_into()?,
            metadata: metadata.try_into()?,
            configuration: if words.all() {
                Some(configuration(seed, words)?)
            } else {
                None
            },
        }),
        Operation::UpdateAppInstanceUser => of(&UpdateAppInstanceUser {
            app_instance_user_arn,
            name: words.name.to_owned().try_into()?,
            metadata: metadata.try_into()?,
        }),
        Operation::UpdateAppInstanceUserEndpoint => of(&UpdateAppInstanceUserEndpoint {
            app_instance_user_arn,
            endpoint_id,
            name: if words.all() { words.name } else { "" }
                .to_owned()
                .try_into()?,
            allow_messages: Some(AllowMessages::All.into()),
        }),
    })
}
