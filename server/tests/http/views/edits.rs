//! The forms that change something: they hold what is there, whatever it is, and say who may send them.

use axum::http::StatusCode;
use domain::{Cause, Role};

use super::{
    AS_READ, HOSTILE, Held, LINES, NO_PAGE, NO_SESSIONS, Page, READ_ONLY_FORM, TRY_AGAIN, USERNAME,
    World,
};
use crate::support::{LEX, arn, target};

/// What a control holds: its name, and what it would send.
type Control = (&'static str, &'static str);

/// A form that holds what is there.
struct Edit {
    page: &'static str,
    /// What reads what it holds.
    reads: &'static str,
    button: &'static str,
    sends: &'static str,
    needs: Role,
    /// What it says and holds where there is as little as there can be.
    little: (&'static str, &'static [Control]),
    /// The same where everything has a value.
    filled: (&'static str, &'static [Control]),
}

const EDITS: &[Edit] = &[
    Edit {
        page: "{instance}/edit",
        reads: "DescribeAppInstance",
        button: "Save changes",
        sends: "/api/app-instances/update",
        needs: Role::Operator,
        little: ("0 / 1024", &[("name", "Support"), ("metadata", "")]),
        filled: (
            "Edit AppInstance Support",
            &[("name", "Support"), ("metadata", "{\"team\":\"chat\"}")],
        ),
    },
    Edit {
        page: "{user}/edit",
        reads: "DescribeAppInstanceUser",
        button: "Save changes",
        sends: "/api/users/update",
        needs: Role::Operator,
        little: ("0 / 1024", &[("name", "Ana"), ("metadata", "")]),
        filled: (
            "Edit user Ana",
            &[("name", "Ana"), ("metadata", "{\"team\":\"chat\"}")],
        ),
    },
    Edit {
        page: "{bot}/edit",
        reads: "DescribeAppInstanceBot",
        button: "Save changes",
        sends: "/api/bots/update",
        needs: Role::Operator,
        little: (
            "Edit bot Unnamed bot {bot-id}",
            &[("name", ""), ("welcome_intent", ""), ("metadata", "")],
        ),
        filled: (
            "Edit bot Helper",
            &[
                ("name", "Helper"),
                ("lex_bot_alias_arn", LEX),
                ("locale_id", "en_US"),
                ("standard_messages", "AUTO"),
                ("targeted_messages", "ALL"),
                ("metadata", "{\"team\":\"chat\"}"),
            ],
        ),
    },
    Edit {
        page: "{endpoint}/edit",
        reads: "DescribeAppInstanceUserEndpoint",
        button: "Save changes",
        sends: "/api/endpoints/update",
        needs: Role::Operator,
        little: (
            "Edit endpoint Unnamed endpoint",
            &[("name", ""), ("allow_messages", "ALL")],
        ),
        filled: (
            "Edit endpoint Phone",
            &[("name", "Phone"), ("allow_messages", "ALL")],
        ),
    },
    Edit {
        page: "{instance}/retention",
        reads: "GetAppInstanceRetentionSettings",
        button: "Save retention",
        sends: "/api/app-instances/retention/put",
        needs: Role::Admin,
        little: (
            "Retention is off Messages are kept for good.",
            &[("retention_days", ""), ("confirm", "")],
        ),
        filled: (
            "Messages are kept for 30 days",
            &[("retention_days", "30"), ("confirm", "")],
        ),
    },
    Edit {
        page: "{user}/expiration",
        reads: "DescribeAppInstanceUser",
        button: "Save expiration",
        sends: "/api/users/expiration/put",
        needs: Role::Operator,
        little: ("The user does not expire", &[("expiration_days", "")]),
        filled: ("30 days after its creation:", &[("expiration_days", "30")]),
    },
    Edit {
        page: "{instance}/retention/off",
        reads: "GetAppInstanceRetentionSettings",
        button: "Turn off retention",
        sends: "/api/app-instances/retention/off",
        needs: Role::Admin,
        little: ("Retention is off Messages are kept for good.", &[]),
        filled: (
            "Messages are kept for good So far they are deleted after 30 days.",
            &[],
        ),
    },
    Edit {
        page: "{user}/expiration/clear",
        reads: "DescribeAppInstanceUser",
        button: "Clear expiration",
        sends: "/api/users/expiration/clear",
        needs: Role::Operator,
        little: ("The user does not expire", &[]),
        filled: (
            "The user stays until somebody deletes it So far, AWS would delete the user after",
            &[],
        ),
    },
    tags("{instance}/tags", "Tags of Support"),
    tags("{user}/tags", "Tags of user Ana"),
    tags("{bot}/tags", "Tags of bot Helper"),
];

/// The same of operators, whom Admins of everything change, and nobody else sees.
const OPERATORS: &[Edit] = &[
    Edit {
        page: "{operator}/role",
        reads: "",
        button: "Save changes",
        sends: "/api/operators/set-role",
        needs: Role::Admin,
        little: ("Role of grace", &[("role", "Viewer")]),
        filled: ("Role of grace", &[("role", "Viewer")]),
    },
    Edit {
        page: "{operator}/scope",
        reads: "",
        button: "Save changes",
        sends: "/api/operators/set-scope",
        needs: Role::Admin,
        little: ("Scope of grace", &[("scope", "Everything"), ("limits", "")]),
        filled: (
            "Scope of grace",
            &[
                ("scope", "Limited"),
                ("limit[0]", "embedded/us-east-1"),
                ("limits", ""),
            ],
        ),
    },
];

const fn tags(page: &'static str, heading: &'static str) -> Edit {
    Edit {
        page,
        reads: "ListTagsForResource",
        button: "Save tags",
        sends: "/api/tags/save",
        needs: Role::Operator,
        little: ("50 more possible Nothing would change.", &[]),
        filled: (heading, &[("tag_key[0]", "env"), ("tag_value[0]", "dev")]),
    }
}

fn all() -> impl Iterator<Item = &'static Edit> {
    EDITS.iter().chain(OPERATORS)
}

/// Sets what no form that makes something asks for.
async fn settle(world: &World, name: &str, days: &str, limits: &str) {
    let (instance, user) = (target(&arn(&world.instance)), target(&arn(&world.user)));
    let retention = [
        ("target", &*instance),
        ("retention_days", days),
        ("confirm", name),
    ];
    let expiration = [("target", &*user), ("expiration_days", days)];
    let id = world.operator.rsplit('/').next().unwrap();
    let scope = [("id", id), ("scope", "Limited"), ("limits", limits)];
    for (function, fields) in [
        ("app-instances/retention/put", &retention[..]),
        ("users/expiration/put", &expiration),
        ("operators/set-scope", &scope),
    ] {
        let function = format!("/api/{function}");
        let set = world.maker.call(&function, fields).await;
        assert_eq!(set.status, StatusCode::OK, "{function}: {}", set.text());
    }
}

#[track_caller]
fn assert_holds(page: &Page, controls: &[(&str, &str)]) {
    for (name, value) in controls {
        assert_eq!(page.held(name), [*value], "{}: {name}", page.at);
    }
}

#[tokio::test]
async fn what_is_not_set_is_an_empty_field() {
    let world = World::start(&Held::little()).await;
    for edit in all() {
        let page = world.open(&world.reader, edit.page).await;
        let (said, controls) = edit.little;
        page.assert_says(StatusCode::OK, &[&world.fill(said)]);
        assert_holds(&page, controls);
        // What is off cannot be turned off.
        let can_send = !edit.page.ends_with("/off") && !edit.page.ends_with("/clear");
        assert_eq!(page.sends(edit.sends), can_send, "{}", page.at);
        for none in ["tag_key[0]", "tag_value[0]", "limit[0]"] {
            assert!(page.held(none).is_empty(), "{}: {none}", page.at);
        }
    }
}

#[tokio::test]
async fn a_form_holds_what_is_there() {
    let world = World::start(&Held::default()).await;
    settle(&world, "Support", "30", "embedded/us-east-1").await;

    for edit in all() {
        let page = world.open(&world.reader, edit.page).await;
        let (said, controls) = edit.filled;
        page.assert_says(StatusCode::OK, &[said, edit.button]);
        assert_holds(&page, controls);
        assert!(page.sends(edit.sends), "{}", page.at);
    }
}

#[tokio::test]
async fn a_form_holds_the_longest_values_and_the_most_there_can_be() {
    let [name, username, phone] = [256, 100, 1600].map(|length| "é".repeat(length));
    let metadata = format!("{{\n{}}}", "é".repeat(510)) + "x";
    let tag = |at| (format!("{at:0128}"), format!("{at:é>256}"));
    let tags: Vec<_> = (0..50).map(tag).collect();
    let held = Held {
        instance: &name,
        user: &username,
        bot: &name,
        endpoint: &phone,
        metadata: &metadata,
        tags: tags.clone(),
        ..Held::default()
    };
    let world = World::start(&held).await;
    let limit = |at| format!("arn:aws:chime:us-east-1:123456789012:app-instance/{at:03}");
    let limits: Vec<_> = (0..100).map(limit).collect();
    settle(&world, &name, "5475", &limits.join("\r\n")).await;

    for (page, said, controls) in [
        (
            "{instance}/edit",
            &["256 / 256", "1024 / 1024"][..],
            &[("name", &*name), ("metadata", &*metadata)][..],
        ),
        (
            "{user}/edit",
            &["100 / 100", "1024 / 1024"],
            &[("name", &*username), ("metadata", &*metadata)],
        ),
        (
            "{bot}/edit",
            &["256 / 256", "1024 / 1024"],
            &[("name", &*name), ("metadata", &*metadata)],
        ),
        ("{endpoint}/edit", &[], &[("name", &*phone)]),
        (
            "{instance}/retention",
            &["Messages are kept for 5475 days"],
            &[("retention_days", "5475")],
        ),
        (
            "{user}/expiration",
            &["5475 days after its creation:"],
            &[("expiration_days", "5475")],
        ),
    ] {
        let page = world.open(&world.reader, page).await;
        page.assert_says(StatusCode::OK, said);
        assert_holds(&page, controls);
    }
    for page in ["{instance}/tags", "{user}/tags", "{bot}/tags"] {
        let page = world.open(&world.reader, page).await;
        page.assert_says(StatusCode::OK, &["0 more possible Nothing would change."]);
        for (at, (key, value)) in tags.iter().enumerate() {
            assert_eq!(page.held(&format!("tag_key[{at}]")), [key]);
            assert_eq!(page.held(&format!("tag_value[{at}]")), [value]);
        }
    }
    let scope = world.open(&world.reader, "{operator}/scope").await;
    for (at, limit) in limits.iter().enumerate() {
        assert_eq!(scope.held(&format!("limit[{at}]")), [&target(limit)]);
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_no_empty_form() {
    let world = World::start(&Held::default()).await;
    let mut reads: Vec<_> = EDITS.iter().map(|edit| edit.reads).collect();
    reads.push("ListAppInstances");
    world.break_down(&reads, "ServiceFailureException").await;

    let pages = world.open_all(EDITS.iter().map(|edit| edit.page)).await;
    let scope = world.open(&world.reader, "{operator}/scope").await;
    world.change_database(NO_SESSIONS).await;
    let operators = world.open_all(OPERATORS.iter().map(|edit| edit.page)).await;

    for (edit, page) in EDITS.iter().zip(pages) {
        page.assert_says(
            StatusCode::SERVICE_UNAVAILABLE,
            &[&Cause::AwsUnavailable.headline(), "AWS action chime:"],
        );
        assert_eq!(page.link("Try again"), Some(&*page.at));
        assert!(!page.sends(edit.sends), "{}", page.at);
    }
    // What an operator covers is known without AWS.
    let headline = Cause::AwsUnavailable.headline();
    let told = format!("us-east-1: no AppInstance was looked through. {headline}.");
    scope.assert_says(StatusCode::OK, &[&told]);
    assert!(scope.sends("/api/operators/set-scope"));
    for (edit, page) in OPERATORS.iter().zip(operators) {
        page.assert_says(
            StatusCode::SERVICE_UNAVAILABLE,
            &[&Cause::StoreUnavailable.headline(), TRY_AGAIN],
        );
        assert!(!page.sends(edit.sends), "{}", page.at);
    }
}

#[tokio::test]
async fn a_role_that_covers_less_reads_a_form_and_cannot_send_it() {
    let world = World::start(&Held::default()).await;
    settle(&world, "Support", "30", "embedded/us-east-1").await;
    let (_, viewer) = world.app.sign_in(Role::Viewer).await;
    let (_, operator) = world.app.sign_in(Role::Operator).await;
    let another = world.of_another().await;

    for edit in EDITS {
        let (said, controls) = edit.filled;
        for (browser, role) in [(&viewer, Role::Viewer), (&operator, Role::Operator)] {
            let page = world.open(browser, edit.page).await;
            page.assert_says(StatusCode::OK, &[said]);
            assert_holds(&page, controls);
            let reason = format!("Needs the role {}", edit.needs);
            let note = format!("{reason} {READ_ONLY_FORM}");
            let button = format!("{} ({reason})", edit.button);
            if role < edit.needs {
                page.assert_says(StatusCode::OK, &[&note, &button]);
            } else {
                page.assert_silent(&[READ_ONLY_FORM, &button]);
            }
            assert_eq!(page.sends(edit.sends), role >= edit.needs, "{}", page.at);
        }
        let theirs = world.open(&another, edit.page).await;
        theirs.assert_says(StatusCode::NOT_FOUND, &[NO_PAGE]);
    }
    let pages = OPERATORS.iter().map(|edit| edit.page);
    let lesser = [&viewer, &operator];
    world.assert_hidden(pages, lesser, &another).await;
}

#[tokio::test]
async fn what_somebody_chose_is_a_value_in_every_form_and_nothing_else() {
    let world = World::start(&Held::hostile()).await;
    let scope = arn(&world.instance);
    settle(&world, HOSTILE, "30", &scope).await;
    let named: &[Control] = &[("name", HOSTILE), ("metadata", LINES)];
    let value = LINES.replace('\n', "");
    let tags: &[(&str, &str)] = &[("tag_key[0]", HOSTILE), ("tag_value[0]", &value)];
    for edit in all() {
        let page = world.open(&world.reader, edit.page).await;
        let name = if edit.page.starts_with("{operator}") {
            USERNAME
        } else {
            AS_READ
        };
        page.assert_says(StatusCode::OK, &[name]);
        page.assert_harmless();
        match edit.page {
            "{endpoint}/edit" => assert_holds(&page, &named[..1]),
            page_of if page_of.ends_with("/edit") => assert_holds(&page, named),
            page_of if page_of.ends_with("/tags") => assert_holds(&page, tags),
            "{operator}/scope" => page.assert_says(StatusCode::OK, &[USERNAME, AS_READ]),
            _ => {}
        }
        assert!(page.sends(edit.sends), "{}", page.at);
        if edit.page.ends_with("/edit") {
            assert_harmless_in_conflict(&world, edit).await;
        }
    }
}

/// A form that comes back, because another was saved meanwhile: both stand side by side.
async fn assert_harmless_in_conflict(world: &World, edit: &Edit) {
    let page = world.open(&world.maker, edit.page).await;
    let old = |(name, value)| (name, if name == "base" { "1" } else { value });
    let stale: Vec<_> = page.fields(edit.sends).into_iter().map(old).collect();

    let refused = world.maker.post(edit.sends, &stale).await;

    let both = world.open(&world.maker, refused.location()).await;
    let changed = Cause::Changed(None).headline();
    both.assert_says(StatusCode::OK, &[&changed, "Saved meanwhile"]);
    both.assert_harmless();
    assert_eq!(both.held("name"), [HOSTILE], "{}", both.at);
    // As it was, as it is typed, and as it is saved.
    let (_, table) = both.words.split_once("Saved meanwhile").unwrap();
    assert_eq!(table.matches(AS_READ).count(), 3, "{table}");
}
