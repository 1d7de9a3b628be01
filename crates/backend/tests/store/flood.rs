//! Floods at the door: who pays for the work, and who gets in meanwhile.

use std::net::{IpAddr, Ipv4Addr};

use backend::{Caller, Draft, Operator, Origin};
use domain::{Cause, Failure, Field, Problem, Role};
use futures_util::future::join_all;

use crate::database::{Database, on_both};
use crate::people::{PASSWORD, add, caller_of, problem};

on_both! {
    a_new_password_is_looked_at_once_it_is_known_that_it_may_be_chosen
    a_flood_of_strangers_keeps_nobody_out_who_signed_in_before
    crafted_passwords_that_are_chosen_hold_up_no_sign_in
    forms_that_are_held_are_weighed_whoever_sent_them
}

const WEAK: &str = "password1";
/// What takes longest to measure: signs that stand for letters.
const CRAFTED: &str =
    "4@8({[<3691!|0$5+7%24@8({[<3691!|0$5+7%24@8({[<3691!|0$5+7%24@8({[<3691!|0$5+7%2";

/// Somebody whose address nobody knows, and who proved nothing.
fn from_nowhere(operator: &Operator) -> Caller {
    Caller {
        remote: None,
        proved: None,
        ..caller_of(operator)
    }
}

fn form(bytes: usize) -> Draft {
    Draft {
        path: "/".to_owned(),
        fields: vec![("metadata".to_owned(), "a".repeat(bytes))],
        failure: None,
    }
}

async fn forms_that_are_held_are_weighed_whoever_sent_them(database: Database) {
    let backend = database.open().await;
    for held in [backend.drafts(), backend.strangers()] {
        let small = held.put("ada", form(10)).await.unwrap();
        let mut large = Vec::new();
        for _ in 0..20 {
            large.push(held.put("eve", form(250_000)).await.unwrap());
        }
        let mut kept = 0;
        for id in &large {
            kept += usize::from(held.get("eve", id).await.unwrap().is_some());
        }
        assert_eq!(kept, 4);
        assert!(held.get("ada", &small).await.unwrap().is_some());
    }
}

fn address(last: u8) -> IpAddr {
    Ipv4Addr::new(203, 0, 113, last).into()
}

fn is_slow<T>(answer: &Result<T, Failure>) -> bool {
    let failure = answer.as_ref().err();
    failure.is_some_and(|failure| matches!(failure.cause, Cause::SlowDown(_)))
}

async fn a_new_password_is_looked_at_once_it_is_known_that_it_may_be_chosen(database: Database) {
    let backend = database.open().await;
    let token = backend.accounts().setup_token().await.unwrap().unwrap();

    let guessed = backend.accounts().redeem_setup("none", "ada", WEAK).await;
    let weak = backend.accounts().redeem_setup(&token, "ada", WEAK).await;
    let ada = add(&backend, "ada", Role::Viewer).await;
    let (origin, ada) = (Origin::default(), from_nowhere(&ada));
    let link = backend
        .accounts()
        .choose_password("none", WEAK, &origin)
        .await;
    let wrong = backend
        .accounts()
        .change_password(&ada, "not it at all", WEAK, "");
    let wrong = wrong.await;

    assert_eq!(guessed.unwrap_err().cause, Cause::LinkUsed);
    assert_eq!(link.unwrap_err().cause, Cause::LinkUsed);
    assert_eq!(problem(weak), (Field::NewPassword, Problem::WeakPassword));
    let told = (Field::CurrentPassword, Problem::WrongPassword);
    assert_eq!(problem(wrong), told);
}

async fn a_flood_of_strangers_keeps_nobody_out_who_signed_in_before(database: Database) {
    let backend = database.open().await;
    let operators = backend.accounts();
    add(&backend, "ada", Role::Viewer).await;
    let known = Some(address(1));
    operators.verify("ada", PASSWORD, known).await.unwrap();

    // Clients that are refused come back at once.
    let guess = async |number: u8| {
        let mut refused = false;
        for round in 0..8 {
            let name = format!("guess-{number}-{round}");
            let answer = operators
                .verify(&name, "a guess", Some(address(number)))
                .await;
            refused |= is_slow(&answer);
        }
        refused
    };
    let flood = join_all((2..=120).map(guess));
    let honest = async {
        let mut answers = Vec::new();
        for _ in 0..3 {
            answers.push(operators.verify("ada", PASSWORD, known).await);
        }
        answers
    };
    let (flood, honest) = tokio::join!(flood, honest);

    assert!(flood.contains(&true), "the flood is refused in part");
    for answer in honest {
        answer.unwrap();
    }
}

async fn crafted_passwords_that_are_chosen_hold_up_no_sign_in(database: Database) {
    let backend = database.open().await;
    let operators = backend.accounts();
    let (ada, eve) = (
        add(&backend, "ada", Role::Viewer).await,
        add(&backend, "eve", Role::Viewer).await,
    );
    let known = Some(address(1));
    for name in ["ada", "eve"] {
        operators.verify(name, PASSWORD, known).await.unwrap();
    }
    let eve = from_nowhere(&eve);

    // Eve knows her own password, so hers are measured.
    let change = || {
        backend
            .accounts()
            .change_password(&eve, PASSWORD, CRAFTED, "")
    };
    let flood = join_all((0..40).map(|_| change()));
    let honest = async {
        let signed_in = operators.verify("ada", PASSWORD, known).await;
        let confirmed = operators.confirm(&ada.id, PASSWORD, known).await;
        (signed_in.map(drop), confirmed.map(drop))
    };
    tokio::pin!(flood);
    let honest = tokio::select! {
        biased;
        _ = &mut flood => panic!("the honest one came after the flood"),
        honest = honest => honest,
    };

    assert!(matches!(honest, (Ok(()), Ok(()))), "{honest:?}");
}
