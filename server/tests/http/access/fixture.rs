//! What each function is tried with: input that is taken when the caller may, on things made for it.

use std::collections::HashMap;

use super::table::Address;
use crate::support::{
    Browser, PASSWORD, PINPOINT, TestApp, arn, bot_fields, credentials, target, token,
};
use domain::Role;

/// Another password than the one that everybody signs in with.
const OTHER: &str = "seven bells for the late watch";

/// Functions that end the session which calls them, or others of its operator.
const ENDING: &[&str] = &[
    "/api/session/sign-in",
    "/api/session/sign-out",
    "/api/session/unlock",
    "/api/account/password",
    "/api/account/end-others",
    "/api/account/end-session",
    "/api/account/authenticator/begin",
    "/api/account/authenticator/confirm",
    "/api/account/authenticator/recovery-codes",
    "/api/account/authenticator/remove",
    "/api/session/code",
];

pub type Fields = Vec<(String, String)>;

pub struct Fixture<'a> {
    app: &'a TestApp,
    /// Makes what is needed.
    pub admin: Browser,
    browsers: HashMap<Role, Browser>,
    instance: String,
    user: String,
    bot: String,
    endpoint: String,
    operator: String,
    made: u32,
    code: String,
}

impl<'a> Fixture<'a> {
    pub async fn start(app: &'a TestApp) -> Self {
        let (_, admin) = app.sign_in(Role::Admin).await;
        let instance = admin.make_instance("Chat").await;
        let user = admin.make_user(&instance, "ana", "Ana").await;
        let fields = [
            ("target", &*target(&arn(&instance))),
            ("member", &*arn(&user)),
        ];
        admin.call("/api/admins/create", &fields).await;
        let bot = admin.make_bot(&instance, &[]).await;
        let endpoint = admin.make_endpoint(&user, "Phone", "device-token").await;
        let added = app.backend.accounts().add("grace", PASSWORD, Role::Viewer);
        let operator = added.await.unwrap().id.to_string();
        let mut browsers = HashMap::new();
        for role in Role::ALL {
            browsers.insert(*role, app.sign_in(*role).await.1);
        }
        Self {
            app,
            admin,
            browsers,
            instance,
            user,
            bot,
            endpoint,
            operator,
            made: 0,
            code: String::new(),
        }
    }

    /// A browser of a caller; a new one for what ends its session.
    pub async fn browser(&mut self, caller: Option<Role>, address: &Address) -> Browser {
        match caller {
            None => self.app.anonymous(),
            Some(role) if ENDING.contains(&&*address.path) => {
                let browser = self.app.sign_in(role).await.1;
                self.prepare(&browser, &address.path).await;
                browser
            }
            Some(role) => self.browsers[&role].twin(),
        }
    }

    /// Brings somebody as far with an authenticator as a function needs, and keeps the code that it
    /// is called with.
    async fn prepare(&mut self, browser: &Browser, function: &str) {
        let now = self.app.backend.clock().now();
        match function.strip_prefix("/api/").unwrap_or_default() {
            "account/authenticator/confirm" => {
                self.code = browser.begin_authenticator().await.code(now);
            }
            "account/authenticator/recovery-codes" | "account/authenticator/remove" => {
                browser.set_up_authenticator(now).await;
            }
            "session/code" => {
                let (phone, _) = browser.set_up_authenticator(now).await;
                self.code = phone.next_code(now);
                let name = browser.username().await;
                let form = credentials(&name, PASSWORD);
                browser.call("/api/session/sign-in", &form).await;
            }
            _ => {}
        }
    }

    /// A page with its placeholders filled.
    pub fn path(&self, pattern: &str) -> String {
        let last = |path: &str| path.rsplit('/').next().unwrap().to_owned();
        let operator = self.operator.clone();
        let values = [
            ("{connection}", "embedded".to_owned()),
            ("{region}", "us-east-1".to_owned()),
            ("{instance}", last(&self.instance)),
            ("{user}", last(&self.user)),
            ("{bot}", last(&self.bot)),
            ("{endpoint}", last(&self.endpoint)),
            ("{kind}", "user".to_owned()),
            ("{member}", last(&self.user)),
            ("{entry}", "1".to_owned()),
            ("{provider}", "acme".to_owned()),
            ("{id}", operator),
            ("{*path}", "carillon.0123456789abcdef.js".to_owned()),
        ];
        let filled = values
            .iter()
            .fold(pattern.to_owned(), |path, (name, value)| {
                path.replace(name, value)
            });
        assert!(!filled.contains('{'), "no value for {filled}");
        filled
    }

    /// A user that nothing else works on.
    async fn new_user(&mut self) -> String {
        self.made += 1;
        let id = format!("user-{}", self.made);
        self.admin.make_user(&self.instance, &id, "Bo").await
    }

    /// When something was last changed, as its form holds it.
    async fn base(&self, path: &str) -> String {
        let form = self.admin.get(&format!("{path}/edit")).await;
        form.value_of("base").unwrap()
    }

    /// What a function is called with.
    pub async fn fields(&mut self, address: &Address, caller: Option<Role>) -> Fields {
        let Some(function) = address.path.strip_prefix("/api/") else {
            return owned(&[("theme", "dark")]);
        };
        match function.split_once('/').unwrap() {
            ("app-instances", what) => self.of_instance(what).await,
            ("users", what) => self.of_user(what).await,
            ("bots", what) => self.of_bot(what).await,
            ("endpoints", what) => self.of_endpoint(what).await,
            ("admins", what) => self.of_admin(what).await,
            ("tags", _) => {
                self.made += 1;
                let (arn, value) = (arn(&self.user), self.made.to_string());
                owned(&[
                    ("target", &*target(&arn)),
                    ("tag_key[0]", "n"),
                    ("tag_value[0]", &value),
                ])
            }
            ("columns", what) => self.of_columns(what),
            ("operators", what) => self.of_operator(what).await,
            ("audit", "newest") => owned(&[("seen", "0")]),
            ("audit", _) => {
                let user = self.new_user().await;
                let entry = self.app.lose_the_answer_to_delete(&self.admin, &user).await;
                owned(&[("entry", &entry.to_string())])
            }
            ("account", "password") => {
                owned(&[("current_password", PASSWORD), ("new_password", OTHER)])
            }
            ("account", "see-notices") => owned(&[("until", "0")]),
            ("account", "times") => owned(&[("local", "true")]),
            ("account", "authenticator/confirm") => owned(&[("code", &self.code)]),
            ("account", _) => owned(&[("key", "0")]),
            ("session", what) => self.of_session(what, caller).await,
            _ => panic!("docs/access.md: say here what {function} is called with"),
        }
    }

    async fn of_instance(&mut self, what: &str) -> Fields {
        let (region, token) = (("scope", "embedded/us-east-1"), token());
        if what == "create" {
            return owned(&[region, ("token", &token), ("name", "New"), ("metadata", "")]);
        }
        let path = if what == "delete" {
            self.admin.make_instance("Chat").await
        } else {
            self.instance.clone()
        };
        let arn = arn(&path);
        let of = ("target", &*target(&arn));
        match what {
            "update" => {
                let base = self.base(&path).await;
                owned(&[of, ("base", &base), ("name", "Chat"), ("metadata", "m")])
            }
            _ => owned(&[of, ("confirm", "Chat"), ("retention_days", "30")]),
        }
    }

    async fn of_user(&mut self, what: &str) -> Fields {
        let (instance, token) = (arn(&self.instance), token());
        if what == "create" {
            self.made += 1;
            let id = format!("new-{}", self.made);
            return owned(&[
                ("target", &*target(&instance)),
                ("token", &token),
                ("user_id", &id),
                ("name", "Cy"),
                ("metadata", ""),
            ]);
        }
        let path = self.new_user().await;
        let arn = arn(&path);
        let of = ("target", &*target(&arn));
        let id = path.rsplit('/').next().unwrap();
        let base = self.base(&path).await;
        owned(&[
            of,
            ("base", &base),
            ("name", "Dee"),
            ("metadata", ""),
            ("confirm_user_id", id),
            ("expiration_days", "30"),
        ])
    }

    async fn of_bot(&mut self, what: &str) -> Fields {
        let (instance, token) = (arn(&self.instance), token());
        let path = match what {
            "create" => {
                let place = [("target", &*target(&instance)), ("token", &*token)];
                return owned(&[&place[..], &bot_fields(&[])].concat());
            }
            "delete" => self.admin.make_bot(&self.instance, &[]).await,
            _ => self.bot.clone(),
        };
        let arn = arn(&path);
        let of = ("target", &*target(&arn));
        let base = self.base(&path).await;
        let place = [of, ("base", &*base), ("confirm", "Helper")];
        owned(&[&place[..], &bot_fields(&[])].concat())
    }

    async fn of_endpoint(&mut self, what: &str) -> Fields {
        let user = self.new_user().await;
        let (of, token) = (arn(&user), token());
        let of = ("target", &*target(&of));
        let form = [
            ("token", &*token),
            ("kind", "GCM"),
            ("resource_arn", PINPOINT),
            ("device_token", &*token),
            ("name", "Phone"),
            ("allow_messages", "ALL"),
        ];
        if what == "register" {
            return owned(&[&[of][..], &form].concat());
        }
        let path = self.admin.make_endpoint(&user, "Phone", &token).await;
        let id = ("id", path.rsplit('/').next().unwrap());
        let base = self.base(&path).await;
        let place = [of, id, ("base", &*base), ("allow", "NONE"), ("page", "/")];
        owned(&[&place[..], &form].concat())
    }

    async fn of_admin(&mut self, what: &str) -> Fields {
        let user = self.new_user().await;
        let (instance, member) = (arn(&self.instance), arn(&user));
        let fields = [("target", &*target(&instance)), ("member", &*member)];
        if what == "delete" {
            self.admin.call("/api/admins/create", &fields).await;
        }
        owned(&fields)
    }

    fn of_columns(&self, what: &str) -> Fields {
        let row = match what {
            "bot" => arn(&self.bot),
            _ => arn(&self.user),
        };
        owned(&[("row", &*target(&row)), ("columns", "created")])
    }

    async fn of_operator(&mut self, what: &str) -> Fields {
        self.made += 1;
        let name = format!("operator-{}", self.made);
        let (role, scope) = (("role", "Operator"), ("scope", "Everything"));
        if what == "invite" {
            return owned(&[("username", &name), role, scope]);
        }
        let operators = self.app.backend.accounts();
        let added = operators.add(&name, PASSWORD, Role::Viewer).await;
        let id = added.unwrap().id;
        if what == "reset-authenticator" {
            let browser = self.app.anonymous();
            let form = credentials(&name, PASSWORD);
            browser.call("/api/session/sign-in", &form).await;
            let now = self.app.backend.clock().now();
            browser.set_up_authenticator(now).await;
        }
        owned(&[("id", id.as_str()), role, scope])
    }

    async fn of_session(&mut self, what: &str, caller: Option<Role>) -> Fields {
        match what {
            "sign-in" => {
                self.made += 1;
                let name = format!("signs-in-{}", self.made);
                let role = caller.unwrap_or(Role::Viewer);
                let operators = self.app.backend.accounts();
                operators.add(&name, PASSWORD, role).await.unwrap();
                owned(&credentials(&name, PASSWORD))
            }
            "code" => owned(&[("code", &self.code), ("next", "/")]),
            "unlock" => owned(&[("password", PASSWORD), ("next", "/")]),
            // The console of these tests has no provider; see `oidc`.
            "provider" | "confirm" => owned(&[("provider", "acme"), ("next", "")]),
            // A made-up link, so that the store keeps its operators.
            _ => owned(&[
                ("token", "none"),
                ("username", "eve"),
                ("new_password", OTHER),
            ]),
        }
    }
}

fn owned(fields: &[(&str, &str)]) -> Fields {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    fields.iter().map(own).collect()
}
