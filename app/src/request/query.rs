//! The query of a page's address.

use super::Request;
use crate::paths::with_query;

impl Request {
    /// A value of the query; nothing for an empty one.
    pub fn query(&self, name: &str) -> Option<String> {
        let mut named = self.pairs().filter(|(key, _)| key == name);
        named
            .find(|(_, value)| !value.is_empty())
            .map(|(_, value)| value)
    }

    /// Every value of the query with this name.
    pub fn query_all(&self, name: &str) -> Vec<String> {
        let named = self.pairs().filter(|(key, _)| key == name);
        named.map(|(_, value)| value).collect()
    }

    /// This page's address with some values of the query set or, by an empty value, removed.
    pub fn with_query(&self, changes: &[(&str, &str)]) -> String {
        let stays =
            |name: &str| name != "draft" && changes.iter().all(|(changed, _)| *changed != name);
        let kept = self.pairs().filter(|(name, _)| stays(name));
        let set = changes
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let pairs: Vec<_> = kept.chain(set).collect();
        with_query(self.path(), &pairs)
    }

    fn pairs(&self) -> impl Iterator<Item = (String, String)> {
        let query = self.parts.uri.query().unwrap_or_default();
        form_urlencoded::parse(query.as_bytes()).into_owned()
    }
}
