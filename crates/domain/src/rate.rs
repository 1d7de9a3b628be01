//! How many calls a second AWS accepts, and what somebody said instead.
//!
//! Source: AWS General Reference, "Amazon Chime SDK endpoints and quotas". It gives no bursts; a
//! bucket holds what it gains in a second.

use std::str::FromStr;

use crate::operation::Operation;

/// What each has calls of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Per {
    /// The whole account, in one Region.
    Account,
    /// Each AppInstance.
    AppInstance,
    /// Each AppInstanceUser.
    User,
}

/// A published rate: these operations together, this often a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// How `--rate`, the metrics and the pages name it.
    pub name: &'static str,
    /// The operations that share it.
    pub operations: &'static [Operation],
    /// What each has it.
    pub per: Per,
    /// Calls a second.
    pub per_second: f64,
}

/// The published rates. The page counts ListAppInstanceUsers per user, which cannot be meant; here it
/// is per AppInstance.
pub const LINES: &[Line] = &[
    Line {
        name: "app-instance-writes",
        operations: &[
            Operation::CreateAppInstance,
            Operation::UpdateAppInstance,
            Operation::DeleteAppInstance,
        ],
        per: Per::AppInstance,
        per_second: 5.0,
    },
    Line {
        name: "user-writes",
        operations: &[
            Operation::CreateAppInstanceUser,
            Operation::UpdateAppInstanceUser,
            Operation::DeleteAppInstanceUser,
        ],
        per: Per::AppInstance,
        per_second: 10.0,
    },
    Line {
        name: "app-instance-describes",
        operations: &[Operation::DescribeAppInstance],
        per: Per::AppInstance,
        per_second: 20.0,
    },
    Line {
        name: "user-describes",
        operations: &[Operation::DescribeAppInstanceUser],
        per: Per::User,
        per_second: 20.0,
    },
    Line {
        name: "app-instance-lists",
        operations: &[Operation::ListAppInstances],
        per: Per::Account,
        per_second: 10.0,
    },
    Line {
        name: "user-lists",
        operations: &[Operation::ListAppInstanceUsers],
        per: Per::AppInstance,
        per_second: 10.0,
    },
    Line {
        name: "all",
        operations: Operation::ALL,
        per: Per::Account,
        per_second: 50.0,
    },
];

/// The lines that calls of an operation count in: its own, where it has one, and that of all.
pub fn lines_of(operation: Operation) -> impl Iterator<Item = &'static Line> {
    LINES
        .iter()
        .filter(move |line| line.operations.contains(&operation))
}

/// The rates of a connection: the published ones, unless others were given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rates {
    given: Vec<GivenRate>,
}

impl Rates {
    /// No limit at all, as the emulator has by default.
    pub fn unlimited() -> Self {
        Self {
            given: vec![GivenRate {
                line: None,
                per_second: None,
            }],
        }
    }

    /// The same, with some replaced. A later one counts.
    #[must_use]
    pub fn with(mut self, given: impl IntoIterator<Item = GivenRate>) -> Self {
        self.given.extend(given);
        self
    }

    /// Calls a second of a line; `None` where there is no limit.
    pub fn of(&self, line: &Line) -> Option<f64> {
        let given = self.given.iter().rev();
        let mut of_line = given.filter(|given| given.line.is_none_or(|name| name == line.name));
        let given = of_line.next();
        given.map_or(Some(line.per_second), |given| given.per_second)
    }
}

/// A rate that somebody gave, as `LINE=CALLS`: `user-writes=100`, `all=none`, or `none` for no limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GivenRate {
    /// The line; `None` is every line.
    line: Option<&'static str>,
    /// Calls a second; `None` is no limit.
    per_second: Option<f64>,
}

/// Says that a text is not a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a rate is LINE=CALLS or LINE=none, with CALLS a second from 0.1 to 100000 and LINE one of \
     app-instance-writes, user-writes, app-instance-describes, user-describes, app-instance-lists, \
     user-lists and all; none alone takes every limit away"
)]
pub struct NotARate;

impl FromStr for GivenRate {
    type Err = NotARate;

    fn from_str(text: &str) -> Result<Self, NotARate> {
        if text == "none" {
            return Ok(Self {
                line: None,
                per_second: None,
            });
        }
        let (name, calls) = text.split_once('=').ok_or(NotARate)?;
        let mut lines = LINES.iter();
        let line = lines.find(|line| line.name == name).ok_or(NotARate)?;
        let per_second = match calls {
            "none" => None,
            calls => {
                let calls: f64 = calls.parse().map_err(|_| NotARate)?;
                let is_meant = (0.1..=100_000.0).contains(&calls);
                Some(is_meant.then_some(calls).ok_or(NotARate)?)
            }
        };
        Ok(Self {
            line: Some(line.name),
            per_second,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str) -> &'static Line {
        LINES.iter().find(|line| line.name == name).unwrap()
    }

    #[test]
    fn an_operation_counts_in_its_own_line_and_in_that_of_all() {
        let names = |operation| {
            lines_of(operation)
                .map(|line| line.name)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names(Operation::CreateAppInstanceUser),
            ["user-writes", "all"]
        );
        assert_eq!(names(Operation::TagResource), ["all"]);
    }

    #[test]
    fn the_published_rates_stand_unless_others_are_given() {
        let given = ["user-writes=100", "all=none"].map(|text| text.parse().unwrap());
        let rates = Rates::default().with(given);
        assert_eq!(rates.of(line("user-writes")), Some(100.0));
        assert_eq!(rates.of(line("user-lists")), Some(10.0));
        assert_eq!(rates.of(line("all")), None);

        let rates = Rates::unlimited().with(["all=200".parse().unwrap()]);
        assert_eq!(rates.of(line("user-writes")), None);
        assert_eq!(rates.of(line("all")), Some(200.0));
    }

    #[test]
    fn every_line_is_named_in_what_a_refused_rate_says() {
        for line in LINES {
            assert!(NotARate.to_string().contains(line.name), "{}", line.name);
            assert!(format!("{}=7.5", line.name).parse::<GivenRate>().is_ok());
        }
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        for text in [
            "",
            "user-writes",
            "users=1",
            "all=",
            "all=0",
            "all=-1",
            "all=NaN",
            "all=inf",
            "all=1e9",
            "=1",
        ] {
            assert_eq!(text.parse::<GivenRate>(), Err(NotARate), "{text}");
        }
    }
}
