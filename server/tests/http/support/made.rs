//! Things to work on, made through the forms of the dashboard, and what a page says.

use percent_encoding::percent_decode_str;
use uuid::Uuid;

use super::{Answer, Browser};

/// The Pinpoint application of endpoints.
pub const PINPOINT: &str = "arn:aws:mobiletargeting:us-east-1:123456789012:apps/0a1b2c3d";

/// A request token that was not used before.
pub fn token() -> String {
    Uuid::new_v4().to_string()
}

impl Browser {
    /// Makes an AppInstance, and answers the path of its page.
    pub async fn make_instance(&self, name: &str) -> String {
        let token = token();
        let fields = [
            ("scope", "embedded/us-east-1"),
            ("token", &token),
            ("name", name),
            ("metadata", ""),
        ];
        self.made("/api/app-instances/create", &fields).await
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

    async fn made(&self, call: &str, fields: &[(&str, &str)]) -> String {
        self.post(call, fields).await.location().to_owned()
    }

    /// Opens a page, and answers what it says.
    pub async fn read(&self, path: &str) -> String {
        self.get(path).await.words()
    }
}

impl Answer {
    /// The words of a page, without the tags and with single spaces.
    pub fn words(&self) -> String {
        words(self.text())
    }

    /// What a control of a page holds.
    pub fn value_of(&self, name: &str) -> Option<String> {
        let named = format!(" name=\"{name}\"");
        let tag = self
            .text()
            .split('<')
            .find(|tag| tag.starts_with("input") && tag.contains(&named))?;
        let (_, rest) = tag.split_once(" value=\"")?;
        Some(unescaped(rest.split('"').next()?))
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

fn words(html: &str) -> String {
    let mut text = String::new();
    let mut skipped = "";
    for piece in html.split('<') {
        let (tag, after) = piece.split_once('>').unwrap_or(("", piece));
        // Their texts are for the browser.
        for kind in ["script", "style", "template"] {
            if tag.starts_with(kind) {
                skipped = kind;
            } else if tag.strip_prefix('/') == Some(skipped) {
                skipped = "";
            }
        }
        if skipped.is_empty() {
            // A name stands in one, and a comma may follow it.
            let is_within = tag.starts_with('!') || tag.trim_start_matches('/') == "bdi";
            text.push_str(if is_within { "" } else { " " });
            text.push_str(after);
        }
    }
    unescaped(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A text of a page as a browser reads it.
pub fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}
