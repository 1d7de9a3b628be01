//! Tags: unique keys, values that are never empty, at most fifty on a resource.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::problem::Problem;

/// The most tags on one resource (AWS general tagging rules).
pub const MAX_TAGS: u32 = 50;

/// A tag as somebody typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagRow {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
}

/// A valid tag: key of 1 to 128 characters, value of 1 to 256 (`TagKey`, `TagValue`: unlike most
/// of AWS, empty values are refused).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    key: String,
    value: String,
}

impl Tag {
    /// The key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The value.
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tag(…)")
    }
}

/// The tags of one resource, ordered by key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tags(Vec<Tag>);

impl Tags {
    /// Takes rows, skipping the wholly empty ones. Row numbers in problems count from 1.
    pub fn parse(rows: &[TagRow]) -> Result<Self, Problem> {
        let mut found = BTreeMap::new();
        for (row, tag) in (1..).zip(rows) {
            if tag.key.is_empty() && tag.value.is_empty() {
                continue;
            }
            let (key, value) = (tag.key.chars().count(), tag.value.chars().count());
            if !(1..=128).contains(&key) {
                return Err(Problem::TagKey { row });
            }
            if tag
                .key
                .get(..4)
                .is_some_and(|start| start.eq_ignore_ascii_case("aws:"))
            {
                return Err(Problem::ReservedKey { row });
            }
            if !(1..=256).contains(&value) {
                return Err(Problem::TagValue { row });
            }
            if found.insert(tag.key.clone(), tag.value.clone()).is_some() {
                return Err(Problem::DuplicateKey { row });
            }
        }
        let actual = u32::try_from(found.len()).unwrap_or(u32::MAX);
        if actual > MAX_TAGS {
            return Err(Problem::TooManyTags {
                max: MAX_TAGS,
                actual,
            });
        }
        Ok(Self(
            found
                .into_iter()
                .map(|(key, value)| Tag { key, value })
                .collect(),
        ))
    }

    /// Takes what AWS answered, as it is.
    pub fn from_service(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let sorted: BTreeMap<_, _> = pairs.into_iter().collect();
        Self(
            sorted
                .into_iter()
                .map(|(key, value)| Tag { key, value })
                .collect(),
        )
    }

    /// The tags, ordered by key.
    pub fn iter(&self) -> impl Iterator<Item = &Tag> {
        self.0.iter()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As rows to edit.
    pub fn rows(&self) -> Vec<TagRow> {
        self.iter()
            .map(|tag| TagRow {
                key: tag.key.clone(),
                value: tag.value.clone(),
            })
            .collect()
    }

    fn get(&self, key: &str) -> Option<&Tag> {
        self.iter().find(|tag| tag.key == key)
    }

    /// What must happen to get from these tags to `wanted`.
    pub fn diff(&self, wanted: &Self) -> TagDiff {
        let mut diff = TagDiff::default();
        for tag in wanted.iter() {
            match self.get(&tag.key) {
                None => diff.added.push(tag.clone()),
                Some(old) if old.value != tag.value => {
                    diff.changed.push((tag.clone(), old.value.clone()));
                }
                Some(_) => diff.same.push(tag.clone()),
            }
        }
        diff.removed = self
            .iter()
            .filter(|tag| wanted.get(&tag.key).is_none())
            .cloned()
            .collect();
        diff
    }
}

/// The difference between two sets of tags.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagDiff {
    /// Only in the wanted set.
    pub added: Vec<Tag>,
    /// In both with another value; the old value is the second.
    pub changed: Vec<(Tag, String)>,
    /// Only in the present set.
    pub removed: Vec<Tag>,
    /// In both alike.
    pub same: Vec<Tag>,
}

impl TagDiff {
    /// Whether nothing would be done.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }

    /// What TagResource must be given.
    pub fn to_set(&self) -> Tags {
        let changed = self.changed.iter().map(|(tag, _)| tag);
        Tags(self.added.iter().chain(changed).cloned().collect())
    }

    /// What UntagResource must be given.
    pub fn to_remove(&self) -> Vec<String> {
        self.removed.iter().map(|tag| tag.key.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(pairs: &[(&str, &str)]) -> Vec<TagRow> {
        pairs
            .iter()
            .map(|(k, v)| TagRow {
                key: (*k).into(),
                value: (*v).into(),
            })
            .collect()
    }

    #[test]
    fn each_wrong_row_is_named() {
        let parse = |pairs: &[(&str, &str)]| Tags::parse(&rows(pairs)).unwrap_err();
        assert_eq!(parse(&[("a", "")]), Problem::TagValue { row: 1 });
        assert_eq!(parse(&[("a", "1"), ("", "x")]), Problem::TagKey { row: 2 });
        assert_eq!(
            parse(&[("a", "1"), ("a", "2")]),
            Problem::DuplicateKey { row: 2 }
        );
        assert_eq!(parse(&[("AWS:x", "1")]), Problem::ReservedKey { row: 1 });
        assert_eq!(
            parse(&[(&"k".repeat(129), "1")]),
            Problem::TagKey { row: 1 }
        );
        let many: Vec<_> = (0..51)
            .map(|n| TagRow {
                key: format!("k{n}"),
                value: "v".into(),
            })
            .collect();
        assert_eq!(
            Tags::parse(&many),
            Err(Problem::TooManyTags {
                max: 50,
                actual: 51
            })
        );
    }

    #[test]
    fn empty_rows_do_not_count_and_keys_are_case_sensitive() {
        let tags = Tags::parse(&rows(&[("", ""), ("b", "1"), ("a", "2"), ("A", "3")])).unwrap();
        let keys: Vec<_> = tags.iter().map(Tag::key).collect();
        assert_eq!(keys, ["A", "a", "b"]);
    }

    #[test]
    fn the_diff_says_what_to_set_and_what_to_remove() {
        let old = Tags::parse(&rows(&[("a", "1"), ("b", "2"), ("c", "3")])).unwrap();
        let new = Tags::parse(&rows(&[("b", "9"), ("c", "3"), ("d", "4")])).unwrap();
        let diff = old.diff(&new);
        assert_eq!(diff.to_remove(), ["a"]);
        assert_eq!(diff.to_set().rows(), rows(&[("d", "4"), ("b", "9")]));
        assert_eq!(diff.same.len(), 1);
        assert!(old.diff(&old).is_empty());
    }
}
