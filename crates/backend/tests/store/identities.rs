//! Operators who sign in with a provider: who they are here, and what the audit has of it.

use backend::oidc::ProviderIdentity;
use backend::{Backend, Entry, NoticeKind, Operator, OperatorChange, Origin, Phase, Verified};
use domain::{Cause, Failure, ProviderProblem, Role};
use serde_json::json;

use crate::database::{Database, newest_entries, on_both};
use crate::people::{PASSWORD, add, origin, provider};

on_both! {
    the_first_sign_in_makes_an_operator_and_the_next_finds_it
    a_role_follows_the_groups_and_is_in_the_audit
    a_name_that_somebody_has_gets_the_label_behind_it
    whoever_may_not_sign_in_is_turned_away_and_in_the_audit
    the_last_admin_keeps_the_role_that_a_provider_takes
    an_admin_of_a_provider_counts_as_one
    no_password_is_set_beside_a_provider
    a_sign_in_without_its_row_in_the_audit_is_none
    a_sign_in_with_a_provider_from_a_new_address_is_told
}

fn person(subject: &str, name: &str, role: Option<Role>) -> ProviderIdentity {
    ProviderIdentity {
        subject: subject.to_owned(),
        username: Some(name.to_owned()),
        role: role.ok_or(ProviderProblem::NoRole),
        authenticated: None,
    }
}

async fn admit(backend: &Backend, person: &ProviderIdentity) -> Result<Operator, Failure> {
    let accounts = backend.accounts();
    accounts.admit(&provider(), person, &origin()).await
}

fn problem<T: std::fmt::Debug>(result: Result<T, Failure>) -> ProviderProblem {
    match result.unwrap_err().cause {
        Cause::Provider(problem) => problem,
        other => panic!("{other:?}"),
    }
}

async fn a_sign_in_with_a_provider_from_a_new_address_is_told(database: Database) {
    let backend = database.open().await;
    let grace = person("s1", "grace", Some(Role::Viewer));
    let told = async |operator: &Operator| {
        let notices = backend.accounts().notices(&operator.id).await.unwrap();
        let told = notices.into_iter().map(|one| (one.kind, one.address));
        told.collect::<Vec<_>>()
    };
    // The first address of all is not new, nor is it when they come back.
    for _ in 0..2 {
        let admitted = admit(&backend, &grace).await.unwrap();
        assert_eq!(told(&admitted).await, []);
    }
    let away = Origin {
        remote: Some("198.51.100.7".parse().unwrap()),
        request_id: "http-2".to_owned(),
    };

    let admitted = backend
        .accounts()
        .admit(&provider(), &grace, &away)
        .await
        .unwrap();

    let address = Some("198.51.100.7".to_owned());
    assert_eq!(told(&admitted).await, [(NoticeKind::NewAddress, address)]);
}

async fn is_whole(backend: &Backend) -> bool {
    matches!(backend.audit().verify().await, Ok(Verified::Intact { .. }))
}

async fn the_first_sign_in_makes_an_operator_and_the_next_finds_it(database: Database) {
    let backend = database.open().await;

    let first = admit(&backend, &person("s1", " Ann ", Some(Role::Viewer)))
        .await
        .unwrap();
    database.clock.advance(60_000);
    let again = admit(&backend, &person("s1", "other", Some(Role::Viewer)))
        .await
        .unwrap();

    assert_eq!(
        (&*first.username, first.role, first.invited),
        ("Ann", Role::Viewer, false)
    );
    assert_eq!(first.provider.as_deref(), Some("acme"));
    assert_eq!((&again.id, &again.username), (&first.id, &first.username));
    let read = backend.accounts().get(&first.id).await.unwrap().unwrap();
    assert_eq!(read, again);
    assert_eq!(backend.accounts().list().await.unwrap(), [read]);
    let rows = newest_entries(&backend, 50).await;
    let events: Vec<_> = rows.iter().map(|row| row.event.name()).collect();
    assert_eq!(events, ["SignIn", "SignIn", "AddOperator"]);
    assert!(
        rows.iter()
            .all(|row| row.username == "Ann" && row.request == "http-1")
    );
    assert_eq!(
        rows[2].input,
        json!({ "username": "Ann", "role": "Viewer", "provider": "acme" })
    );
    assert!(is_whole(&backend).await);
}

async fn a_role_follows_the_groups_and_is_in_the_audit(database: Database) {
    let backend = database.open().await;
    admit(&backend, &person("s1", "ann", Some(Role::Viewer)))
        .await
        .unwrap();

    let ann = admit(&backend, &person("s1", "ann", Some(Role::Admin)))
        .await
        .unwrap();

    assert_eq!(ann.role, Role::Admin);
    let rows = newest_entries(&backend, 50).await;
    assert_eq!(
        (rows[1].event.name(), rows[1].phase),
        ("SetOperatorRole", Phase::Noted)
    );
    let detail =
        json!({ "username": "ann", "role": "Admin", "before": "Viewer", "provider": "acme" });
    assert_eq!(rows[1].input, detail);
    assert!(is_whole(&backend).await);
}

async fn a_name_that_somebody_has_gets_the_label_behind_it(database: Database) {
    let backend = database.open().await;
    let local = add(&backend, "Ann", Role::Admin).await;

    let ann = admit(&backend, &person("s1", "ANN", Some(Role::Viewer)))
        .await
        .unwrap();
    let third = admit(&backend, &person("s2", "ann", Some(Role::Admin))).await;

    assert_eq!(ann.username, "ANN (Acme)");
    assert_ne!(ann.id, local.id);
    assert_eq!(problem(third), ProviderProblem::NameTaken);
    // What would be too long with the label behind it does not get one.
    let long = "b".repeat(60);
    admit(&backend, &person("s3", &long, Some(Role::Viewer)))
        .await
        .unwrap();
    let same = admit(&backend, &person("s4", &long, Some(Role::Viewer))).await;
    assert_eq!(problem(same), ProviderProblem::NameTaken);
    let operators = backend.accounts();
    operators.verify("ann", PASSWORD, None).await.unwrap();
    let still = operators.by_name("ann").await.unwrap().unwrap();
    assert_eq!((still.id, still.role), (local.id, Role::Admin));
}

async fn whoever_may_not_sign_in_is_turned_away_and_in_the_audit(database: Database) {
    let backend = database.open().await;
    add(&backend, "root", Role::Admin).await;
    let stranger = admit(&backend, &person("s0", "eve", None)).await;
    let ann = admit(&backend, &person("s1", "ann", Some(Role::Viewer)))
        .await
        .unwrap();

    let left = admit(&backend, &person("s1", "ann", None)).await;
    let disable = backend
        .accounts()
        .change_operator_from_shell(&ann, OperatorChange::Disable);
    disable.await.unwrap();
    let disabled = admit(&backend, &person("s1", "ann", Some(Role::Admin))).await;

    assert_eq!(problem(stranger), ProviderProblem::NoRole);
    assert_eq!(problem(left), ProviderProblem::NoRole);
    assert_eq!(problem(disabled), ProviderProblem::Disabled);
    let rows = newest_entries(&backend, 50).await;
    let told = |row: &Entry| (row.phase, row.username.clone(), row.failure.clone());
    let refused = |name: &str, code: &str| (Phase::Refused, name.to_owned(), Some(code.to_owned()));
    assert_eq!(told(&rows[0]), refused("ann", "provider-disabled"));
    assert_eq!(rows[1].event.name(), "DisableOperator");
    assert_eq!(told(&rows[2]), refused("ann", "provider-no-role"));
    // What a stranger calls themselves is not written down.
    assert_eq!(told(rows.last().unwrap()), refused("", "provider-no-role"));
    let still = backend.accounts().get(&ann.id).await.unwrap().unwrap();
    assert_eq!((still.role, still.disabled.is_some()), (Role::Viewer, true));
}

async fn the_last_admin_keeps_the_role_that_a_provider_takes(database: Database) {
    let backend = database.open().await;
    let ann = admit(&backend, &person("s1", "ann", Some(Role::Admin)))
        .await
        .unwrap();

    let still = admit(&backend, &person("s1", "ann", Some(Role::Viewer)))
        .await
        .unwrap();

    assert_eq!((&still.id, still.role), (&ann.id, Role::Admin));
    let rows = newest_entries(&backend, 50).await;
    assert_eq!(
        (rows[1].event.name(), rows[1].phase),
        ("SetOperatorRole", Phase::Refused)
    );
    assert_eq!(rows[1].failure.as_deref(), Some("last-admin"));
    add(&backend, "root", Role::Admin).await;
    let taken = admit(&backend, &person("s1", "ann", Some(Role::Viewer)))
        .await
        .unwrap();
    assert_eq!(taken.role, Role::Viewer);
}

async fn an_admin_of_a_provider_counts_as_one(database: Database) {
    let backend = database.open().await;
    let operators = backend.accounts();
    let viewer = admit(&backend, &person("s2", "bo", Some(Role::Viewer)))
        .await
        .unwrap();
    // Nobody could look after the console yet, so it can still be set up.
    assert!(operators.is_empty().await.unwrap());
    let root = add(&backend, "root", Role::Admin).await;
    assert!(!operators.is_empty().await.unwrap());
    let change = |operator, change| {
        backend
            .accounts()
            .change_operator_from_shell(operator, change)
    };
    let view = OperatorChange::Role(Role::Viewer);
    let alone = change(&root, view).await;
    assert_eq!(alone.unwrap_err().cause, Cause::LastAdmin);

    let ann = admit(&backend, &person("s1", "ann", Some(Role::Admin)))
        .await
        .unwrap();

    change(&root, view).await.unwrap();
    let last = change(&ann, OperatorChange::Disable).await;
    assert_eq!(last.unwrap_err().cause, Cause::LastAdmin);
    change(&viewer, OperatorChange::Disable).await.unwrap();
}

async fn no_password_is_set_beside_a_provider(database: Database) {
    let backend = database.open().await;
    let ann = admit(&backend, &person("s1", "ann", Some(Role::Viewer)))
        .await
        .unwrap();
    let operators = backend.accounts();

    let set = backend
        .accounts()
        .reset_password_from_shell(&ann, PASSWORD)
        .await;

    assert_eq!(problem(set), ProviderProblem::NoPassword);
    for password in ["", PASSWORD] {
        let signed_in = operators.verify("ann", password, None).await;
        assert_eq!(signed_in.unwrap_err().cause, Cause::BadCredentials);
    }
}

async fn a_sign_in_without_its_row_in_the_audit_is_none(database: Database) {
    let backend = database.open().await;
    database.write("DELETE FROM audit_head").await;

    let ann = admit(&backend, &person("s1", "ann", Some(Role::Admin))).await;

    assert_eq!(ann.unwrap_err().cause, Cause::StoreUnavailable);
    assert!(backend.accounts().list().await.unwrap().is_empty());
}
