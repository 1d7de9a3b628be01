//! What the demonstration data is: a support desk in two Regions with its stages, a fleet, and an
//! AppInstance that nobody uses yet. The same at every call.

use domain::settings::{AllowMessages, EndpointType};
use domain::{Region, Timestamp};
use serde_json::{Value, json};

use super::people::{guests, mix, person};

/// How long before the start something happened, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Age(pub(super) i64);

impl Age {
    /// No age: it happens now.
    pub(super) const NONE: Self = Self(0);

    pub(super) const fn minutes(minutes: i64) -> Self {
        Self(minutes)
    }

    pub(super) const fn days(days: i64) -> Self {
        Self(days * 24 * 60)
    }

    /// A share of this age, so a time that is later and before now.
    pub(super) const fn part(self, of: i64) -> Self {
        Self(self.0 / of)
    }

    /// The time that lies this age before another one.
    pub(super) const fn before(self, now: Timestamp) -> Timestamp {
        Timestamp(now.0 - self.0 * 60_000)
    }
}

type Pairs = Vec<(&'static str, &'static str)>;

#[derive(Debug, PartialEq)]
pub(super) struct Instance {
    pub(super) region: Region,
    pub(super) name: &'static str,
    pub(super) metadata: &'static str,
    pub(super) tags: Pairs,
    pub(super) age: Age,
    /// What retention was set to, one after another; `None` switched it off.
    pub(super) retention: Vec<(Option<u32>, Age)>,
    pub(super) users: Vec<User>,
    pub(super) bots: Vec<Bot>,
}

#[derive(Debug, PartialEq)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) metadata: &'static str,
    pub(super) tags: Pairs,
    pub(super) age: Age,
    pub(super) expires_after: Option<i64>,
    pub(super) admin_since: Option<Age>,
    pub(super) edited: Option<Age>,
    pub(super) endpoints: Vec<Endpoint>,
}

#[derive(Debug, PartialEq)]
pub(super) struct Bot {
    pub(super) name: &'static str,
    pub(super) metadata: &'static str,
    pub(super) tags: Pairs,
    pub(super) age: Age,
    pub(super) admin_since: Option<Age>,
    alias: &'static str,
    locale: &'static str,
    welcome_intent: Option<&'static str>,
    /// Standard and targeted messages; nothing for an old bot, which has `RespondsTo`.
    invoked_by: Option<(&'static str, &'static str)>,
}

impl Bot {
    /// Its `LexConfiguration`.
    pub(super) fn lex(&self, region: Region, account: &str) -> Value {
        let mut lex = json!({
            "LexBotAliasArn": format!("arn:aws:lex:{region}:{account}:bot-alias/{}", self.alias),
            "LocaleId": self.locale,
        });
        if let Some(intent) = self.welcome_intent {
            lex["WelcomeIntent"] = json!(intent);
        }
        match self.invoked_by {
            Some((standard, targeted)) => {
                lex["InvokedBy"] =
                    json!({ "StandardMessages": standard, "TargetedMessages": targeted });
            }
            None => lex["RespondsTo"] = json!("STANDARD_MESSAGES"),
        }
        lex
    }
}

#[derive(Debug, PartialEq)]
pub(super) struct Endpoint {
    pub(super) name: String,
    pub(super) kind: EndpointType,
    pub(super) device_token: String,
    pub(super) voip_device_token: Option<String>,
    pub(super) allow: AllowMessages,
    pub(super) age: Age,
    /// Why pushes do not arrive, if they do not.
    pub(super) inactive: Option<&'static str>,
}

impl Endpoint {
    /// The Pinpoint application that sends its pushes: one for each push service.
    pub(super) fn resource(&self, region: Region, account: &str) -> String {
        let app = match self.kind {
            EndpointType::Gcm => "8f14e45fceea167a5a36dedd4bea2543",
            _ => "c9f0f895fb98ab9159f51fd0297e236d",
        };
        format!("arn:aws:mobiletargeting:{region}:{account}:apps/{app}")
    }
}

/// The stage of an application, which decides how much there is of everything.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Production,
    Staging,
    Development,
    Sandbox,
}

impl Stage {
    const fn tag(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Staging => "staging",
            Self::Development => "development",
            Self::Sandbox => "sandbox",
        }
    }
}

/// Everything, the oldest first.
pub(super) fn instances() -> Vec<Instance> {
    let (us, eu) = (Region::UsEast1, Region::EuCentral1);
    let support = r#"{"owner":"customer-care","runbook":"https://wiki.harbour.example/chat"}"#;
    vec![
        Instance {
            metadata: support,
            retention: vec![(Some(365), Age::days(300))],
            bots: vec![concierge(), returns(), old_faq()],
            ..instance(
                us,
                "Harbour Support – production",
                Stage::Production,
                410,
                240,
            )
        },
        Instance {
            metadata: support,
            // Lowered: for some weeks messages can still be brought back.
            retention: vec![(Some(90), Age::days(380)), (Some(30), Age::days(6))],
            bots: vec![concierge(), returns()],
            ..instance(us, "Harbour Support – staging", Stage::Staging, 395, 48)
        },
        Instance {
            metadata: r#"{"owner":"fleet-operations"}"#,
            retention: vec![(Some(180), Age::days(220))],
            bots: vec![returns()],
            ..instance(
                us,
                "Fleet Dispatch – production",
                Stage::Production,
                220,
                130,
            )
        },
        Instance {
            metadata: r#"{"owner":"kundendienst","sprache":"de"}"#,
            retention: vec![(Some(730), Age::days(200))],
            bots: vec![hafen()],
            ..instance(
                eu,
                "Hafen Kundendienst – production",
                Stage::Production,
                205,
                110,
            )
        },
        Instance {
            bots: vec![concierge()],
            ..instance(
                us,
                "Harbour Support – development",
                Stage::Development,
                160,
                14,
            )
        },
        Instance {
            retention: vec![(Some(14), Age::days(80)), (None, Age::days(20))],
            ..instance(eu, "Hafen Kundendienst – staging", Stage::Staging, 90, 22)
        },
        instance(us, "Load test", Stage::Sandbox, 3, 0),
    ]
}

fn instance(region: Region, name: &'static str, stage: Stage, days: i64, users: u32) -> Instance {
    let age = Age::days(days);
    let team = if name.starts_with("Fleet") {
        "fleet"
    } else {
        "care"
    };
    let mut tags = vec![("env", stage.tag()), ("team", team)];
    if stage == Stage::Production {
        tags.push(("cost-center", "4410"));
    }
    let seed = age.0.unsigned_abs();
    let person = |number| {
        person(
            region,
            stage,
            age,
            number,
            users,
            mix(seed + u64::from(number)),
        )
    };
    let mut users: Vec<_> = (0..users).map(person).collect();
    if stage == Stage::Production {
        users.extend(guests(seed));
    }
    Instance {
        region,
        name,
        metadata: "",
        tags,
        age,
        retention: Vec::new(),
        users,
        bots: Vec::new(),
    }
}

const fn bot(
    name: &'static str,
    alias: &'static str,
    invoked_by: Option<(&'static str, &'static str)>,
) -> Bot {
    Bot {
        name,
        metadata: "",
        tags: Vec::new(),
        age: Age::days(85),
        admin_since: None,
        alias,
        locale: "en_US",
        welcome_intent: None,
        invoked_by,
    }
}

fn concierge() -> Bot {
    Bot {
        metadata: r#"{"handover":"staff-1008"}"#,
        tags: vec![("team", "care")],
        admin_since: Some(Age::days(40)),
        welcome_intent: Some("Welcome"),
        ..bot("Concierge", "QJ4V7TZ2XN/TSTALIASID", Some(("AUTO", "ALL")))
    }
}

fn returns() -> Bot {
    bot(
        "Returns desk",
        "W8RM3KD5PB/PRODALIAS1",
        Some(("MENTIONS", "ALL")),
    )
}

fn hafen() -> Bot {
    Bot {
        locale: "de_DE",
        welcome_intent: Some("Begruessung"),
        ..bot("Hafenlotse", "H2LQ9CY6VA/PRODALIAS1", Some(("ALL", "NONE")))
    }
}

/// Made before `InvokedBy` was there, and never converted.
fn old_faq() -> Bot {
    bot("FAQ (old)", "B5TF8GN1WE/PRODALIAS1", None)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn everything_is_the_same_at_every_start() {
        assert_eq!(instances(), instances());
    }

    #[test]
    fn nothing_happens_before_what_it_needs() {
        for instance in instances() {
            for user in &instance.users {
                assert!(user.age < instance.age, "{} in {}", user.id, instance.name);
                assert!(user.endpoints.iter().all(|one| one.age <= user.age));
            }
            assert!(instance.bots.iter().all(|bot| bot.age < instance.age));
            assert!(
                instance
                    .retention
                    .iter()
                    .all(|(_, age)| *age <= instance.age)
            );
            assert!(instance.retention.is_sorted_by(|one, next| one.1 > next.1));
        }
    }

    #[test]
    fn an_id_is_used_once_in_an_app_instance() {
        for instance in instances() {
            let ids: HashSet<_> = instance.users.iter().map(|user| &user.id).collect();
            assert_eq!(ids.len(), instance.users.len(), "{}", instance.name);
        }
    }

    #[test]
    fn there_is_something_of_every_kind() {
        let instances = instances();
        let users: Vec<_> = instances.iter().flat_map(|one| &one.users).collect();
        let endpoints: Vec<_> = users.iter().flat_map(|user| &user.endpoints).collect();
        let left = |user: &&User| {
            let days = user.expires_after?;
            Some(Age::days(days).0 - user.age.0)
        };

        assert!((300..1000).contains(&users.len()), "{}", users.len());
        assert!(instances.iter().any(|one| one.users.is_empty()));
        for kind in EndpointType::ALL {
            for inactive in [
                None,
                Some("INVALID_DEVICE_TOKEN"),
                Some("INVALID_PINPOINT_ARN"),
            ] {
                let of_kind = |one: &&&Endpoint| one.kind == *kind && one.inactive == inactive;
                assert!(
                    endpoints.iter().any(|one| of_kind(&one)),
                    "{kind} {inactive:?}"
                );
            }
        }
        assert!(endpoints.iter().any(|one| one.allow == AllowMessages::None));
        assert!(endpoints.iter().any(|one| one.voip_device_token.is_some()));
        assert!(users.iter().any(|user| user.endpoints.len() == 10));
        let left: Vec<_> = users.iter().filter_map(left).collect();
        assert!(left.iter().any(|minutes| *minutes < 0), "past");
        assert!(
            left.iter()
                .any(|minutes| (0..3 * 24 * 60).contains(minutes)),
            "near"
        );
        assert!(left.iter().any(|minutes| *minutes > 30 * 24 * 60), "far");
    }
}
