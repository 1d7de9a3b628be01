//! The audit: what is written, and how it is read.

use backend::{AuditFilter, Backend, Phase, Request};
use domain::arn::{AppInstanceArn, AppInstanceUserArn};
use domain::input::{
    DeleteAppInstance, DeleteAppInstanceUser, DescribeAppInstance, EndpointAttributes,
    RegisterAppInstanceUserEndpoint, UpdateAppInstance,
};
use domain::name::{AppInstanceName, DeviceToken, EndpointName, Metadata};
use domain::settings::{AllowMessages, EndpointType};
use domain::{Cause, Failure, Given, NoConnection, Operation, Role, Timestamp};
use serde_json::{Value, json};
use sqlx::Row as _;

use crate::database::{
    Database, START, caller, connection, event, matching_entries, newest_entries, note, on_both,
};

const INSTANCE: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/11111111-2222";
const USER: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/11111111-2222/user/alice";

on_both! {
    a_write_has_a_row_before_and_an_outcome_after
    a_read_leaves_no_row
    a_refused_write_leaves_one_row
    a_write_out_of_reach_is_refused
    a_read_only_console_refuses_writes
    device_tokens_are_masked
    without_a_row_there_is_no_call
    an_instance_has_its_own_entries_only
    entries_are_filtered_and_paged
    what_an_earlier_process_left_open_is_unknown
}

/// Makes a filter let less through.
type Narrow = fn(&mut AuditFilter);

fn instance() -> AppInstanceArn {
    INSTANCE.parse().unwrap()
}

fn user() -> AppInstanceUserArn {
    USER.parse().unwrap()
}

fn delete_user() -> DeleteAppInstanceUser {
    DeleteAppInstanceUser {
        app_instance_user_arn: user(),
    }
}

fn delete_instance() -> DeleteAppInstance {
    DeleteAppInstance {
        app_instance_arn: instance(),
    }
}

/// Calls as somebody with this role.
async fn call_as<I: Request>(
    backend: &Backend,
    role: Role,
    input: I,
) -> Result<I::Output, Failure> {
    let calls = backend.calls();
    calls.call(&caller(role), &connection(), input).await
}

async fn phases(database: &Database) -> Vec<String> {
    let raw = database.raw().await;
    let rows = sqlx::query("SELECT phase FROM audit ORDER BY seq").fetch_all(&raw);
    rows.await.unwrap().iter().map(|row| row.get(0)).collect()
}

async fn a_write_has_a_row_before_and_an_outcome_after(database: Database) {
    let backend = database.open().await;
    let input = UpdateAppInstance {
        app_instance_arn: instance(),
        name: AppInstanceName::parse("New").unwrap(),
        metadata: Metadata::parse("").unwrap(),
    };
    let before = json!({"Name": "Old"});

    let failure = backend
        .calls()
        .call_with_before(
            &caller(Role::Operator),
            &connection(),
            input,
            before.clone(),
        )
        .await
        .unwrap_err();

    // Nobody listens at the endpoint, so nothing was sent.
    assert_eq!(failure.cause, Cause::NotConnected(NoConnection::Refused));
    assert_eq!(failure.trace.operation, Some(Operation::UpdateAppInstance));
    assert_eq!(phases(&database).await, ["begun", "failed"]);
    let entries = newest_entries(&backend, 100).await;
    let [entry] = entries.as_slice() else {
        panic!("{entries:?}");
    };
    assert_eq!(failure.trace.entry.as_ref(), Some(&entry.id));
    assert_eq!((entry.at, entry.phase), (START, Phase::Failed));
    assert_eq!(entry.failure.as_deref(), Some("no-connection-refused"));
    assert_eq!(entry.username, "ada");
    assert_eq!(entry.resource.as_ref().map(Given::as_str), Some(INSTANCE));
    assert_eq!(entry.input["Name"], "New");
    assert_eq!(entry.before, Some(before));
    assert_eq!(entry.finished_at, Some(START));
}

async fn a_read_leaves_no_row(database: Database) {
    let backend = database.open().await;
    let input = DescribeAppInstance {
        app_instance_arn: instance(),
    };

    let failure = call_as(&backend, Role::Viewer, input).await;

    let refused = Cause::NotConnected(NoConnection::Refused);
    assert_eq!(failure.unwrap_err().cause, refused);
    assert!(newest_entries(&backend, 100).await.is_empty());
}

async fn a_refused_write_leaves_one_row(database: Database) {
    let backend = database.open().await;

    let failure = call_as(&backend, Role::Operator, delete_instance()).await;

    let failure = failure.unwrap_err();
    assert_eq!(failure.cause, Cause::RoleNeeded(Role::Admin));
    assert_eq!(phases(&database).await, ["refused"]);
    let entry = newest_entries(&backend, 100).await.remove(0);
    assert_eq!(entry.failure.as_deref(), Some("role-needed"));
    assert_eq!(failure.trace.entry, Some(entry.id));
}

async fn a_write_out_of_reach_is_refused(database: Database) {
    let backend = database.open().await;
    let admin = caller(Role::Admin);
    let of = |text: String| DeleteAppInstance {
        app_instance_arn: text.parse().unwrap(),
    };
    let other_account = of(INSTANCE.replace("123456789012", "999999999999"));
    let other_region = of(INSTANCE.replace("us-east-1", "eu-central-1"));
    let other_connection = "elsewhere".parse().unwrap();
    for (connection, input) in [
        (connection(), other_account),
        (connection(), other_region),
        (other_connection, delete_instance()),
    ] {
        let failure = backend
            .calls()
            .call(&admin, &connection, input)
            .await
            .unwrap_err();
        assert_eq!(failure.cause, Cause::NoSuchPage);
    }
    assert_eq!(phases(&database).await, ["refused"; 3]);
}

async fn a_read_only_console_refuses_writes(database: Database) {
    let mut config = database.config();
    config.connection.read_only = true;
    let backend = backend::Backend::open(config).await.unwrap();

    let failure = call_as(&backend, Role::Admin, delete_user()).await;

    assert_eq!(failure.unwrap_err().cause, Cause::ReadOnly);
    assert_eq!(phases(&database).await, ["refused"]);
}

async fn device_tokens_are_masked(database: Database) {
    let backend = database.open().await;
    let token = |text| DeviceToken::parse(text).unwrap();
    let input = RegisterAppInstanceUserEndpoint {
        app_instance_user_arn: user(),
        name: EndpointName::parse("Phone").unwrap(),
        r#type: EndpointType::Apns,
        resource_arn: "arn:aws:mobiletargeting:us-east-1:123456789012:apps/1"
            .parse()
            .unwrap(),
        endpoint_attributes: EndpointAttributes {
            device_token: token("canary-device-token"),
            voip_device_token: Some(token("canary-voip-token")),
        },
        client_request_token: "tok-1".to_owned().try_into().unwrap(),
        allow_messages: AllowMessages::All,
    };

    let _ = call_as(&backend, Role::Operator, input).await;

    let entry = newest_entries(&backend, 100).await.remove(0);
    assert_eq!(entry.input["EndpointAttributes"]["DeviceToken"], "•••");
    assert!(!entry.input.to_string().contains("canary"));
}

async fn without_a_row_there_is_no_call(database: Database) {
    let backend = database.open().await;
    database
        .write("ALTER TABLE audit RENAME TO audit_gone")
        .await;

    let failure = call_as(&backend, Role::Admin, delete_user()).await;

    assert_eq!(failure.unwrap_err().cause, Cause::StoreUnavailable);
}

async fn an_instance_has_its_own_entries_only(database: Database) {
    let backend = database.open().await;
    let _ = call_as(&backend, Role::Admin, delete_user()).await;
    let _ = call_as(&backend, Role::Admin, delete_instance()).await;

    let own = backend
        .audit()
        .whole()
        .of_resource(INSTANCE, 10)
        .await
        .unwrap();

    let operations: Vec<_> = own.iter().map(|entry| entry.event.name()).collect();
    assert_eq!(operations, ["DeleteAppInstance"]);
    assert_eq!(own[0].instance.as_ref().map(Given::as_str), Some(INSTANCE));
}

async fn entries_are_filtered_and_paged(database: Database) {
    let backend = database.open().await;
    let _ = call_as(&backend, Role::Admin, delete_user()).await;
    database.clock.advance(1000);
    let _ = call_as(&backend, Role::Viewer, delete_user()).await;
    database.clock.advance(1000);
    note(&backend, event("sign-in"), Value::Null).await;
    let filtered: &[(Narrow, usize)] = &[
        (|_| {}, 3),
        (|filter| filter.operator = Some("op-1".into()), 2),
        (|filter| filter.operator = Some("ada".into()), 3),
        (|filter| filter.operator = Some("bob".into()), 0),
        (|filter| filter.operation = Some("sign-in".into()), 1),
        (|filter| filter.outcome = Some(Phase::Refused), 1),
        (|filter| filter.outcome = Some(Phase::Failed), 1),
        (|filter| filter.outcome = Some(Phase::Begun), 0),
        (|filter| filter.resource = Some(INSTANCE.into()), 2),
        (|filter| filter.from = Some(Timestamp(START.0 + 1000)), 2),
        (|filter| filter.to = Some(Timestamp(START.0 + 1000)), 1),
    ];
    for (narrow, expected) in filtered {
        let mut filter = AuditFilter::default();
        narrow(&mut filter);
        let found = matching_entries(&backend, &filter, 10).await;
        assert_eq!(found.len(), *expected, "{filter:?}");
    }

    let (audit, all) = (backend.audit().whole(), AuditFilter::default());
    let first = audit.recent(&all, None, 2).await.unwrap();
    let second = audit.recent(&all, Some(first[1].seq), 2).await.unwrap();
    assert_eq!((first.len(), second.len()), (2, 1));
    assert_eq!(second[0].event.name(), "DeleteAppInstanceUser");
    let same = backend.audit().whole().entry(&second[0].id).await.unwrap();
    assert_eq!(same.as_ref(), Some(&second[0]));
}

async fn what_an_earlier_process_left_open_is_unknown(database: Database) {
    let backend = database.open().await;
    let _ = call_as(&backend, Role::Admin, delete_user()).await;
    // As if the process had ended between the two rows.
    let raw = database.raw().await;
    sqlx::query(
        "INSERT INTO audit (seq, entry, phase, at, username, request, operation, prev_hash, hash) \
         VALUES (99, 'lost', 'begun', $1, 'ada', 'r', 'DeleteAppInstanceUser', '', '')",
    )
    .bind(START.0)
    .execute(&raw)
    .await
    .unwrap();
    database.clock.advance(120_000);

    let next = database.open().await;
    // Two nodes may look at once, and the same one again.
    let other = database.open().await;
    let (one, beside) = (next.audit(), other.audit());
    tokio::join!(one.recover(i64::MIN), beside.recover(i64::MIN));
    one.recover(i64::MIN).await;

    let lost = next.audit().whole().entry("lost").await.unwrap().unwrap();
    assert_eq!(lost.phase, Phase::Unknown);
    assert_eq!(lost.finished_at, Some(Timestamp(START.0 + 120_000)));
    let unknown = AuditFilter {
        outcome: Some(Phase::Unknown),
        ..AuditFilter::default()
    };
    let found = matching_entries(&next, &unknown, 10).await;
    assert_eq!(found.len(), 1);
}
