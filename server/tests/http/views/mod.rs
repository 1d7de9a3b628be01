//! Every list, delete and edit page as a person sees it: with none, one and many of what it is about, when
//! a read fails, with a role that covers less, and with hostile text. What forms do when they are sent is
//! proven beside each resource.

mod deletes;
mod edits;
mod lists;
mod page;

use axum::http::{Method, StatusCode};
use domain::Role;
use futures_util::future::join_all;
use serde_json::json;

use crate::support::{
    Browser, LEX, PASSWORD, PINPOINT, TestApp, arn, bot_fields, invitation, target, token,
};

use page::Page;

const NO_AUDIT: &str = "ALTER TABLE audit RENAME TO lost_audit";
const NO_SESSIONS: &str = "ALTER TABLE sessions RENAME TO lost_sessions";
const LIST: &str = "/embedded/us-east-1/app-instances";
const FORBIDDEN: &str = "Not found, or this connection may not do it";
const NO_PAGE: &str = "There is no such page";
/// What is said when the console's own database cannot be read.
const TRY_AGAIN: &str = "Try again in a few seconds.";
const READ_ONLY_FORM: &str = "You can look at this form, but not send it.";

/// A text that would be markup, would end an attribute, a title or a text area, and turns round what
/// follows it.
const HOSTILE: &str = "</title></textarea><script>alert(1)</script>\"'&amp; onfocus=\"alert(2)\" evil=\"\u{202e}gpj\u{2066}";
/// What is read of it: marks of direction are seen, and turn nothing.
const AS_READ: &str =
    "</title></textarea><script>alert(1)</script>\"'&amp; onfocus=\"alert(2)\" evil=\"";
/// The same for what has several lines, with the ends of what could hold it.
const LINES: &str =
    "\n</textarea></title></pre><script>alert(3)</script>\"'&amp;\n<img src=x onerror=alert(4)>";
/// A username takes no space and no mark of direction, but all of this.
const USERNAME: &str = "<script>alert(5)</script>\"'&amp;";

/// What there is in a world, and what it holds.
struct Held<'a> {
    instance: &'a str,
    user: &'a str,
    bot: &'a str,
    endpoint: &'a str,
    operator: &'a str,
    metadata: &'a str,
    /// Of the AppInstance, the user and the bot.
    tags: Vec<(String, String)>,
}

impl Default for Held<'_> {
    fn default() -> Self {
        Self {
            instance: "Support",
            user: "Ana",
            bot: "Helper",
            endpoint: "Phone",
            operator: "grace",
            metadata: "{\"team\":\"chat\"}",
            tags: vec![("env".to_owned(), "dev".to_owned())],
        }
    }
}

impl Held<'_> {
    /// As little as there can be.
    fn little() -> Self {
        Self {
            bot: "",
            endpoint: "",
            metadata: "",
            tags: Vec::new(),
            ..Self::default()
        }
    }

    fn hostile() -> Self {
        Self {
            instance: HOSTILE,
            user: HOSTILE,
            bot: HOSTILE,
            endpoint: HOSTILE,
            operator: USERNAME,
            metadata: LINES,
            tags: vec![(HOSTILE.to_owned(), LINES.replace('\n', ""))],
        }
    }
}

/// A console, one of everything in it, and who looks at it. Each value is the path of a page.
struct World {
    app: TestApp,
    /// Made all of it, and is told so on the next page that they open.
    maker: Browser,
    /// An Admin who did nothing yet.
    reader: Browser,
    instance: String,
    user: String,
    bot: String,
    endpoint: String,
    operator: String,
}

impl World {
    async fn start(held: &Held<'_>) -> Self {
        Self::of(TestApp::start_with(&["--emulator-control"]).await, held).await
    }

    async fn of(app: TestApp, held: &Held<'_>) -> Self {
        let maker = app.sign_in(Role::Admin).await.1;
        let reader = app.sign_in(Role::Admin).await.1;
        let of_all = of_all(held);
        let of_all = of_all.iter().map(|(name, value)| (&**name, &**value));
        let of_all: Vec<_> = of_all.collect();
        let region = [("scope", "embedded/us-east-1"), ("name", held.instance)];
        let instance = made(
            &maker,
            "app-instances/create",
            &[&region, &*of_all].concat(),
        )
        .await;
        let within = target(&arn(&instance));
        let user = [
            ("target", &*within),
            ("user_id", "ana"),
            ("name", held.user),
        ];
        let user = made(&maker, "users/create", &[&user, &*of_all].concat()).await;
        let bot = [("target", &*within)];
        let changes = [&[("name", held.bot)], &*of_all].concat();
        let bot = [&bot, &*bot_fields(&changes)].concat();
        let bot = made(&maker, "bots/create", &bot).await;
        let device = [
            ("target", &*target(&arn(&user))),
            ("kind", "APNS"),
            ("resource_arn", PINPOINT),
            ("device_token", "device-token-1"),
            ("name", held.endpoint),
            ("allow_messages", "ALL"),
        ];
        let endpoint = made(&maker, "endpoints/register", &device).await;
        let operator = invite(&maker, held.operator).await;
        let operator = operator.split('?').next().unwrap().to_owned();
        let world = Self {
            app,
            maker,
            reader,
            instance,
            user,
            bot,
            endpoint,
            operator,
        };
        world.promote(&world.user).await;
        world
    }

    async fn promote(&self, member: &str) {
        let (instance, member) = (target(&arn(&self.instance)), arn(member));
        let fields = [("target", &*instance), ("member", &*member)];
        let done = self.maker.call("/api/admins/create", &fields).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    }

    /// Users `user-000001` and so on, which this console did not make.
    async fn seed(&self, users: u32) {
        let seed = json!({ "app_instance_arn": arn(&self.instance), "users": users });
        self.app
            .control(Method::POST, "seed", seed.to_string())
            .await;
    }

    /// A text with the paths and ids of this world: `{user}/endpoints`.
    fn fill(&self, text: &str) -> String {
        let last = |path: &str| path.rsplit('/').next().unwrap().to_owned();
        let short = |path: &str| {
            let id = last(path);
            format!("{}…{}", &id[..4], &id[id.len() - 4..])
        };
        let values = [
            ("{list}", LIST.to_owned()),
            ("{instance}", self.instance.clone()),
            ("{user}", self.user.clone()),
            ("{bot}", self.bot.clone()),
            ("{endpoint}", self.endpoint.clone()),
            ("{operator}", self.operator.clone()),
            ("{member}", format!("{}/admins/user/ana", self.instance)),
            ("{instance-id}", short(&self.instance)),
            ("{bot-id}", short(&self.bot)),
            ("{bot-arn}", arn(&self.bot)),
            ("{lex}", LEX.to_owned()),
        ];
        let put = |text: String, (name, value): &(&str, String)| text.replace(name, value);
        values.iter().fold(text.to_owned(), put)
    }

    /// Opens a page, whose address may be one of [`Self::fill`].
    async fn open(&self, browser: &Browser, page: &str) -> Page {
        Page::open(browser, &self.fill(page)).await
    }

    /// Opens pages at once, for those that wait for AWS.
    async fn open_all(&self, pages: impl IntoIterator<Item = &str>) -> Vec<Page> {
        let pages = pages.into_iter().map(|page| self.open(&self.reader, page));
        join_all(pages).await
    }

    /// Pages about operators tell nothing to a lesser role, nor to a role that covers less.
    async fn assert_hidden(
        &self,
        pages: impl IntoIterator<Item = &str>,
        lesser: [&Browser; 2],
        limited: &Browser,
    ) {
        for page in pages {
            for (browser, said) in [
                (lesser[0], "Your role does not allow this"),
                (lesser[1], "Your role does not allow this"),
                (limited, "Your scope does not cover this"),
            ] {
                let page = self.open(browser, page).await;
                page.assert_says(StatusCode::FORBIDDEN, &[said]);
                page.assert_silent(&["grace"]);
            }
        }
    }

    /// Lets operations fail whenever they are called, and no others.
    async fn break_down(&self, operations: &[&str], code: &str) {
        let fault =
            |operation: &&str| json!({ "operation": operation, "kind": "error", "code": code });
        let faults: Vec<_> = operations.iter().map(fault).collect();
        self.app.inject(&faults).await;
    }

    /// Changes the console's own database behind its back.
    async fn change_database(&self, change: &'static str) {
        let mut database = self.app.open_database().await;
        sqlx::raw_sql(change).execute(&mut database).await.unwrap();
    }

    /// An operator who may do everything in an AppInstance that is none of this world's.
    async fn of_another(&self) -> Browser {
        let other = arn(&self.maker.make_instance("Other").await);
        self.app.sign_in_for(Role::Admin, &other).await.1
    }
}

/// Fields that all resources have.
fn of_all(held: &Held) -> Vec<(String, String)> {
    let rows = held.tags.iter().enumerate().flat_map(|(at, (key, value))| {
        [
            (format!("tag_key[{at}]"), key.clone()),
            (format!("tag_value[{at}]"), value.clone()),
        ]
    });
    let metadata = ("metadata".to_owned(), held.metadata.to_owned());
    rows.chain([metadata]).collect()
}

/// Sends a form that makes something, and answers the path of its page.
async fn made(browser: &Browser, form: &str, fields: &[(&str, &str)]) -> String {
    let token = token();
    let fields = [fields, &[("token", &*token)]].concat();
    let made = browser.post(&format!("/api/{form}"), &fields).await;
    made.location().to_owned()
}

/// Invites an operator, and answers the address that shows the link.
async fn invite(admin: &Browser, username: &str) -> String {
    let fields = invitation(username, "Viewer");
    let shown = admin.post("/api/operators/invite", &fields).await;
    shown.location().to_owned()
}

/// Invites an operator, who comes.
async fn join(world: &World, username: &str) -> Browser {
    let shown = invite(&world.maker, username).await;
    let shown = world.maker.get(&shown).await;
    let browser = world.app.anonymous();
    let fields = [
        ("token", shown.invitation_token()),
        ("new_password", PASSWORD),
    ];
    let joined = browser.call("/api/session/accept", &fields).await;
    assert_eq!(joined.status, StatusCode::OK, "{}", joined.text());
    browser
}
