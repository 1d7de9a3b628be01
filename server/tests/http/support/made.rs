//! Things to work on, made through the forms of the dashboard, and what those forms send.

use axum::http::StatusCode;
use percent_encoding::percent_decode_str;
use uuid::Uuid;

use super::{Answer, Browser, CREATE, CREATE_CALL, assert_says};

/// The Pinpoint application of endpoints.
pub const PINPOINT: &str = "arn:aws:mobiletargeting:us-east-1:123456789012:apps/0a1b2c3d";

/// A request token that was not used before.
pub fn token() -> String {
    Uuid::new_v4().to_string()
}

/// What makes an AppInstance.
pub fn instance_fields<'a>(token: &'a str, name: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("scope", "embedded/us-east-1"),
        ("token", token),
        ("name", name),
        ("metadata", ""),
    ]
}

/// The same with the page of the form, which is shown again when it is refused.
pub fn instance_form<'a>(token: &'a str, name: &'a str) -> Vec<(&'a str, &'a str)> {
    [&[("page", CREATE)][..], &instance_fields(token, name)].concat()
}

/// A form with some fields replaced or added.
pub fn changed<'a>(
    fields: &[(&'a str, &'a str)],
    changes: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let replaced = |&(name, value): &(&'a str, &'a str)| {
        let change = changes.iter().find(|(other, _)| *other == name);
        (name, change.map_or(value, |(_, value)| value))
    };
    let is_new = |(name, _): &&(&str, &str)| fields.iter().all(|(other, _)| other != name);
    let added = changes.iter().filter(is_new).copied();
    fields.iter().map(replaced).chain(added).collect()
}

/// A form that makes something within something else, and can be sent more than once.
pub struct Form {
    pub page: String,
    pub target: String,
    pub token: String,
    /// What is typed into it.
    typed: &'static [(&'static str, &'static str)],
}

impl Form {
    /// The form of a page, about what another page shows.
    pub fn new(page: String, about: &str, typed: &'static [(&'static str, &'static str)]) -> Self {
        Self {
            page,
            target: target(&arn(about)),
            token: token(),
            typed,
        }
    }

    pub fn fields(&self) -> Vec<(&str, &str)> {
        let place = [
            ("page", &*self.page),
            ("target", &self.target),
            ("token", &self.token),
        ];
        [&place, self.typed].concat()
    }

    /// The fields with some replaced or added.
    pub fn with<'a>(&'a self, changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        changed(&self.fields(), changes)
    }
}

impl Browser {
    /// Makes an AppInstance, and answers the path of its page.
    pub async fn make_instance(&self, name: &str) -> String {
        self.made(CREATE_CALL, &instance_fields(&token(), name))
            .await
    }

    /// Makes two AppInstances, and answers the paths of their pages.
    pub async fn make_instances(&self, names: [&str; 2]) -> (String, String) {
        let [first, second] = names;
        (
            self.make_instance(first).await,
            self.make_instance(second).await,
        )
    }

    /// Makes a user of an AppInstance, and answers the path of its page.
    pub async fn make_user(&self, instance: &str, id: &str, name: &str) -> String {
        let (instance, token) = (arn(instance), token());
        let fields = [
            ("target", &*target(&instance)),
            ("token", &token),
            ("user_id", id),
            ("name", name),
            ("metadata", ""),
        ];
        self.made("/api/users/create", &fields).await
    }

    /// Registers an endpoint of a user, and answers the path of its page.
    pub async fn make_endpoint(&self, user: &str, name: &str, device_token: &str) -> String {
        let (user, token) = (arn(user), token());
        let fields = [
            ("target", &*target(&user)),
            ("token", &token),
            ("kind", "APNS"),
            ("resource_arn", PINPOINT),
            ("device_token", device_token),
            ("name", name),
            ("allow_messages", "ALL"),
        ];
        self.made("/api/endpoints/register", &fields).await
    }

    /// The form that came back because another was saved meanwhile. It says so, and these facts.
    pub async fn conflict(&self, sent: &Answer, facts: &[&str]) -> Answer {
        let form = self.get(sent.location()).await;
        let words = form.words();
        assert_says(&words, &["Somebody changed this while your form was open"]);
        assert_says(&words, facts);
        form
    }

    /// Saves the form of an edit page with these values and what else the page holds.
    pub async fn save_edited(&self, call: &str, page: &str, changes: &[(&str, &str)]) {
        let form = self.get(&format!("{page}/edit")).await;
        let (base, of) = (form.value_of("base").unwrap(), target(&arn(page)));
        let fields = [&[("target", &*of), ("base", &*base)], changes].concat();
        let answer = self.call(call, &fields).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }

    async fn made(&self, call: &str, fields: &[(&str, &str)]) -> String {
        self.post(call, fields).await.location().to_owned()
    }
}

/// The ARN of what a page is about.
pub fn arn(path: &str) -> String {
    let segments: Vec<_> = path
        .split(['/', '?'])
        .skip(1)
        .map(|segment| percent_decode_str(segment).decode_utf8().unwrap())
        .collect();
    let [_, region, "app-instances", instance, rest @ ..] =
        &segments.iter().map(AsRef::as_ref).collect::<Vec<&str>>()[..]
    else {
        panic!("{path} is not in an AppInstance");
    };
    let instance = format!("arn:aws:chime:{region}:123456789012:app-instance/{instance}");
    match rest {
        ["users", id, ..] => format!("{instance}/user/{id}"),
        ["bots", id, ..] => format!("{instance}/bot/{id}"),
        _ => instance,
    }
}

/// What a form holds that acts on something: the connection of these tests, and an ARN.
pub fn target(arn: &str) -> String {
    format!("embedded {arn}")
}
