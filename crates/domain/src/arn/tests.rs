//! Every ARN prints as it was read, and a wrong one is named.

use proptest::prelude::*;

use super::*;
use crate::problem::Kind;

const INSTANCE: &str =
    "arn:aws:chime:us-east-1:123456789012:app-instance/11111111-2222-4333-8444-555555555555";

fn instances() -> impl Strategy<Value = String> {
    ("us-east-1|eu-central-1", "[0-9]{12}", "[a-z0-9-]{1,64}").prop_map(|(region, account, id)| {
        format!("arn:aws:chime:{region}:{account}:app-instance/{id}")
    })
}

fn user_ids() -> impl Strategy<Value = String> {
    "[A-Za-z0-9]([A-Za-z0-9:_.@-]{0,62}[A-Za-z0-9])?"
}

proptest! {
    #[test]
    fn an_instance_arn_prints_as_it_was_read(text in instances()) {
        let arn: AppInstanceArn = text.parse().unwrap();
        prop_assert_eq!(arn.to_string(), text.clone());
        prop_assert_eq!(&AppInstanceArn::new(arn.region(), arn.account(), arn.id()).unwrap(), &arn);
        prop_assert_eq!(text.parse::<ResourceArn>().unwrap().to_string(), text);
    }

    #[test]
    fn a_user_arn_prints_as_it_was_read(instance in instances(), id in user_ids()) {
        let text = format!("{instance}/user/{id}");
        let arn: AppInstanceUserArn = text.parse().unwrap();
        prop_assert_eq!(arn.to_string(), text.clone());
        prop_assert_eq!(arn.user_id().as_str(), &id);
        prop_assert_eq!(AppInstanceUserArn::new(arn.instance(), arn.user_id()), arn);
        prop_assert_eq!(text.parse::<MemberArn>().unwrap().to_string(), text);
    }

    #[test]
    fn a_bot_arn_prints_as_it_was_read(instance in instances(), id in "[a-z0-9-]{1,64}") {
        let text = format!("{instance}/bot/{id}");
        let arn: AppInstanceBotArn = text.parse().unwrap();
        prop_assert_eq!(arn.to_string(), text.clone());
        prop_assert_eq!(text.parse::<ResourceArn>().unwrap().to_string(), text);
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in "\\PC{0,80}") {
        let _ = text.parse::<ResourceArn>();
        let _ = text.parse::<PinpointAppArn>();
        let _ = text.parse::<LexBotAliasArn>();
    }

    #[test]
    fn no_text_after_arn_makes_a_parser_panic(text in "arn:aws:chime:us-east-1:[0-9]{12}:\\PC{0,80}") {
        let _ = text.parse::<ResourceArn>();
        let _ = text.parse::<AppInstanceUserArn>();
    }
}

#[test]
fn an_arn_of_another_partition_is_none() {
    let user = format!("{INSTANCE}/user/alice");
    let bot = format!("{INSTANCE}/bot/1");
    let app = "arn:aws:mobiletargeting:us-east-1:123456789012:apps/0a1b2c3d";
    let alias = "arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/KLMNOPQRST";
    for partition in [
        "aws-cn",
        "aws-us-gov",
        "aws-iso-b",
        "awsx",
        "AWS",
        "aws ",
        "",
    ] {
        let moved = |arn: &str| arn.replacen("arn:aws:", &format!("arn:{partition}:"), 1);
        let refused = Some(Problem::NotAnArn);
        assert_eq!(moved(INSTANCE).parse::<AppInstanceArn>().err(), refused);
        assert_eq!(moved(INSTANCE).parse::<ResourceArn>().err(), refused);
        assert_eq!(moved(&user).parse::<AppInstanceUserArn>().err(), refused);
        assert_eq!(moved(&user).parse::<MemberArn>().err(), refused);
        assert_eq!(moved(&bot).parse::<AppInstanceBotArn>().err(), refused);
        assert_eq!(moved(app).parse::<PinpointAppArn>().err(), refused);
        assert_eq!(moved(alias).parse::<LexBotAliasArn>().err(), refused);
    }
}

#[test]
fn each_wrong_arn_is_named() {
    let wrong = |wanted| Problem::WrongKind { wanted };
    let user = format!("{INSTANCE}/user/alice");
    assert_eq!("hello".parse::<AppInstanceArn>(), Err(Problem::NotAnArn));
    assert_eq!(
        user.parse::<AppInstanceArn>(),
        Err(wrong(Kind::AppInstance))
    );
    assert_eq!(
        INSTANCE.parse::<AppInstanceUserArn>(),
        Err(wrong(Kind::AppInstanceUser))
    );
    assert_eq!(INSTANCE.parse::<MemberArn>(), Err(wrong(Kind::UserOrBot)));
    assert_eq!(
        "arn:aws:s3:::bucket".parse::<ResourceArn>(),
        Err(wrong(Kind::IdentityResource))
    );
    assert!(matches!(
        INSTANCE
            .replace("us-east-1", "ap-south-1")
            .parse::<AppInstanceArn>(),
        Err(Problem::OtherRegion { .. })
    ));
    assert!(matches!(
        format!("{INSTANCE}{}", "x".repeat(1600)).parse::<AppInstanceArn>(),
        Err(Problem::TooLong { max: 1600, .. })
    ));
}

#[test]
fn an_id_that_aws_gave_is_not_judged() {
    let (account, region) = ("123456789012".parse().unwrap(), crate::Region::UsEast1);
    let instance: AppInstanceArn = INSTANCE.parse().unwrap();
    for id in [&*"x".repeat(74), "a+b", "é", ".a", "a b", "日本", "a:", "-"] {
        let user = AppInstanceUserArn::read(&instance, id).unwrap();
        assert_eq!(user.to_string(), format!("{INSTANCE}/user/{id}"));
        assert!(!user.is_usual(), "{id}");
        let bot = AppInstanceBotArn::read(&instance, id).unwrap();
        assert_eq!(bot.id(), id);
        let read = AppInstanceArn::read(region, &account, id).unwrap();
        assert_eq!(read.id(), id);
    }
    for typed in ["x".repeat(74), "a+b".to_owned(), "a/b".to_owned()] {
        assert!(AppInstanceArn::new(region, &account, &typed).is_err());
        assert!(AppInstanceBotArn::new(&instance, &typed).is_err());
    }
    assert!(AppInstanceUserArn::read(&instance, "a/b").is_ok());
    assert!(
        AppInstanceUserArn::read(&instance, "alice")
            .unwrap()
            .is_usual()
    );
}

#[test]
fn an_id_that_no_address_can_hold_makes_no_arn() {
    let instance: AppInstanceArn = INSTANCE.parse().unwrap();
    for id in ["", ".", "..", "a\nb", "\0"] {
        assert!(AppInstanceUserArn::read(&instance, id).is_err(), "{id:?}");
        assert!(AppInstanceBotArn::read(&instance, id).is_err(), "{id:?}");
        let text = format!("arn:aws:chime:us-east-1:123456789012:app-instance/{id}");
        assert!(text.parse::<AppInstanceArn>().is_err(), "{id:?}");
    }
}

#[test]
fn a_pinpoint_app_of_another_account_or_region_is_refused() {
    let user: AppInstanceUserArn = format!("{INSTANCE}/user/alice").parse().unwrap();
    let app = |region, account| format!("arn:aws:mobiletargeting:{region}:{account}:apps/0123");
    assert!(PinpointAppArn::parse(&app("us-east-1", "123456789012"), &user).is_ok());
    assert!(matches!(
        PinpointAppArn::parse(&app("us-east-1", "999999999999"), &user),
        Err(Problem::OtherAccount { .. })
    ));
    assert!(matches!(
        PinpointAppArn::parse(&app("eu-central-1", "123456789012"), &user),
        Err(Problem::OtherRegion { .. })
    ));
    assert!(matches!(
        PinpointAppArn::parse(INSTANCE, &user),
        Err(Problem::WrongKind { .. })
    ));
}

#[test]
fn a_lex_alias_needs_two_ids_of_ten() {
    let instance: AppInstanceArn = INSTANCE.parse().unwrap();
    let parse = |text: &str| LexBotAliasArn::parse(text, &instance);
    let good = "arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDEFGHIJ/KLMNOPQRST";
    assert!(parse(good).is_ok());
    assert_eq!(parse(&good.to_lowercase()), Err(Problem::LexAlias));
    assert_eq!(
        parse("arn:aws:lex:us-east-1:123456789012:bot/ABCDEFGHIJ"),
        Err(Problem::LexAlias)
    );
    assert!(matches!(
        parse(&good.replace("123456789012", "999999999999")),
        Err(Problem::OtherAccount { .. })
    ));
}
