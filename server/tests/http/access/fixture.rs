//! What each function is tried with: input that is taken when the caller may, on things made for it.

use std::collections::HashMap;

use super::table::Address;
use crate::support::{Browser, PASSWORD, TestApp, arn, credentials, target, token};
use app::operations::done_by;
use backend::jobs::Wanted;
use domain::arn::ResourceArn;
use domain::plan::Change;
use domain::{JobKind, JobState, Role};

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
    pub(super) instance: String,
    pub(super) user: String,
    pub(super) bot: String,
    endpoint: String,
    operator: String,
    job: String,
    made: u32,
    code: String,
    /// A file that the caller uploaded.
    import: String,
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
        let operator = app.add_operator("grace", Role::Viewer).await.id.to_string();
        let job = app.job_in(&arn(&instance), JobState::Planned).await;
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
            job: job.to_string(),
            made: 0,
            code: String::new(),
            import: String::new(),
        }
    }

    /// Uploads a file, which only its sender sees.
    pub(super) async fn upload(&mut self, browser: &Browser) {
        let file = "user_id\nana\n";
        self.import = browser.import(&self.instance, "users", file).await;
    }

    /// A browser of a caller; a new one for what ends its session.
    pub async fn browser(&mut self, caller: Option<Role>, address: &Address) -> Browser {
        if address.path.contains("/imports/") {
            // Each has their own files; a Viewer has none.
            let uploads = caller.filter(|role| *role > Role::Viewer);
            let browser = uploads.map_or(&self.admin, |role| &self.browsers[&role]);
            let browser = browser.twin();
            self.upload(&browser).await;
        }
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
            (
                "selected-endpoints/{act}",
                "selected-endpoints/deregister".to_owned(),
            ),
            (
                "selected-app-instances/{act}",
                "selected-app-instances/tag".to_owned(),
            ),
            ("{act}", "demote".to_owned()),
            ("{entry}", "1".to_owned()),
            ("{provider}", "acme".to_owned()),
            ("{id}", operator),
            ("{job}", self.job.clone()),
            ("{import}", self.import.clone()),
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

    /// A number that was not given before.
    pub(super) fn next(&mut self) -> u32 {
        self.made += 1;
        self.made
    }

    /// A user that nothing else works on.
    pub(super) async fn new_user(&mut self) -> String {
        let id = format!("user-{}", self.next());
        self.admin.make_user(&self.instance, &id, "Bo").await
    }

    /// A new user with an endpoint: the pages of both.
    pub(super) async fn new_endpoint(&mut self) -> (String, String) {
        let user = self.new_user().await;
        let endpoint = self.admin.make_endpoint(&user, "Phone", &token()).await;
        (user, endpoint)
    }

    /// Brings something into the state that a function is to change.
    pub(super) async fn prepare_with(&self, function: &str, fields: &Fields) {
        let answer = self.admin.call(function, &borrowed(fields)).await;
        assert!(answer.status.is_success(), "{function}: {}", answer.text());
    }

    /// When something was last changed, as its form holds it.
    pub(super) async fn base(&self, path: &str) -> String {
        let form = self.admin.get(&format!("{path}/edit")).await;
        form.value_of("base").unwrap()
    }

    /// What a function is called with.
    pub async fn fields(&mut self, address: &Address, caller: Option<Role>) -> Fields {
        let Some(function) = address.path.strip_prefix("/api/") else {
            return owned(&[("theme", "dark")]);
        };
        if let Some(operation) = done_by(&address.path).next() {
            return self.of_operation(operation).await;
        }
        match function.split_once('/').unwrap() {
            ("endpoints", "reveal") => self.of_endpoint().await,
            ("columns", what) => self.of_columns(what),
            ("operators", what) => self.of_operator(what).await,
            ("jobs", "bring-back") => self.of_deleted().await,
            ("jobs", what) => self.of_job(what).await,
            ("imports", what) => self.of_import(what),
            ("selection", "again") => self.of_ticked().await,
            ("selection", _) => self.of_selection(caller).await,
            ("audit", "newest") => owned(&[("seen", "0")]),
            ("audit", "restore") => self.of_edited().await,
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

    /// The entry of a user that was deleted.
    async fn of_deleted(&mut self) -> Fields {
        let user = arn(&self.new_user().await);
        let id = user.rsplit('/').next().unwrap();
        let fields = [
            ("target", target(&user)),
            ("confirm_user_id", id.to_owned()),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), value));
        self.prepare_with("/api/users/delete", &fields.into()).await;
        let entry = self.app.newest_entries(1).await.remove(0);
        owned(&[("entry", &entry.seq.to_string())])
    }

    /// The entry of a user that got another name.
    async fn of_edited(&mut self) -> Fields {
        let user = self.new_user().await;
        let changes = [("name", "Other"), ("metadata", "")];
        self.admin
            .save_edited("/api/users/update", &user, &changes)
            .await;
        let entry = self.app.newest_entries(1).await.remove(0);
        owned(&[("entry", &entry.seq.to_string()), ("field", "name")])
    }

    /// A job that nothing else works on, in a state in which this can be done to it.
    async fn of_job(&self, what: &str) -> Fields {
        let state = match what {
            "now" => return owned(&[("id", &self.job), ("state", "Planned")]),
            "start" => JobState::Planned,
            "pause" | "cancel" => JobState::Running,
            "resume" => JobState::Paused,
            _ => JobState::Done,
        };
        let job = self.app.job_in(&arn(&self.instance), state).await;
        owned(&[("id", job.as_str())])
    }

    fn of_import(&self, what: &str) -> Fields {
        let target = target(&arn(&self.instance));
        let mut fields = owned(&[("target", &*target), ("import", &*self.import)]);
        if what == "columns" {
            fields.extend(owned(&[("column[0]", "user_id"), ("tag_name[0]", "")]));
        }
        fields
    }

    /// A job that was made of a selection.
    async fn of_ticked(&self) -> Fields {
        let (instance, user) = (arn(&self.instance), arn(&self.user));
        let subject: ResourceArn = user.parse().unwrap();
        let rows = vec![Wanted::Change(subject.into(), Change::Demote)];
        let job = self.app.make_job(JobKind::Demote, &instance, rows).await;
        self.app.put_job(&job, JobState::Done, "done = 1").await;
        owned(&[("id", job.as_str())])
    }

    /// A user whom the caller selected.
    async fn of_selection(&self, caller: Option<Role>) -> Fields {
        let instance = target(&arn(&self.instance));
        let fields = owned(&[
            ("target", &*instance),
            ("list", "users"),
            ("act", "demote"),
            ("row[0]", "user/ana"),
        ]);
        if let Some(role) = caller {
            let browser = self.browsers[&role].twin();
            let kept = browser
                .call("/api/selection/keep", &borrowed(&fields))
                .await;
            assert!(kept.status.is_success(), "{}", kept.text());
        }
        fields
    }

    fn of_columns(&self, what: &str) -> Fields {
        let row = match what {
            "bot" => arn(&self.bot),
            _ => arn(&self.user),
        };
        owned(&[("row", &*target(&row)), ("columns", "created")])
    }

    async fn of_operator(&mut self, what: &str) -> Fields {
        let name = format!("operator-{}", self.next());
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
                let name = format!("signs-in-{}", self.next());
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

pub(super) fn owned(fields: &[(&str, &str)]) -> Fields {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    fields.iter().map(own).collect()
}

/// Fields as a browser sends them.
pub fn borrowed(fields: &Fields) -> Vec<(&str, &str)> {
    let fields = fields.iter();
    fields.map(|(name, value)| (&**name, &**value)).collect()
}
