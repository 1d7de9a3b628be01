//! How fast a job may go, why, and how long that takes.

use std::time::Duration;

use backend::Pace;
use domain::rate::Per;

use crate::ui::job::{counted, number};

/// `about 3 min`, from seconds.
pub(super) fn about(seconds: u64) -> String {
    match seconds {
        0..45 => "less than a minute".to_owned(),
        45..5400 => format!("about {} min", (seconds + 30) / 60),
        _ => format!("about {} h", (seconds + 1800) / 3600),
    }
}

/// A rate without digits that say nothing: `8`, `0.4`.
pub(super) fn rate(rate: f64) -> String {
    if rate >= 10.0 || (rate - rate.round()).abs() < 0.05 {
        format!("{rate:.0}")
    } else {
        format!("{rate:.1}")
    }
}

/// How long some calls take at the present rate.
pub(super) fn takes(calls: u64, pace: Option<&Pace>) -> String {
    let calls_text = counted(calls, "call", "calls");
    match pace.filter(|pace| pace.present > 0.0) {
        None => calls_text,
        Some(pace) => {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "an estimate"
            )]
            let seconds = (calls as f64 / pace.present).ceil() as u64;
            format!("{calls_text}, {} at the present rate", about(seconds))
        }
    }
}

/// What limits the rate, and what to do about it.
pub(super) fn why(pace: Option<&Pace>) -> String {
    let Some(pace) = pace else {
        return "Nothing limits the rate of calls on this connection.".to_owned();
    };
    let of = match pace.line.per {
        Per::Account => "the account in this Region",
        Per::AppInstance => "this AppInstance",
        Per::User => "each user",
    };
    let (present, whole) = (rate(pace.present), rate(pace.rate));
    let what = words(pace.line.name);
    let limit = format!(
        "At most {present} calls a second now, of the {whole} that AWS takes for {what} of {of}. \
         People at work in the console go first."
    );
    match pace.lowered {
        None => limit,
        Some(since) => format!(
            "{limit} AWS asked for fewer calls {} ago; the rate rises again by itself.",
            ago(since)
        ),
    }
}

/// The name of a line as people read it: `user writes`.
fn words(line: &str) -> String {
    match line {
        "all" => "all calls".to_owned(),
        line => line
            .replace("app-instance", "AppInstance")
            .replace('-', " "),
    }
}

fn ago(since: Duration) -> String {
    match since.as_secs() {
        0..120 => counted(since.as_secs(), "second", "seconds"),
        seconds => format!("{} min", number(seconds / 60)),
    }
}

#[cfg(test)]
mod tests {
    use domain::rate::LINES;

    use super::*;

    fn pace(lowered: Option<Duration>) -> Pace {
        Pace {
            line: LINES
                .iter()
                .find(|line| line.name == "user-writes")
                .unwrap(),
            rate: 10.0,
            present: 8.0,
            lowered,
        }
    }

    #[test]
    fn a_time_is_told_as_roughly_as_it_is_known() {
        assert_eq!(about(3), "less than a minute");
        assert_eq!(about(196), "about 3 min");
        assert_eq!(about(7200), "about 2 h");
        assert_eq!(
            takes(412, Some(&pace(None))),
            "412 calls, about 1 min at the present rate"
        );
        assert_eq!(takes(1, None), "1 call");
    }

    #[test]
    fn the_rate_says_what_limits_it() {
        let told = why(Some(&pace(None)));
        let limit = "At most 8 calls a second now, of the 10 that AWS takes for user writes of this AppInstance.";
        assert!(told.starts_with(limit), "{told}");
        assert!(!told.contains("AWS asked"), "{told}");
        let lowered = why(Some(&pace(Some(Duration::from_secs(12)))));
        assert!(
            lowered.contains("AWS asked for fewer calls 12 seconds ago"),
            "{lowered}"
        );
        assert!(why(None).contains("Nothing limits"));
        assert_eq!(rate(0.4), "0.4");
    }
}
