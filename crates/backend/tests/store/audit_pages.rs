//! The audit read page by page, and found by the ids that an operator has at hand.

use backend::{AuditFilter, Backend};
use domain::Role;
use domain::arn::AppInstanceUserArn;
use domain::input::UpdateAppInstanceUserEndpoint;
use domain::name::EndpointName;
use domain::settings::AllowMessages;
use serde_json::json;

use crate::database::{Database, caller, connection, event, matching_entries, note, on_both};

const USER: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/11111111-2222/user/alice";

on_both! {
    a_page_before_holds_what_is_nearest_to_it
    an_entry_is_found_by_its_number_and_its_ids
    an_endpoint_has_its_own_entries_only
    a_filter_is_a_value_and_never_a_part_of_the_query
}

async fn noted(backend: &Backend, events: u32) {
    for number in 0..events {
        let event = event(&format!("event-{number}"));
        note(backend, event, json!({})).await;
    }
}

async fn a_page_before_holds_what_is_nearest_to_it(database: Database) {
    let backend = database.open().await;
    noted(&backend, 7).await;
    let (audit, all) = (backend.audit(), AuditFilter::default());
    let names = |entries: Vec<backend::Entry>| -> Vec<_> {
        entries
            .into_iter()
            .map(|entry| entry.event.to_string())
            .collect()
    };

    let oldest = audit.whole().recent(&all, Some(3), 10).await.unwrap();
    let before = audit.whole().newer(&all, oldest[0].seq, 2).await.unwrap();
    let none = audit.whole().newer(&all, 7, 2).await.unwrap();

    assert_eq!(names(oldest), ["event-1", "event-0"]);
    assert_eq!(names(before), ["event-3", "event-2"]);
    assert!(none.is_empty());
}

async fn an_entry_is_found_by_its_number_and_its_ids(database: Database) {
    let backend = database.open().await;
    noted(&backend, 2).await;
    let audit = backend.audit();

    let second = audit.whole().at_seq(2).await.unwrap().unwrap();
    let by_id = AuditFilter {
        resource: Some(second.id.clone()),
        ..AuditFilter::default()
    };

    assert_eq!(second.event.name(), "event-1");
    let found = audit.whole().recent(&by_id, None, 10).await.unwrap();
    assert_eq!(found, [second]);
    assert_eq!(audit.whole().at_seq(3).await.unwrap(), None);
}

async fn an_endpoint_has_its_own_entries_only(database: Database) {
    let backend = database.open().await;
    let user: AppInstanceUserArn = USER.parse().unwrap();
    for id in ["e_1", "ex1", "e%1", "e\\1\"", "e_12"] {
        let input = UpdateAppInstanceUserEndpoint {
            app_instance_user_arn: user.clone(),
            endpoint_id: id.to_owned(),
            name: EndpointName::parse("").unwrap(),
            allow_messages: Some(AllowMessages::All.into()),
        };
        let operator = caller(Role::Operator);
        let _ = backend.calls().call(&operator, &connection(), input).await;
    }

    for id in ["e_1", "e%1", "e\\1\""] {
        let found = backend
            .audit()
            .whole()
            .of_endpoint(USER, id, 10)
            .await
            .unwrap();
        let ids: Vec<_> = found
            .iter()
            .map(|entry| &entry.input["EndpointId"])
            .collect();
        assert_eq!(ids, [id]);
    }
    let of_user = backend.audit().whole().of_resource(USER, 10).await.unwrap();
    assert_eq!(of_user.len(), 5);
}

async fn a_filter_is_a_value_and_never_a_part_of_the_query(database: Database) {
    let backend = database.open().await;
    noted(&backend, 1).await;
    for text in ["' OR '1'='1", "$1", "?", "arn:x' OR 1=1 --", "\\"] {
        let filter = AuditFilter {
            operator: Some(text.into()),
            operation: Some(text.into()),
            resource: Some(text.into()),
            ..AuditFilter::default()
        };
        let found = matching_entries(&backend, &filter, 10).await;
        assert!(found.is_empty(), "{text}");
    }
}
