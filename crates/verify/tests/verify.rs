//! Walks of emulators: one as it is, and ones in which something goes wrong on purpose.

#![expect(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it should do"
)]

use aws_credential_types::Credentials;
use emulator::{Config, Emulator, Fault, FaultKind, Settings};
use http::{Method, Uri};
use serde_json::Value;
use verify::{Difference, Outcome, Plan, Stop};

const ACCOUNT: &str = "987654321098";
const REGION: &str = "eu-central-1";

async fn start(faults: Vec<Fault>) -> Emulator {
    let config = Config {
        account_id: ACCOUNT.to_owned(),
        session_token: Some("token".to_owned()),
        settings: Settings {
            faults,
            ..Settings::default()
        },
        ..Config::in_memory("id", "secret", REGION)
    };
    Emulator::start(config).await.unwrap()
}

fn fault(operation: &str, code: &str) -> Fault {
    Fault {
        code: code.to_owned(),
        ..Fault::new(operation, FaultKind::Error)
    }
}

fn plan(emulator: &Emulator, secret: &str) -> Plan {
    let token = Some("token".to_owned());
    Plan {
        endpoint: format!("http://{}", emulator.address()).parse().unwrap(),
        region: REGION.to_owned(),
        credentials: Credentials::new("id", secret, token, None, "test"),
        trusted: None,
        lex_bot_alias: None,
        pinpoint_app: None,
    }
}

async fn walk(emulator: &Emulator) -> Outcome {
    let plan = plan(emulator, "secret");
    verify::run(plan, &Stop::default()).await.unwrap()
}

/// How many AppInstances there are.
async fn instances(emulator: &Emulator) -> usize {
    let uri = Uri::from_static("/app-instances");
    let listed = emulator.call_at(0, REGION, &Method::GET, &uri, &Value::Null);
    listed.await.unwrap()["AppInstances"]
        .as_array()
        .unwrap()
        .len()
}

/// The report holds no ids, and nothing that could be about a person.
fn assert_tells_nothing(outcome: &Outcome) {
    for report in [outcome.markdown(), outcome.json().to_string()] {
        for secret in [ACCOUNT, "arn:", "carillon-verify-", "alice", "carol"] {
            assert!(!report.contains(secret), "{secret}: {report}");
        }
    }
}

#[tokio::test]
async fn an_emulator_does_not_differ_from_itself_and_is_left_as_it_was() {
    let emulator = start(Vec::new()).await;

    let outcome = walk(&emulator).await;

    assert_eq!(outcome.different(), 0, "{}", outcome.markdown());
    assert!(outcome.is_whole());
    assert_eq!(outcome.calls(), verify::calls());
    assert_eq!(outcome.left(), [""; 0]);
    assert_eq!(instances(&emulator).await, 0);
    assert_tells_nothing(&outcome);
    let conflict = outcome
        .findings()
        .iter()
        .filter(|step| step.answer.contains("Conflict"));
    assert!(conflict.count() >= 4, "{}", outcome.markdown());
    emulator.stop().await;
}

#[tokio::test]
async fn what_differs_is_told_and_nothing_else() {
    let faults = vec![
        fault("DescribeAppInstanceBot", "ValidationException"),
        fault("UntagResource", "AccessDeniedException"),
    ];
    let emulator = start(faults).await;

    let outcome = walk(&emulator).await;

    let different = outcome
        .findings()
        .iter()
        .filter(|step| !step.differences.is_empty());
    for step in different {
        match step.operation {
            "DescribeAppInstanceBot" => {
                assert_eq!(step.answer, "400 ValidationException (Code Validation)");
            }
            // What was not untagged is there when it is listed.
            "UntagResource" | "ListTagsForResource" => {}
            other => panic!("{other}: {step:?}"),
        }
    }
    assert!(outcome.different() >= 5, "{}", outcome.markdown());
    assert!(outcome.is_whole());
    assert_eq!(instances(&emulator).await, 0);
    assert_tells_nothing(&outcome);
    emulator.stop().await;
}

#[tokio::test]
async fn an_answer_that_was_lost_leaves_nothing_behind() {
    let lost = Fault {
        kind: FaultKind::Reset,
        times: Some(1),
        after_commit: true,
        ..fault("CreateAppInstance", "")
    };
    let emulator = start(vec![lost]).await;

    let outcome = walk(&emulator).await;

    assert_eq!(outcome.different(), 0, "{}", outcome.markdown());
    assert_eq!(outcome.calls(), verify::calls() + 1);
    assert_eq!(instances(&emulator).await, 0);
    emulator.stop().await;
}

#[tokio::test]
async fn what_was_made_is_removed_when_somebody_stops_it() {
    let emulator = start(Vec::new()).await;
    let plan = plan(&emulator, "secret");
    let stop = Stop::default();
    let running = verify::run(plan, &stop);
    tokio::pin!(running);
    let something_is_made = async {
        while instances(&emulator).await == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = &mut running => panic!("it ended before anything was seen"),
        () = something_is_made => {}
    }

    stop.ask();
    let outcome = running.await.unwrap();

    assert!(!outcome.is_whole());
    assert_eq!(outcome.left(), [""; 0]);
    assert_eq!(instances(&emulator).await, 0);
    emulator.stop().await;
}

#[tokio::test]
async fn what_cannot_be_removed_is_told_to_whoever_ran_it_and_to_no_report() {
    let emulator = start(vec![fault("DeleteAppInstance", "AccessDeniedException")]).await;

    let outcome = walk(&emulator).await;

    let [left] = outcome.left() else {
        panic!("{:?}", outcome.left())
    };
    assert!(
        left.contains(ACCOUNT) && left.contains("403 AccessDeniedException"),
        "{left}"
    );
    assert_tells_nothing(&outcome);
    assert!(outcome.markdown().contains("Left behind: 1"));
    emulator.stop().await;
}

#[tokio::test]
async fn nothing_is_tried_where_no_app_instance_can_be_made() {
    let emulator = start(Vec::new()).await;
    let plan = plan(&emulator, "another");

    let outcome = verify::run(plan, &Stop::default()).await.unwrap();

    let [only] = outcome.findings() else {
        panic!("{}", outcome.markdown())
    };
    assert_eq!(
        only.answer,
        "403 InvalidSignatureException (Code InvalidSignature)"
    );
    assert!(matches!(&only.differences[..], [Difference::Answer { .. }]));
    assert_eq!(outcome.left(), [""; 0]);
    emulator.stop().await;
}

#[tokio::test]
async fn nothing_is_called_when_it_is_stopped_before_it_begins() {
    let emulator = start(Vec::new()).await;
    let stop = Stop::default();
    stop.ask();

    let outcome = verify::run(plan(&emulator, "secret"), &stop).await.unwrap();

    assert_eq!((outcome.calls(), outcome.findings().len()), (0, 0));
    emulator.stop().await;
}
