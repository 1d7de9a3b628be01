//! Which parts of the connection an operator's role covers, for pages that offer only those.
//!
//! Pages use it to leave things out or to say why; every call is checked again where it is made.

use domain::arn::AppInstanceArn;
use domain::grant::Limit;
use domain::{Cause, Failure, Grant, Region};

use crate::request::Request;

/// What a list says when it leaves out what the role does not cover.
pub const ONLY_COVERED: &str = "Only what your role covers";

impl Request {
    /// The Regions of the connection in which anything is covered, in its order.
    pub fn regions(&self) -> Vec<Region> {
        let connection = self.connection();
        let touches = |region: &Region| {
            self.caller()
                .is_ok_and(|caller| caller.grant.touches(&connection.id, *region))
        };
        connection.regions.iter().copied().filter(touches).collect()
    }

    /// Whether all of a Region is covered, and not only AppInstances in it.
    pub fn covers_region(&self, region: Region) -> bool {
        let slug = &self.connection().id;
        self.caller()
            .is_ok_and(|caller| caller.grant.covers(slug, region, None))
    }

    /// Answers 404 for an AppInstance outside the operator's scope, so that its existence is not
    /// revealed.
    pub fn stay_inside(&self, instance: &AppInstanceArn) -> Result<(), Failure> {
        let slug = &self.connection().id;
        let grant = &self.caller()?.grant;
        if grant.covers(slug, instance.region(), Some(instance)) {
            return Ok(());
        }
        Err(Cause::NoSuchPage.into())
    }
}

/// What a grant covers, in words: `Everything`, `embedded/us-east-1 and 2 AppInstances`.
pub fn words(grant: &Grant) -> String {
    if grant.is_everything() {
        return "Everything".to_owned();
    }
    let is_instance = |limit: &&Limit| matches!(limit, Limit::AppInstance(..));
    let places = grant.limits().iter().filter(|limit| !is_instance(limit));
    let mut parts: Vec<String> = places.map(ToString::to_string).collect();
    match grant.limits().iter().filter(is_instance).count() {
        0 => {}
        1 => parts.push("1 AppInstance".to_owned()),
        count => parts.push(format!("{count} AppInstances")),
    }
    let Some(last) = parts.pop() else {
        return "Nothing".to_owned();
    };
    if parts.is_empty() {
        return last;
    }
    format!("{} and {last}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_in_words_names_places_and_counts_app_instances() {
        let arn = |id: u8| format!("arn:aws:chime:us-east-1:123456789012:app-instance/{id}");
        let said = |lines: &[String]| words(&lines.join("\n").parse().unwrap());
        assert_eq!(said(&["*".to_owned()]), "Everything");
        assert_eq!(said(&["main".to_owned()]), "main");
        assert_eq!(said(&[arn(1)]), "1 AppInstance");
        let three = [
            "main/us-east-1".to_owned(),
            arn(1),
            "other".to_owned(),
            arn(2),
        ];
        assert_eq!(said(&three), "main/us-east-1, other and 2 AppInstances");
    }
}
