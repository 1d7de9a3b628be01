//! What is covered, what is not, and texts that are no grant.

use proptest::prelude::*;

use super::*;

const CHAT: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/chat";
const SHOP: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/shop";

fn grant(text: &str) -> Grant {
    text.parse().unwrap()
}

fn arn(text: &str) -> AppInstanceArn {
    text.parse().unwrap()
}

fn regions() -> impl Strategy<Value = Region> {
    prop::sample::select(Region::ALL)
}

/// Few enough that limits and questions meet.
fn connections() -> impl Strategy<Value = ConnectionId> {
    prop_oneof!["main|other", "[a-z0-9-]{1,40}"].prop_map(|name| connection(&name))
}

fn connection(name: &str) -> ConnectionId {
    name.parse().unwrap()
}

fn instances() -> impl Strategy<Value = AppInstanceArn> {
    (regions(), "[a-c]").prop_map(|(region, id)| {
        arn(&format!(
            "arn:aws:chime:{region}:123456789012:app-instance/{id}"
        ))
    })
}

fn limits() -> impl Strategy<Value = Limit> {
    let named = (prop::option::of(connections()), instances());
    prop_oneof![
        connections().prop_map(Limit::Connection),
        (connections(), regions()).prop_map(|(of, region)| Limit::Region(of, region)),
        named.prop_map(|(of, arn)| Limit::AppInstance(of, arn)),
    ]
}

fn grants() -> impl Strategy<Value = Grant> {
    let limited = prop::collection::vec(limits(), 1..8).prop_map(|l| Grant::limited(l).unwrap());
    prop_oneof![1 => Just(Grant::EVERYTHING), 8 => limited]
}

proptest! {
    #[test]
    fn a_grant_reads_back_as_it_was_written(grant in grants()) {
        prop_assert_eq!(&Grant::kept(&grant.to_string()), &grant);
        prop_assert_eq!(grant.to_string().parse(), Ok(grant));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,80}") {
        let _ = text.parse::<Grant>();
    }

    #[test]
    fn who_has_the_region_has_each_of_its_instances(
        grant in grants(), connection in connections(), instance in instances(),
    ) {
        let region = instance.region();
        if grant.covers(&connection, region, None) {
            prop_assert!(grant.covers(&connection, region, Some(&instance)));
        }
        if grant.covers(&connection, region, Some(&instance)) {
            prop_assert!(grant.touches(&connection, region));
        }
    }

    #[test]
    fn another_limit_takes_nothing_away(
        limits in prop::collection::vec(limits(), 1..5), more in limits(),
        connection in connections(), instance in instances(),
    ) {
        let few = Grant::limited(limits.clone()).unwrap();
        let many = Grant::limited(limits.into_iter().chain([more])).unwrap();
        let covers = |grant: &Grant| grant.covers(&connection, instance.region(), Some(&instance));
        prop_assert!(!covers(&few) || covers(&many));
    }

    #[test]
    fn what_no_limit_names_is_not_covered(
        limits in prop::collection::vec(limits(), 1..5),
        connection in connections(), instance in instances(),
    ) {
        let region = instance.region();
        let names = |limit: &Limit| {
            let text = limit.to_string();
            [
                connection.to_string(),
                format!("{connection}/{region}"),
                format!("{connection} {instance}"),
                instance.to_string(),
            ]
            .contains(&text)
        };
        let is_named = limits.iter().any(names);
        let grant = Grant::limited(limits).unwrap();
        prop_assert_eq!(grant.covers(&connection, region, Some(&instance)), is_named);
    }
}

#[test]
fn everything_is_covered_without_limits() {
    let chat = arn(CHAT);
    for region in Region::ALL {
        assert!(Grant::EVERYTHING.covers(&connection("any"), *region, None));
    }
    assert!(Grant::EVERYTHING.covers(&connection("any"), Region::UsEast1, Some(&chat)));
    assert_eq!(Grant::EVERYTHING.limits(), []);
}

#[test]
fn one_instance_is_neither_its_region_nor_the_one_beside_it() {
    let grant = grant(CHAT);
    assert!(grant.covers(&connection("main"), Region::UsEast1, Some(&arn(CHAT))));
    assert!(!grant.covers(&connection("main"), Region::UsEast1, Some(&arn(SHOP))));
    assert!(!grant.covers(&connection("main"), Region::UsEast1, None));
    assert!(grant.touches(&connection("main"), Region::UsEast1));
    assert!(!grant.touches(&connection("main"), Region::EuCentral1));
    // A call in another Region than the ARN's is not covered either.
    assert!(!grant.covers(&connection("main"), Region::EuCentral1, Some(&arn(CHAT))));
    let main = connection("main");
    let named: Vec<_> = grant.instances_in(&main, Region::UsEast1).collect();
    assert_eq!(named, [&arn(CHAT)]);
    assert_eq!(grant.instances_in(&main, Region::EuCentral1).count(), 0);
}

#[test]
fn an_instance_is_covered_by_the_connection_that_its_limit_names_and_no_other() {
    let (main, other) = (connection("main"), connection("other"));
    let covers = |grant: &Grant, of| grant.covers(of, Region::UsEast1, Some(&arn(CHAT)));
    let named = grant(&format!("main {CHAT}"));
    assert!(covers(&named, &main) && !covers(&named, &other));
    assert!(named.touches(&main, Region::UsEast1) && !named.touches(&other, Region::UsEast1));
    assert_eq!(named.instances_in(&other, Region::UsEast1).count(), 0);
    assert_eq!(named.to_string(), format!("main {CHAT}"));
    // As it was written when there was one connection.
    let old = Grant::kept(CHAT);
    assert!(covers(&old, &main) && covers(&old, &other));
    assert_eq!(old.to_string(), CHAT);
    assert_eq!(old.by(&main), named);
    assert_eq!(named.by(&other), named);
}

#[test]
fn an_instance_of_another_account_is_another_one() {
    let grant = grant(CHAT);
    for other in [
        CHAT.replace("123456789012", "210987654321"),
        CHAT.replace("chat", "Chat"),
    ] {
        assert!(
            !grant.covers(&connection("main"), Region::UsEast1, Some(&arn(&other))),
            "{other}"
        );
    }
}

#[test]
fn each_line_that_is_no_limit_is_named() {
    let text = format!("main\n\nMain\n main/us-east-1 \nmain/us-west-2\n{CHAT}/user/ana\n*");
    let rows: Vec<_> = [3, 5, 6, 7].map(|row| Problem::NotALimit { row }).into();
    assert_eq!(Grant::parse_lines(&text), Err(rows));
}

#[test]
fn what_is_kept_and_no_limit_covers_nothing_and_takes_nothing_away() {
    let known =
        Grant::kept("arn:aws-cn:chime:us-east-1:123456789012:app-instance/one\nmain/us-east-1");
    let nothing = Grant::kept("");
    assert_eq!(known, grant("main/us-east-1"));
    assert!(!nothing.is_everything() && !nothing.touches(&connection("main"), Region::UsEast1));
    assert_eq!(Grant::kept("*"), Grant::EVERYTHING);
}

#[test]
fn a_text_without_limits_is_not_everything() {
    for text in ["", "\n", "  \n\t"] {
        assert_eq!(text.parse::<Grant>(), Err(Problem::Empty), "{text:?}");
    }
    assert_eq!("**".parse::<Grant>(), Err(Problem::NotALimit { row: 1 }));
}

#[test]
fn lines_of_any_system_are_read_and_a_limit_counts_once() {
    let grant = Grant::parse_lines("main\r\nother/eu-central-1\r\nmain\r\n").unwrap();
    assert_eq!(grant.to_string(), "main\nother/eu-central-1");
}

#[test]
fn there_are_a_hundred_limits_at_most() {
    let lines = |count: u32| {
        let lines: Vec<_> = (1..=count).map(|n| format!("c-{n}")).collect();
        lines.join("\n")
    };
    assert!(Grant::parse_lines(&lines(100)).is_ok());
    let many = Problem::TooManyLimits {
        max: 100,
        actual: 101,
    };
    assert_eq!(Grant::parse_lines(&lines(101)), Err(vec![many]));
}
