//! The pages that take something away: they say what goes with it, and ask.

use axum::http::StatusCode;
use domain::{Cause, Role};

use super::{AS_READ, FORBIDDEN, Held, NO_PAGE, READ_ONLY_FORM, USERNAME, World};
use crate::support::{Browser, arn, target};

/// A page that asks before something goes.
struct Delete {
    page: &'static str,
    /// What reads the thing itself.
    reads: &'static str,
    /// The page where there is no such thing, and what is said there.
    gone: (&'static str, StatusCode, &'static str),
    /// What it says of the one in a world.
    says: &'static [&'static str],
    /// The button, what it sends, and who may.
    button: &'static str,
    sends: &'static str,
    needs: Role,
}

const DELETES: &[Delete] = &[
    Delete {
        page: "{instance}/delete",
        reads: "DescribeAppInstance",
        gone: ("{list}/none/delete", StatusCode::FORBIDDEN, FORBIDDEN),
        says: &[
            "Delete AppInstance Support",
            "Everything in it is deleted, and AWS cannot restore it",
            "AppInstanceUsers 1 Deleted, with their endpoints and tags",
            "AppInstanceAdmins 1 The role goes with the user or bot",
            "AppInstanceBots 1 Deleted; the Lex bots stay",
            "Channels and messages not visible Deleted too; this API cannot count them",
            "Type the name to confirm Account 1234-5678-9012: Support",
        ],
        button: "Delete AppInstance",
        sends: "/api/app-instances/delete",
        needs: Role::Admin,
    },
    Delete {
        page: "{user}/delete",
        reads: "DescribeAppInstanceUser",
        gone: (
            "{instance}/users/nobody/delete",
            StatusCode::FORBIDDEN,
            FORBIDDEN,
        ),
        says: &[
            "Delete user Ana",
            "The user is deleted, and AWS cannot restore it",
            "Endpoints 1 Deregistered; their devices get no more pushes",
            "Admin role 1 Demoted first, then deleted",
            "Tags 1 Deleted",
            "Channel memberships not visible This API cannot count them",
            "This is the last admin of the AppInstance.",
            "Type the user ID to confirm Account 1234-5678-9012: ana",
        ],
        button: "Delete AppInstanceUser",
        sends: "/api/users/delete",
        needs: Role::Operator,
    },
    Delete {
        page: "{bot}/delete",
        reads: "DescribeAppInstanceBot",
        gone: (
            "{instance}/bots/none/delete",
            StatusCode::NOT_FOUND,
            "This bot no longer exists",
        ),
        says: &[
            "Delete bot Helper",
            "The bot is deleted, and AWS cannot restore it",
            "Admin role 0 This bot is not an admin",
            "Tags 1 Deleted",
            "Lex bot 0 Stays: {lex}",
            "Channel memberships not visible This API cannot count them",
            "Type the name to confirm Account 1234-5678-9012: Helper",
        ],
        button: "Delete AppInstanceBot",
        sends: "/api/bots/delete",
        needs: Role::Operator,
    },
    Delete {
        page: "{member}/remove",
        reads: "DescribeAppInstanceAdmin",
        gone: (
            "{instance}/admins/user/nobody/remove",
            StatusCode::NOT_FOUND,
            "Not an admin The user nobody is not an admin of this AppInstance",
        ),
        says: &[
            "Demote user Ana",
            "This user can no longer manage every channel",
            "The user stays, with all channels, endpoints and tags.",
            "This is the last admin of the AppInstance.",
        ],
        button: "Demote",
        sends: "/api/admins/delete",
        needs: Role::Operator,
    },
    Delete {
        page: "{endpoint}/deregister",
        reads: "DescribeAppInstanceUserEndpoint",
        gone: (
            "{user}/endpoints/none/deregister",
            StatusCode::FORBIDDEN,
            FORBIDDEN,
        ),
        says: &[
            "Deregister endpoint Phone of Ana",
            "This device gets no more pushes Phone of Ana.",
            "The user and its other endpoints stay.",
            "This is the last endpoint of the user.",
        ],
        button: "Deregister endpoint",
        sends: "/api/endpoints/deregister",
        needs: Role::Operator,
    },
];

/// The same for operators, which are none of AWS's: for Admins of everything, and no others.
const OPERATORS: &[Delete] = &[
    Delete {
        page: "{operator}",
        reads: "",
        gone: ("/operators/nobody", StatusCode::NOT_FOUND, NO_PAGE),
        says: &[
            "Disable grace? grace is signed out everywhere and cannot sign in until an Admin enables them.",
        ],
        button: "Disable operator",
        sends: "/api/operators/disable",
        needs: Role::Admin,
    },
    Delete {
        page: "{operator}/reset",
        reads: "",
        gone: ("/operators/nobody/reset", StatusCode::NOT_FOUND, NO_PAGE),
        says: &[
            "Reset operator grace",
            "The present password stops working All sessions of this operator end",
        ],
        button: "Reset and make a link",
        sends: "/api/operators/reset",
        needs: Role::Admin,
    },
];

/// What asks for a word: its page, what is sent, the field, and its label.
const TYPED: &[(&str, &str, &str, &str)] = &[
    (
        "{instance}",
        "app-instances",
        "confirm",
        "Type the name to confirm",
    ),
    (
        "{user}",
        "users",
        "confirm_user_id",
        "Type the user ID to confirm",
    ),
    ("{bot}", "bots", "confirm", "Type the name to confirm"),
];

fn all() -> impl Iterator<Item = &'static Delete> {
    DELETES.iter().chain(OPERATORS)
}

#[tokio::test]
async fn there_is_nothing_to_delete_where_there_is_nothing() {
    let world = World::start(&Held::default()).await;
    for delete in all() {
        let (page, status, said) = delete.gone;
        let page = world.open(&world.reader, page).await;
        page.assert_says(status, &[said]);
        assert!(!page.sends(delete.sends), "{}", page.at);
    }
}

#[tokio::test]
async fn what_goes_is_said_with_its_numbers_before_it_is_asked_for() {
    let world = World::start(&Held::default()).await;
    for delete in all() {
        let page = world.open(&world.reader, delete.page).await;
        let said: Vec<_> = delete.says.iter().map(|said| world.fill(said)).collect();
        let mut said: Vec<_> = said.iter().map(String::as_str).collect();
        said.extend([delete.button, "Cancel"]);
        page.assert_says(StatusCode::OK, &said);
        assert!(page.sends(delete.sends), "{}", page.at);
        page.assert_silent(&["could not", "more than"]);
    }
}

#[tokio::test]
async fn what_has_many_things_in_it_is_counted_as_far_as_it_is_cheap() {
    let tag = |at: usize| (format!("key {at}"), "value".to_owned());
    let held = Held {
        tags: (0..50).map(tag).collect(),
        ..Held::default()
    };
    let world = World::start(&held).await;
    world.seed(501).await;
    world.promote(&world.bot).await;
    for device in ["device-token-2", "device-token-3"] {
        world
            .maker
            .make_endpoint(&world.user, "Tablet", device)
            .await;
    }
    for (page, said) in [
        (
            "{instance}/delete",
            &[
                "AppInstanceUsers more than 500 Deleted",
                "500 users are counted.",
                "Count users on",
                "AppInstanceAdmins 2 The role",
                "AppInstanceBots 1 Deleted",
            ][..],
        ),
        (
            "{user}/delete",
            &[
                "Endpoints 3 Deregistered",
                "Admin role 1",
                "Tags 50 Deleted",
            ],
        ),
        (
            "{bot}/delete",
            &[
                "Admin role 1 Demoted first, then deleted",
                "Tags 50 Deleted",
            ],
        ),
        ("{member}/remove", &["This user can no longer manage"]),
        (
            "{endpoint}/deregister",
            &["This device gets no more pushes"],
        ),
    ] {
        let page = world.open(&world.reader, page).await;
        page.assert_says(StatusCode::OK, said);
        // It is not the last of its kind.
        page.assert_silent(&["This is the last", "could not"]);
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_not_offered_to_be_deleted() {
    let world = World::start(&Held::default()).await;
    let reads: Vec<_> = DELETES.iter().map(|delete| delete.reads).collect();
    world.break_down(&reads, "ServiceFailureException").await;

    let pages = world
        .open_all(DELETES.iter().map(|delete| delete.page))
        .await;

    // A user that is no admin for all that is known can be deleted; one that cannot be read cannot.
    for (delete, page) in DELETES.iter().zip(pages) {
        page.assert_says(
            StatusCode::SERVICE_UNAVAILABLE,
            &[
                &Cause::AwsUnavailable.headline(),
                "AWS action chime:Describe",
            ],
        );
        assert_eq!(page.link("Try again"), Some(&*page.at));
        assert!(!page.sends(delete.sends), "{}", page.at);
    }
}

#[tokio::test]
async fn what_cannot_be_counted_is_said_beside_what_can() {
    let world = World::start(&Held::default()).await;
    let reads = [
        "ListAppInstanceUsers",
        "ListAppInstanceAdmins",
        "ListAppInstanceUserEndpoints",
        "ListTagsForResource",
    ];
    world.break_down(&reads, "AccessDeniedException").await;
    for (page, said) in [
        (
            "{instance}/delete",
            &[
                "AppInstanceUsers could not count",
                "AppInstanceAdmins could not count",
                "AppInstanceBots 1 Deleted",
            ][..],
        ),
        (
            "{user}/delete",
            &[
                "Endpoints could not count",
                "Admin role 1 Demoted first",
                "Tags could not count",
                "The other admins could not be read. This may be the last one.",
            ],
        ),
        ("{bot}/delete", &["Admin role 0", "Tags could not count"]),
        (
            "{member}/remove",
            &["The other admins could not be read. This may be the last one."],
        ),
        (
            "{endpoint}/deregister",
            &["The other endpoints could not be read. This may be the last one."],
        ),
    ] {
        let page = world.open(&world.reader, page).await;
        page.assert_says(StatusCode::OK, said);
    }

    world
        .break_down(&["DescribeAppInstanceAdmin"], "ServiceFailureException")
        .await;
    let pages = world.open_all(["{user}/delete", "{bot}/delete"]).await;
    for (page, kind) in pages.iter().zip(["user", "bot"]) {
        let said = format!("Admin role could not read Goes with the {kind}");
        page.assert_says(StatusCode::OK, &[&said, "Tags 1 Deleted"]);
    }
}

#[tokio::test]
async fn a_role_that_covers_less_cannot_send_what_deletes() {
    let world = World::start(&Held::default()).await;
    let (_, viewer) = world.app.sign_in(Role::Viewer).await;
    let (_, operator) = world.app.sign_in(Role::Operator).await;
    let another = world.of_another().await;

    for delete in DELETES {
        let may_not = |browser| refused(&world, browser, delete);
        may_not(&viewer).await;
        if delete.needs > Role::Operator {
            may_not(&operator).await;
        } else {
            let page = world.open(&operator, delete.page).await;
            assert!(page.sends(delete.sends), "{}: {}", page.at, page.words);
        }
        let theirs = world.open(&another, delete.page).await;
        theirs.assert_says(StatusCode::NOT_FOUND, &[NO_PAGE]);
    }
    let pages = OPERATORS.iter().map(|delete| delete.page);
    let lesser = [&viewer, &operator];
    world.assert_hidden(pages, lesser, &another).await;
}

/// Somebody sees what would go, and why they cannot send it.
async fn refused(world: &World, browser: &Browser, delete: &Delete) {
    let page = world.open(browser, delete.page).await;
    let reason = format!("Needs the role {}", delete.needs);
    let note = format!("{reason} {READ_ONLY_FORM}");
    let button = format!("{} ({reason})", delete.button);
    page.assert_says(StatusCode::OK, &[delete.says[0], &note, &button]);
    assert!(!page.sends(delete.sends), "{}", page.at);
}

#[tokio::test]
async fn what_somebody_chose_is_text_where_it_is_deleted() {
    let world = World::start(&Held::hostile()).await;
    for delete in all() {
        let page = world.open(&world.reader, delete.page).await;
        let name = if delete.page.starts_with("{operator}") {
            USERNAME
        } else {
            AS_READ
        };
        page.assert_says(StatusCode::OK, &[name]);
        page.assert_harmless();
        assert!(page.sends(delete.sends), "{}", page.at);
    }
}

#[tokio::test]
async fn another_word_than_the_one_that_is_shown_deletes_nothing_and_is_kept() {
    let world = World::start(&Held::default()).await;
    for (of, what, field, label) in TYPED {
        let (place, page) = (world.fill(of), world.fill(&format!("{of}/delete")));
        let of = target(&arn(&place));
        for (word, told) in [
            (
                "Helpless",
                "This is not the name shown above. Type it as it is written there.",
            ),
            (
                "\"><script>alert(7)</script>",
                "This is not the name shown above.",
            ),
        ] {
            let fields = [("page", &*page), ("target", &*of), (*field, word)];
            let function = format!("/api/{what}/delete");

            let refused = world.maker.post(&function, &fields).await;

            let page = world.open(&world.maker, refused.location()).await;
            page.assert_says(
                StatusCode::OK,
                &[
                    "One field needs a change",
                    "No change was sent to AWS.",
                    &format!("{label}: {told}"),
                ],
            );
            // Above the form, and beside the field.
            assert_eq!(page.words.matches(told).count(), 2, "{}", page.words);
            assert_eq!(page.held(field), [word]);
            page.assert_harmless();
            assert!(page.sends(&function), "it can be sent again");
        }
        let there = world.open(&world.reader, &place).await;
        there.assert_says(StatusCode::OK, &[]);
    }
}
