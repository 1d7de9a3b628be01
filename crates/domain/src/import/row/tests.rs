//! What each kind of row asks for, and the sentence for each wrong cell.

use super::*;
use crate::arn::AppInstanceBotArn;
use crate::settings::AllowMessages;

const INSTANCE: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/one";
const APP: &str = "arn:aws:mobiletargeting:us-east-1:123456789012:apps/abc";

fn instance() -> AppInstanceArn {
    INSTANCE.parse().unwrap()
}

fn raw(cells: &[&str]) -> RawRow {
    RawRow {
        line: 2,
        cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        fault: None,
    }
}

fn mapping(kind: Kind, names: &[&str]) -> Mapping {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    Mapping::found(kind, &names).unwrap()
}

fn check(kind: Kind, cells: &[(&str, &str)]) -> Result<Wanted, Vec<RowProblem>> {
    let (names, cells): (Vec<_>, Vec<_>) = cells.iter().copied().unzip();
    mapping(kind, &names).check(&raw(&cells), &instance())
}

/// The only thing that is wrong with a row.
fn fault(kind: Kind, cells: &[(&str, &str)]) -> Fault {
    let problems = check(kind, cells).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems[0].fault.clone()
}

#[test]
fn a_row_with_everything_is_a_user_with_everything() {
    let user = check(
        Kind::Users,
        &[
            ("user_id", "alice"),
            ("name", "Alice 🚀 "),
            ("metadata", "{\"a\":\n1}"),
            ("expires_days", "90"),
            ("tag:team", "support"),
            ("tag:Team", " "),
        ],
    );

    let tags = [("team", "support"), ("Team", " ")];
    let tags = tags.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(
        user,
        Ok(Wanted::User {
            id: UserId::parse("alice").unwrap(),
            name: Some(UserName::parse("Alice 🚀 ").unwrap()),
            metadata: Some(Metadata::parse("{\"a\":\n1}").unwrap()),
            expires: Some(Expires::After(Days::read(90))),
            tags: Tags::from_service(tags),
        })
    );
}

#[test]
fn what_is_empty_or_not_there_stays_as_it_is() {
    let nothing = Wanted::User {
        id: UserId::parse("alice").unwrap(),
        name: None,
        metadata: None,
        expires: None,
        tags: Tags::default(),
    };
    let id = ("user_id", "alice");
    assert_eq!(check(Kind::Users, &[id]), Ok(nothing.clone()));
    let empty = [
        id,
        ("metadata", ""),
        ("expires_days", ""),
        ("tag:a", ""),
        ("email", "x"),
    ];
    assert_eq!(check(Kind::Users, &empty), Ok(nothing));
    assert_eq!(
        fault(Kind::Users, &[id, ("name", "")]),
        Problem::Empty.into()
    );
    assert_eq!(
        fault(Kind::Users, &[id, ("name", "  ")]),
        Problem::Blank.into()
    );
}

#[test]
fn each_wrong_id_has_its_own_sentence() {
    let of = |id: &str| fault(Kind::Users, &[("user_id", id)]);
    let hidden = |position, code| Fault::Unseen { position, code };
    assert_eq!(of(""), Problem::Empty.into());
    assert_eq!(of("alice "), Fault::SpaceAround);
    assert_eq!(of("\u{a0}alice"), Fault::SpaceAround);
    assert_eq!(of("al\0ice"), hidden(3, 0));
    assert_eq!(of("alice\u{200b}"), hidden(6, 0x200b));
    assert_eq!(of("\u{feff}alice"), hidden(1, 0xfeff));
    assert_eq!(of("al\u{7}ice"), hidden(3, 7));
    assert_eq!(
        of("alice😀"),
        Problem::UserIdCharacter { character: '😀' }.into()
    );
    assert_eq!(
        of("a b"),
        Problem::UserIdCharacter { character: ' ' }.into()
    );
    assert_eq!(of("-alice"), Problem::UserIdStart.into());
    let (max, actual) = (64, 65);
    assert_eq!(of(&"x".repeat(65)), Problem::TooLong { max, actual }.into());
}

#[test]
fn days_are_plain_numbers_in_their_range_or_never() {
    let of = |days| check(Kind::Users, &[("id", "a"), ("expires_days", days)]);
    let expires = |days| match of(days) {
        Ok(Wanted::User { expires, .. }) => expires,
        other => panic!("{other:?}"),
    };
    assert_eq!(expires("1"), Some(Expires::After(Days::read(1))));
    assert_eq!(expires("5475"), Some(Expires::After(Days::read(5475))));
    assert_eq!(expires("Never"), Some(Expires::Never));
    for wrong in [
        "0",
        "-1",
        "1e3",
        "01",
        "5476",
        "+1",
        " 1",
        "1.0",
        "1,000",
        "99999999999",
        "no",
        "１",
    ] {
        let found = fault(Kind::Users, &[("id", "a"), ("expires_days", wrong)]);
        assert_eq!(found, Fault::Days, "{wrong}");
    }
    assert_eq!(
        Fault::Days.to_string(),
        "Write a whole number of days from 1 to 5475, without a zero in front, or the word never."
    );
}

#[test]
fn long_values_and_null_characters_are_refused_wherever_they_are() {
    let of = |column, cell: &str| fault(Kind::Users, &[("id", "a"), (column, cell)]);
    let (max, actual) = (1024, 1025);
    assert_eq!(
        of("metadata", &"x".repeat(1025)),
        Problem::TooManyBytes { max, actual }.into()
    );
    let (max, actual) = (100, 101);
    assert_eq!(
        of("name", &"é".repeat(101)),
        Problem::TooLong { max, actual }.into()
    );
    let (max, actual) = (256, 257);
    assert_eq!(
        of("tag:a", &"é".repeat(257)),
        Problem::TooLong { max, actual }.into()
    );
    for column in ["metadata", "name", "tag:a"] {
        let (position, code) = (2, 0);
        assert_eq!(of(column, "x\0"), Fault::Unseen { position, code });
    }
}

#[test]
fn more_tags_than_a_user_can_have_are_a_problem_of_the_row() {
    let keys: Vec<_> = (0..60).map(|n| format!("tag:k{n}")).collect();
    let with = |filled: usize| {
        let cell = |at| if at < filled { "v" } else { "" };
        let tags = keys.iter().enumerate();
        let tags = tags.map(|(at, key)| (key.as_str(), cell(at)));
        [("id", "a")].into_iter().chain(tags).collect::<Vec<_>>()
    };
    assert!(check(Kind::Users, &with(50)).is_ok());
    let (max, actual) = (50, 51);
    assert_eq!(
        fault(Kind::Users, &with(51)),
        Problem::TooManyTags { max, actual }.into()
    );
}

#[test]
fn everything_that_is_wrong_with_a_row_is_told_at_once() {
    let problems = check(
        Kind::Users,
        &[("id", "a b"), ("name", ""), ("expires_days", "0")],
    );
    let columns: Vec<_> = problems
        .unwrap_err()
        .into_iter()
        .map(|at| at.column)
        .collect();
    assert_eq!(
        columns,
        [Column::UserId, Column::Name, Column::ExpiresDays].map(Some)
    );
}

#[test]
fn a_row_with_another_number_of_cells_is_a_problem_of_that_row() {
    let mapping = mapping(Kind::Users, &["id", "name", "email"]);
    let of = |cells| mapping.check(&raw(cells), &instance()).unwrap_err();
    let (cells, columns) = (2, 3);
    assert_eq!(of(&["a", "b"]), [Fault::FewCells { cells, columns }.into()]);
    assert_eq!(
        of(&["a", "b", "c", "d"]),
        [Fault::ManyCells { columns }.into()]
    );
    let found = RawRow {
        fault: Some(Fault::NotJson),
        ..RawRow::default()
    };
    assert_eq!(
        mapping.check(&found, &instance()),
        Err(vec![Fault::NotJson.into()])
    );
}

#[test]
fn an_admin_is_named_by_id_or_arn() {
    let of = |text| match check(Kind::Admins, &[("member", text)]) {
        Ok(Wanted::Admin { member }) => member,
        other => panic!("{other:?}"),
    };
    let instance = instance();
    let alice = UserId::parse("alice").unwrap();
    let alice = AppInstanceUserArn::new(&instance, &alice);
    let bot = AppInstanceBotArn::new(&instance, "b-1").unwrap();
    assert_eq!(of("alice"), MemberArn::User(alice.clone()));
    assert_eq!(of(alice.as_str()), MemberArn::User(alice.clone()));
    assert_eq!(of(bot.as_str()), MemberArn::Bot(bot.clone()));
    assert_eq!(
        check(Kind::Admins, &[("id", "alice")]).unwrap().key(),
        alice.as_str()
    );

    let wrong = |text: &str| fault(Kind::Admins, &[("user_id", text)]);
    let stranger = bot.as_str().replace("/one/", "/two/");
    assert_eq!(wrong(&stranger), Problem::OtherInstance.into());
    assert_eq!(wrong(&format!("{bot} ")), Fault::SpaceAround);
    assert_eq!(wrong("arn:aws:s3"), Problem::NotAnArn.into());
    let wanted = crate::problem::Kind::UserOrBot;
    assert_eq!(wrong(INSTANCE), Problem::WrongKind { wanted }.into());
}

fn with<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("user_id", "alice"),
        ("type", "APNS"),
        ("resource_arn", APP),
        ("device_token", "t0k3n"),
    ];
    let is_changed = |name: &str| changes.iter().any(|(changed, _)| *changed == name);
    let usual = usual.into_iter().filter(|(name, _)| !is_changed(name));
    usual.chain(changes.iter().copied()).collect()
}

#[test]
fn a_row_with_everything_is_an_endpoint_with_everything() {
    let all = with(&[
        ("name", "phone"),
        ("voip_device_token", "v01p"),
        ("allow_messages", "NONE"),
    ]);
    let endpoint = Wanted::Endpoint {
        user_id: UserId::parse("alice").unwrap(),
        name: Some(EndpointName::parse("phone").unwrap()),
        r#type: EndpointType::Apns,
        resource_arn: APP.parse().unwrap(),
        device_token: DeviceToken::parse("t0k3n").unwrap(),
        voip_device_token: Some(DeviceToken::parse("v01p").unwrap()),
        allow_messages: Some(AllowMessages::None),
    };
    assert_eq!(check(Kind::Endpoints, &all), Ok(endpoint.clone()));
    let json = serde_json::to_string(&endpoint).unwrap();
    assert_eq!(serde_json::from_str::<Wanted>(&json).unwrap(), endpoint);

    let least = check(
        Kind::Endpoints,
        &with(&[("name", ""), ("allow_messages", "")]),
    )
    .unwrap();
    assert!(matches!(
        least,
        Wanted::Endpoint {
            name: None,
            voip_device_token: None,
            allow_messages: None,
            ..
        }
    ));
    assert_eq!(least.key(), endpoint.key());
}

#[test]
fn each_wrong_cell_of_an_endpoint_has_its_own_sentence() {
    let of = |changes: &[(&str, &str)]| fault(Kind::Endpoints, &with(changes));
    for wrong in ["apns", "FCM", "APNS "] {
        assert_eq!(of(&[("type", wrong)]), Fault::Type, "{wrong}");
    }
    assert_eq!(of(&[("type", "")]), Problem::Empty.into());
    assert_eq!(of(&[("allow_messages", "all")]), Fault::AllowMessages);
    assert_eq!(of(&[("device_token", "")]), Problem::Empty.into());
    assert_eq!(of(&[("device_token", "t ")]), Fault::SpaceAround);
    assert_eq!(
        of(&[("type", "GCM"), ("voip_device_token", "v")]),
        Problem::VoipNeedsApns.into()
    );
    let elsewhere = APP.replace("us-east-1", "eu-central-1");
    let region = "us-east-1".to_owned();
    assert_eq!(
        of(&[("resource_arn", &elsewhere)]),
        Problem::OtherRegion { region }.into()
    );
    assert_eq!(of(&[("resource_arn", "x")]), Problem::NotAnArn.into());
}

#[test]
fn a_row_in_a_log_has_no_cells() {
    let shown = format!("{:?}", raw(&["alice", "Alice"]));
    assert_eq!(shown, "RawRow { line: 2, cells: 2, fault: None }");
}
