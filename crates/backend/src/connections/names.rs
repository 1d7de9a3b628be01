//! Names of AppInstances as they were last read. A page inside an AppInstance is headed by its
//! name; reading it again for every page would cost a call of AWS each time.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::Timestamp;
use domain::arn::AppInstanceArn;

use crate::clock::Clock;

/// The most names kept; when there are more, all are forgotten.
const CAPACITY: usize = 1000;
/// How long a name is good for, in milliseconds.
const LIFETIME: i64 = 600_000;

/// Names by ARN. For headings only: no decision may depend on them.
pub struct Names {
    clock: Clock,
    known: Mutex<HashMap<AppInstanceArn, (String, Timestamp)>>,
}

impl Names {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            known: Mutex::default(),
        }
    }

    /// Keeps the name that AWS just gave.
    pub fn learn(&self, arn: &AppInstanceArn, name: &str) {
        let until = Timestamp(self.clock.now().0 + LIFETIME);
        let mut known = self.lock();
        if known.len() >= CAPACITY && !known.contains_key(arn) {
            known.clear();
        }
        known.insert(arn.clone(), (name.to_owned(), until));
    }

    /// The name, if it was read lately.
    pub fn get(&self, arn: &AppInstanceArn) -> Option<String> {
        let now = self.clock.now();
        let known = self.lock();
        let (name, until) = known.get(arn)?;
        (*until > now).then(|| name.clone())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AppInstanceArn, (String, Timestamp)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Names(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arn(id: usize) -> AppInstanceArn {
        format!("arn:aws:chime:us-east-1:123456789012:app-instance/{id}")
            .parse()
            .unwrap()
    }

    #[test]
    fn a_name_is_known_for_ten_minutes() {
        let clock = Clock::fixed(Timestamp(0));
        let names = Names::new(clock.clone());
        assert_eq!(names.get(&arn(1)), None);
        names.learn(&arn(1), "Chat");
        clock.advance(LIFETIME - 1);
        assert_eq!(names.get(&arn(1)).as_deref(), Some("Chat"));
        clock.advance(1);
        assert_eq!(names.get(&arn(1)), None);
    }

    #[test]
    fn no_more_names_are_kept_than_there_is_room_for() {
        let names = Names::new(Clock::fixed(Timestamp(0)));
        for id in 0..=CAPACITY {
            names.learn(&arn(id), "Chat");
        }
        assert_eq!(names.lock().len(), 1);
    }
}
