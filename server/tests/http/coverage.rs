//! None of the operations is missing anywhere: each has a page that opens and a server function
//! that calls it, the emulator answers it, the audit has it, and README and IAM policy name it.

use std::collections::BTreeSet;

use app::operations::{place, table};
use app::routes::App;
use axum::http::{Method, StatusCode};
use backend::{AuditFilter, Phase};
use domain::{Operation, Role};
use leptos_axum::{AxumRouteListing, generate_route_list};
use serde_json::Value;

use crate::support::{Answer, Browser, PINPOINT, TestApp, arn, bot_fields, target, token};

const README: &str = include_str!("../../../README.md");

/// The values of the placeholders of addresses.
fn values(instance: &str, user: &str, bot: &str, endpoint: &str) -> [(&'static str, String); 8] {
    let last = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    [
        ("connection", "embedded".to_owned()),
        ("region", "us-east-1".to_owned()),
        ("instance", last(instance)),
        ("user", last(user)),
        ("bot", last(bot)),
        ("endpoint", last(endpoint)),
        ("kind", "user".to_owned()),
        ("member", last(user)),
    ]
}

/// Calls operations by their server functions, and checks each time that AWS got the call.
struct Walk {
    app: TestApp,
    browser: Browser,
    done: BTreeSet<Operation>,
}

impl Walk {
    async fn start() -> Self {
        let app = TestApp::start_with(&["--emulator-control"]).await;
        let (_, browser) = app.sign_in(Role::Admin).await;
        Self {
            app,
            browser,
            done: BTreeSet::new(),
        }
    }

    /// Calls an operation by its function, and checks that AWS got the call.
    async fn call(&mut self, operation: Operation, fields: &[(&str, &str)]) -> Answer {
        let before = self.count(operation).await;
        let function = place(operation).function.unwrap();
        let answer = self.browser.call(function, fields).await;
        let text = answer.text();
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "{operation} at {function}: {text}"
        );
        let after = self.count(operation).await;
        assert!(after > before, "{function} does not call {operation}");
        self.done.insert(operation);
        answer
    }

    async fn count(&self, operation: Operation) -> u64 {
        let calls = self.app.calls().await;
        calls.get(operation.name()).copied().unwrap_or_default()
    }

    /// Opens the page of an operation, in which the placeholders of its address have these values.
    async fn open(&self, operation: Operation, values: &[(&str, String)]) -> Answer {
        let path = place(operation).page.split('/').map(|segment| {
            let value = values
                .iter()
                .find(|(name, _)| segment == format!(":{name}"));
            value.map_or_else(|| segment.to_owned(), |(_, value)| value.clone())
        });
        let path = path.collect::<Vec<_>>().join("/");
        let answer = self.browser.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{operation} at {path}");
        assert!(answer.text().contains("<h1"), "{operation} at {path}");
        answer
    }

    /// Calls an operation whose function leads to the page of what it made.
    async fn make(&mut self, operation: Operation, fields: &[(&str, &str)]) -> String {
        let answer = self.call(operation, fields).await;
        let done: Value = serde_json::from_slice(&answer.body).unwrap();
        done["location"].as_str().unwrap().to_owned()
    }

    /// When a resource was last changed, as its form holds it.
    async fn base(&self, path: &str) -> String {
        let form = self.browser.get(&format!("{path}/edit")).await;
        form.value_of("base").unwrap()
    }

    async fn instance(&mut self) -> String {
        use Operation::*;
        let region = ("scope", "embedded/us-east-1");
        let fields = [
            region,
            ("token", &*token()),
            ("name", "Chat"),
            ("metadata", ""),
        ];
        let path = self.make(CreateAppInstance, &fields).await;
        let arn = arn(&path);
        let of = ("target", &*target(&arn));
        let base = self.base(&path).await;
        let fields = [of, ("base", &*base), ("name", "Chat"), ("metadata", "m")];
        self.call(UpdateAppInstance, &fields).await;
        let fields = [of, ("retention_days", "30"), ("confirm", "Chat")];
        self.call(PutAppInstanceRetentionSettings, &fields).await;
        let fields = [of, ("tag_key[0]", "env"), ("tag_value[0]", "dev")];
        self.call(TagResource, &fields).await;
        self.call(UntagResource, &[of]).await;
        path
    }

    async fn user(&mut self, instance: &str) -> String {
        use Operation::*;
        let (instance, token) = (arn(instance), token());
        let fields = [
            ("target", &*target(&instance)),
            ("token", &token),
            ("user_id", "us-east-1:ana@example.com"),
            ("name", "Ana"),
            ("metadata", ""),
        ];
        let path = self.make(CreateAppInstanceUser, &fields).await;
        let arn = arn(&path);
        let of = ("target", &*target(&arn));
        let base = self.base(&path).await;
        let fields = [
            of,
            ("base", &*base),
            ("name", "Ana-Maria"),
            ("metadata", ""),
        ];
        self.call(UpdateAppInstanceUser, &fields).await;
        let fields = [of, ("expiration_days", "30")];
        self.call(PutAppInstanceUserExpirationSettings, &fields)
            .await;
        path
    }

    async fn bot(&mut self, instance: &str) -> String {
        use Operation::*;
        let (instance, token) = (arn(instance), token());
        let place = [("target", &*target(&instance)), ("token", &*token)];
        let fields = [&place[..], &bot_fields(&[])].concat();
        let path = self.make(CreateAppInstanceBot, &fields).await;
        let arn = arn(&path);
        let of = ("target", &*target(&arn));
        let base = self.base(&path).await;
        let fields = [&[of, ("base", &*base)][..], &bot_fields(&[])].concat();
        self.call(UpdateAppInstanceBot, &fields).await;
        path
    }

    async fn endpoint(&mut self, user: &str) -> String {
        use Operation::*;
        let (user, token) = (arn(user), token());
        let of = ("target", &*target(&user));
        let fields = [
            of,
            ("token", &token),
            ("kind", "GCM"),
            ("resource_arn", PINPOINT),
            ("device_token", "device-token"),
            ("name", "Phone"),
            ("allow_messages", "ALL"),
        ];
        let path = self.make(RegisterAppInstanceUserEndpoint, &fields).await;
        let id = ("id", path.rsplit('/').next().unwrap());
        let base = self.base(&path).await;
        let base = ("base", &*base);
        let fields = [of, id, base, ("name", "Tablet"), ("allow_messages", "NONE")];
        self.call(UpdateAppInstanceUserEndpoint, &fields).await;
        path
    }

    async fn admin(&mut self, user: &str, instance: &str) {
        use Operation::*;
        let (instance, member) = (arn(instance), arn(user));
        let (of, member) = (("target", &*target(&instance)), ("member", &*member));
        self.call(CreateAppInstanceAdmin, &[of, member]).await;
    }

    async fn delete(&mut self, instance: &str, user: &str, bot: &str, endpoint: &str) {
        use Operation::*;
        let id = ("id", endpoint.rsplit('/').next().unwrap());
        let (instance, user, bot) = (arn(instance), arn(user), arn(bot));
        let fields = [("target", &*target(&user)), id];
        self.call(DeregisterAppInstanceUserEndpoint, &fields).await;
        let fields = [("target", &*target(&instance)), ("member", &*user)];
        self.call(DeleteAppInstanceAdmin, &fields).await;
        let id = ("confirm_user_id", "us-east-1:ana@example.com");
        self.call(DeleteAppInstanceUser, &[("target", &*target(&user)), id])
            .await;
        let fields = [("target", &*target(&bot)), ("confirm", "Helper")];
        self.call(DeleteAppInstanceBot, &fields).await;
        let fields = [("target", &*target(&instance)), ("confirm", "Chat")];
        self.call(DeleteAppInstance, &fields).await;
    }
}

#[tokio::test]
async fn every_operation_is_called_by_its_function_and_every_write_is_in_the_audit() {
    let mut walk = Walk::start().await;
    let instance = walk.instance().await;
    let user = walk.user(&instance).await;
    let bot = walk.bot(&instance).await;
    let endpoint = walk.endpoint(&user).await;
    walk.admin(&user, &instance).await;
    let values = values(&instance, &user, &bot, &endpoint);
    for read in Operation::ALL
        .iter()
        .filter(|operation| !operation.effect().is_write())
    {
        let before = walk.count(*read).await;
        walk.open(*read, &values).await;
        assert!(
            walk.count(*read).await > before,
            "{read} is not called by its page"
        );
        walk.done.insert(*read);
    }
    walk.delete(&instance, &user, &bot, &endpoint).await;

    for operation in Operation::ALL {
        assert!(walk.done.contains(operation), "{operation} was not called");
        let filter = AuditFilter {
            operation: Some(operation.name().to_owned()),
            outcome: Some(Phase::Succeeded),
            ..AuditFilter::default()
        };
        let entries = walk
            .app
            .backend
            .audit()
            .whole()
            .recent(&filter, None, 50)
            .await;
        let is_written = !entries.unwrap().is_empty();
        assert_eq!(is_written, operation.effect().is_write(), "{operation}");
    }
    // The emulator was asked for nothing that the list does not have.
    for operation in walk.app.calls().await.keys() {
        assert!(operation.parse::<Operation>().is_ok(), "{operation}");
    }
}

#[tokio::test]
async fn every_operation_has_a_page_that_opens() {
    let mut walk = Walk::start().await;
    let instance = walk.instance().await;
    let user = walk.user(&instance).await;
    let bot = walk.bot(&instance).await;
    let endpoint = walk.endpoint(&user).await;
    walk.admin(&user, &instance).await;
    let values = values(&instance, &user, &bot, &endpoint);
    let routes = generate_route_list(App);
    let routes: BTreeSet<_> = routes.iter().map(AxumRouteListing::path).collect();

    for operation in Operation::ALL {
        let page = place(*operation).page;
        let route = page
            .split('/')
            .map(|segment| match segment.strip_prefix(':') {
                Some(name) => format!("{{{name}}}"),
                None => segment.to_owned(),
            });
        let route = route.collect::<Vec<_>>().join("/");
        assert!(routes.contains(route.as_str()), "{route} of {operation}");
        walk.open(*operation, &values).await;
    }
}

#[test]
fn every_write_has_a_server_function_that_is_registered() {
    let functions: BTreeSet<_> = leptos::server_fn::axum::server_fn_paths()
        .filter(|(_, method)| *method == Method::POST)
        .map(|(path, _)| path)
        .collect();
    for operation in Operation::ALL {
        let function = place(*operation).function;
        assert_eq!(
            function.is_some(),
            operation.effect().is_write(),
            "{operation}"
        );
        let is_registered = function.is_none_or(|function| functions.contains(function));
        assert!(is_registered, "{function:?} of {operation}");
    }
}

#[test]
fn the_table_of_the_readme_is_the_one_of_the_code() {
    let (_, rest) = README.split_once("<!-- operations -->\n").unwrap();
    let (found, _) = rest.split_once("<!-- /operations -->").unwrap();
    let expected = format!("\n{}\n", table());
    assert!(found == expected, "put this into the README:\n{expected}");
}

#[test]
fn the_policy_of_the_readme_allows_every_operation_and_no_more() {
    let (_, rest) = README.split_once("```json\n").unwrap();
    let (policy, _) = rest.split_once("```").unwrap();
    let policy: Value = serde_json::from_str(policy).unwrap();
    let actions = |statement: &str| {
        let statements = policy["Statement"].as_array().unwrap().iter();
        let named = statements.filter(|found| found["Sid"] == statement);
        let actions = named.flat_map(|found| found["Action"].as_array().unwrap());
        let actions = actions.map(|action| action.as_str().unwrap().to_owned());
        actions.collect::<BTreeSet<_>>()
    };
    let needed = |writes: bool| {
        let wanted = Operation::ALL
            .iter()
            .filter(move |operation| operation.effect().is_write() == writes);
        wanted.map(|operation| operation.iam_action().to_owned())
    };

    let reads: BTreeSet<_> = needed(false).collect();
    let pinpoint = ["mobiletargeting:GetApp".to_owned()];
    let writes: BTreeSet<_> = needed(true).chain(pinpoint).collect();

    assert_eq!(actions("Read"), reads);
    assert_eq!(actions("Write"), writes);
}
