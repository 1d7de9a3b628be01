//! Which choices make which scope, and what is refused.

use domain::Environment;

use super::*;

const CHAT: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/chat";

fn chosen_beside(
    kept: &Grant,
    scope: &str,
    ticked: &[String],
    limits: &str,
) -> Result<Grant, Refused> {
    let connection = Connection {
        id: "main".parse().unwrap(),
        label: "Main".to_owned(),
        environment: Environment::Sandbox,
        regions: vec![Region::UsEast1],
        read_only: false,
        endpoint_url: None,
    };
    let account = "123456789012".parse().unwrap();
    let chosen = Chosen {
        scope,
        ticked,
        typed: limits,
        kept,
    };
    read(&connection, Some(&account), &chosen)
}

fn chosen(scope: &str, limits: &str) -> Result<Grant, Refused> {
    chosen_with(scope, &[], limits)
}

fn chosen_with(scope: &str, ticked: &[String], limits: &str) -> Result<Grant, Refused> {
    chosen_beside(&Grant::EVERYTHING, scope, ticked, limits)
}

#[test]
fn what_is_ticked_counts_beside_what_is_typed() {
    let ticked = ["main/us-east-1".to_owned()];
    let grant = chosen_with(LIMITED, &ticked, CHAT).unwrap();
    assert_eq!(grant.limits().len(), 2);
    let refused = chosen_with(EVERYTHING, &ticked, "").unwrap_err();
    assert_eq!(refused, (Field::Limit, vec![Problem::LimitsOfEverything]));
    for wrong in ["other", "not/a/limit", "", "main/mars-1"] {
        let refused = chosen_with(LIMITED, &[wrong.to_owned()], "").unwrap_err();
        assert_eq!(refused, (Field::Limit, vec![Problem::NotCoverable]));
    }
    let nothing = chosen_with(LIMITED, &[], " ").unwrap_err();
    assert_eq!(nothing, (Field::Limit, vec![Problem::Empty]));
}

#[test]
fn a_limit_that_this_console_has_no_more_may_stay() {
    let ticked = ["main/eu-central-1".to_owned()];
    let kept = ticked[0].parse().unwrap();
    assert!(chosen_with(LIMITED, &ticked, "").is_err());
    assert!(chosen_beside(&kept, LIMITED, &ticked, "").is_ok());
}

fn problems(limits: &str) -> Vec<Problem> {
    chosen(LIMITED, limits).unwrap_err().1
}

#[test]
fn everything_has_no_limits() {
    assert_eq!(chosen(EVERYTHING, "\r\n "), Ok(Grant::EVERYTHING));
    let refused = chosen(EVERYTHING, "main").unwrap_err();
    assert_eq!(refused, (Field::Limits, vec![Problem::LimitsOfEverything]));
    let refused = chosen("", "main").unwrap_err();
    assert_eq!(refused, (Field::Scope, vec![Problem::NotAChoice]));
}

#[test]
fn a_limit_names_something_of_this_console() {
    let lines = format!("main\r\nmain/us-east-1\r\n{CHAT}");
    let grant = chosen(LIMITED, &lines).unwrap();
    assert_eq!(grant.limits().len(), 3);
    assert_eq!(problems(""), [Problem::Empty]);
    let other_account = CHAT.replace("123456789012", "210987654321");
    let other_region = CHAT.replace("us-east-1", "eu-central-1");
    let lines = format!("other\nmain/eu-central-1\n\n{other_account}\n{other_region}\nnot one");
    let elsewhere = [1, 2, 4, 5].map(|row| Problem::LimitElsewhere { row });
    let all = [&elsewhere[..], &[Problem::NotALimit { row: 6 }]].concat();
    assert_eq!(problems(&lines), all);
}

#[test]
fn a_page_of_nonsense_has_a_short_answer() {
    assert_eq!(problems(&"?\n".repeat(100_000)).len(), TOLD);
}
