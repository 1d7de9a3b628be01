//! What commands call, in which order, and what becomes of it when a call fails.

use backend::commands::{self, Acting};
use backend::{AuditFilter, Phase};
use domain::arn::MemberArn;
use domain::input::{RegisterAppInstanceUserEndpoint, UpdateAppInstanceUser};
use domain::name::UserName;
use domain::settings::AllowMessages;
use domain::tag::TagRow;
use domain::view::AppInstanceUser;
use domain::{Cause, Failure, Field, FieldProblem, Operation, Problem, Role, Timestamp};
use emulator::{Fault, FaultKind};

use crate::world::{World, caller, connection, days, describe_user, fault, metadata, tags_of};

/// What was called, the oldest first, and how each ended.
async fn called(world: &World) -> Vec<(Operation, Phase)> {
    let all = AuditFilter::default();
    let entries = world.backend.audit().whole().recent(&all, None, 50).await;
    let mut called: Vec<_> = entries
        .unwrap()
        .into_iter()
        .filter_map(|entry| Some((entry.event.operation()?, entry.phase)))
        .collect();
    called.reverse();
    called
}

fn problem(failure: &Failure) -> (Field, Problem) {
    let FieldProblem { field, problem } = failure.field_problems()[0].clone();
    (field, problem)
}

fn row(key: &str, value: &str) -> TagRow {
    TagRow {
        key: key.to_owned(),
        value: value.to_owned(),
    }
}

/// Runs one command as an Admin.
macro_rules! acting {
    ($world:expr, $acting:ident => $command:expr) => {{
        let (caller, connection) = (caller(Role::Admin), connection());
        let $acting = Acting {
            calls: $world.backend.calls(),
            caller: &caller,
            connection: &connection,
        };
        $command.await
    }};
}

#[tokio::test]
async fn an_admin_is_demoted_and_then_deleted_and_all_it_was_is_kept() {
    let world = World::start().await;
    let user = world.admin().await;
    acting!(world, acting => commands::users::put_expiration(acting, &user, Some(days(30)), ""))
        .unwrap();

    acting!(world, acting => commands::users::delete(acting, &user, "us-east-1:alice@x")).unwrap();

    let called = called(&world).await;
    let last: Vec<_> = called.iter().rev().take(2).map(|(name, _)| *name).collect();
    let expected = [
        Operation::DeleteAppInstanceUser,
        Operation::DeleteAppInstanceAdmin,
    ];
    assert_eq!(last, expected);
    let before = world.last_entry().await.before.unwrap();
    assert_eq!(before["Name"], "Alice");
    assert_eq!(before["ExpirationSettings"]["ExpirationDays"], 30);
}

#[tokio::test]
async fn only_the_id_of_a_user_confirms_and_nothing_is_called_before() {
    let world = World::start().await;
    let user = world.user().await;
    let count = called(&world).await.len();
    for (typed, wrong) in [("", Problem::Empty), ("alice@x", Problem::Mismatch)] {
        let refused =
            acting!(world, acting => commands::users::delete(acting, &user, typed)).unwrap_err();
        assert_eq!(problem(&refused), (Field::ConfirmUserId, wrong));
    }
    assert_eq!(called(&world).await.len(), count);
}

#[tokio::test]
async fn a_bot_is_confirmed_by_its_name() {
    let world = World::start().await;
    let bot = world.bot().await;
    let refused = acting!(world, acting => commands::bots::delete(acting, &bot, bot.id()));
    assert_eq!(
        problem(&refused.unwrap_err()),
        (Field::Confirm, Problem::Mismatch)
    );
    acting!(world, acting => commands::bots::delete(acting, &bot, "helper")).unwrap();
}

/// A demotion that may still come would take the role of who has the id by then.
#[tokio::test]
async fn what_may_still_be_demoted_is_not_deleted() {
    for is_bot in [false, true] {
        let reset = Fault {
            times: Some(9),
            ..fault("DeleteAppInstanceAdmin", FaultKind::Reset)
        };
        let world = World::with(vec![reset], "secret").await;
        let (of, outcome) = if is_bot {
            let bot = world.bot().await;
            let member = MemberArn::Bot(bot.clone());
            acting!(world, acting => commands::admins::promote(acting, &member)).unwrap();
            let deleted = acting!(world, acting => commands::bots::delete(acting, &bot, "Helper"));
            (member, deleted.map(drop))
        } else {
            let user = world.admin().await;
            let id = user.user_id().to_string();
            let deleted = acting!(world, acting => commands::users::delete(acting, &user, &id));
            (MemberArn::User(user), deleted.map(drop))
        };

        assert_eq!(outcome.unwrap_err().cause, Cause::OutcomeUnknown);
        let last = called(&world).await.pop();
        let expected = Some((Operation::DeleteAppInstanceAdmin, Phase::Unknown));
        assert_eq!(last, expected, "{}", of.id());
    }
}

#[tokio::test]
async fn the_first_of_two_calls_stays_done_when_the_second_fails() {
    let refused = Fault {
        code: "ForbiddenException".into(),
        times: Some(1),
        ..fault("UntagResource", FaultKind::Error)
    };
    let world = World::with(vec![refused], "secret").await;
    let arn = world.user().await.into();

    let rows = [row("team", "a")];
    let failure = acting!(world, acting => commands::tags::save(acting, &arn, &rows)).unwrap_err();

    assert_eq!(failure.cause, Cause::Partly(Operation::UntagResource));
    let there = world.call(tags_of(arn.clone())).await.unwrap().rows();
    assert_eq!(there, [row("env", "prod"), row("team", "a")]);
    let diff = acting!(world, acting => commands::tags::save(acting, &arn, &rows)).unwrap();
    assert_eq!(diff.to_remove(), ["env"]);
    assert_eq!(
        world.last_entry().await.before.unwrap()["Tags"][1]["Key"],
        "team"
    );
}

#[tokio::test]
async fn what_changed_since_is_not_replaced() {
    let world = World::start().await;
    let arn = world.user().await;
    let read = describe_user(&arn);
    let seen = world.call(read.clone()).await.unwrap().updated;
    let change = |_: &AppInstanceUser| {
        Ok(UpdateAppInstanceUser {
            app_instance_user_arn: arn.clone(),
            name: UserName::parse("Ann").unwrap(),
            metadata: metadata(""),
        })
    };
    let stale = Some(Timestamp(1));

    let refused = acting!(world, acting => acting.update(read.clone(), stale, change)).unwrap_err();
    let present = acting!(world, acting => acting.update(read.clone(), seen, change)).unwrap();

    assert_eq!(refused.cause, Cause::Changed(seen));
    assert_eq!(present.name, "Alice");
    assert_eq!(world.call(read).await.unwrap().name, "Ann");
    let before = world.last_entry().await.before.unwrap();
    assert_eq!(
        before,
        serde_json::json!({ "Name": "Alice", "Metadata": "" })
    );
}

#[tokio::test]
async fn muting_leaves_the_name_and_deregistering_keeps_what_it_was() {
    let world = World::start().await;
    let (user, id) = world.endpoint().await;
    let mute = AllowMessages::None;

    acting!(world, acting => commands::endpoints::set_allow_messages(acting, &user, &id, mute))
        .unwrap();
    let gone = acting!(world, acting => commands::endpoints::deregister(acting, &user, &id));

    assert_eq!(gone.unwrap().allow_messages, mute.into());
    let before = world.last_entry().await.before.unwrap();
    assert_eq!(
        (&before["Name"], &before["AllowMessages"]),
        (&"Phone".into(), &"NONE".into())
    );
    assert!(before.get("EndpointAttributes").is_none());
    let operation = <RegisterAppInstanceUserEndpoint as domain::input::Input>::OPERATION;
    assert_eq!(called(&world).await[2].0, operation);
}

#[tokio::test]
async fn keeping_messages_shorter_asks_for_the_name() {
    let world = World::start().await;
    let arn = world.instance().await;
    let put = async |days: Option<u32>, typed: &str| {
        let days = days.map(self::days);
        acting!(world, acting => commands::app_instances::put_retention(acting, &arn, days, typed))
    };
    let refused = put(Some(90), "").await.unwrap_err();
    assert_eq!(problem(&refused), (Field::Confirm, Problem::Empty));
    put(Some(90), "support").await.unwrap();
    put(Some(120), "").await.unwrap();
    put(None, "").await.unwrap();
    let refused = put(Some(120), "other").await.unwrap_err();
    assert_eq!(problem(&refused), (Field::Confirm, Problem::Mismatch));
    let refused = acting!(world, acting => commands::app_instances::delete(acting, &arn, "other"));
    assert!(refused.is_err());
    acting!(world, acting => commands::app_instances::delete(acting, &arn, "Support")).unwrap();
}
