//! Tags: unique keys, values that are never empty, at most fifty on a resource.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::problem::Problem;

/// The most tags on one resource (AWS general tagging rules).
pub const MAX_TAGS: u32 = 50;

/// A tag as somebody typed it, before any rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagRow {
    /// The key as it was typed.
    pub key: String,
    /// The value as it was typed.
    pub value: String,
}

/// A tag. One that somebody made has a key of 1 to 128 characters and a value of 1 to 256
/// (`TagKey`, `TagValue`: unlike most of AWS, empty values are refused). One that was read is as it
/// came.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    key: String,
    value: String,
}

impl Tag {
    /// The key: 1 to 128 characters, unless AWS gave another one.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The value: 1 to 256 characters, unless AWS gave another one.
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tag(…)")
    }
}

/// Whether AWS keeps a key for itself.
fn is_reserved(key: &str) -> bool {
    key.get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("aws:"))
}

/// The tags of one resource, ordered by key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tags(Vec<Tag>);

impl Tags {
    /// Takes rows, skipping the wholly empty ones. Row numbers in problems count from 1.
    pub fn parse(rows: &[TagRow]) -> Result<Self, Problem> {
        Self::default().edited(rows)
    }

    /// The tags after an edit, from rows that were made from these tags. A row that AWS gave and
    /// nobody changed stays, even when it breaks the rules: only what is new is sent.
    pub fn edited(&self, rows: &[TagRow]) -> Result<Self, Problem> {
        let mut kept: Vec<Tag> = self.reserved().cloned().collect();
        let mut found = BTreeMap::new();
        for (row, tag) in (1..).zip(rows) {
            if tag.key.is_empty() && tag.value.is_empty() {
                continue;
            }
            let is_as_read = |old: &&Tag| old.key == tag.key && old.value == tag.value;
            if let Some(old) = self.iter().find(is_as_read) {
                if kept.contains(old) || found.contains_key(&tag.key) {
                    return Err(Problem::DuplicateKey { row });
                }
                kept.push(old.clone());
                continue;
            }
            let (key, value) = (tag.key.chars().count(), tag.value.chars().count());
            if !(1..=128).contains(&key) {
                return Err(Problem::TagKey { row });
            }
            if is_reserved(&tag.key) {
                return Err(Problem::ReservedKey { row });
            }
            if !(1..=256).contains(&value) {
                return Err(Problem::TagValue { row });
            }
            let is_kept = kept.iter().any(|old| old.key == tag.key);
            if is_kept || found.insert(tag.key.clone(), tag.value.clone()).is_some() {
                return Err(Problem::DuplicateKey { row });
            }
        }
        let is_grown = !found.is_empty() && kept.len() + found.len() > MAX_TAGS as usize;
        if is_grown {
            return Err(Problem::TooManyTags {
                max: MAX_TAGS,
                actual: u32::try_from(kept.len() + found.len()).unwrap_or(u32::MAX),
            });
        }
        let found = found.into_iter().map(|(key, value)| Tag { key, value });
        Ok(Self::sorted(kept.into_iter().chain(found).collect()))
    }

    /// Takes the tags that AWS answered, without checking them.
    pub fn from_service(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let tag = |(key, value)| Tag { key, value };
        Self::sorted(pairs.into_iter().map(tag).collect())
    }

    fn sorted(mut tags: Vec<Tag>) -> Self {
        tags.sort_by(|one, other| one.key.cmp(&other.key));
        Self(tags)
    }

    /// The tags that AWS keeps for itself, which nobody can change.
    pub fn reserved(&self) -> impl Iterator<Item = &Tag> {
        self.iter().filter(|tag| is_reserved(&tag.key))
    }

    /// The tags, ordered by key.
    pub fn iter(&self) -> impl Iterator<Item = &Tag> {
        self.0.iter()
    }

    /// How many tags there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no tag.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As rows to edit: all but those that AWS keeps for itself.
    pub fn rows(&self) -> Vec<TagRow> {
        self.iter()
            .filter(|tag| !is_reserved(&tag.key))
            .map(|tag| TagRow {
                key: tag.key.clone(),
                value: tag.value.clone(),
            })
            .collect()
    }

    fn get(&self, key: &str) -> Option<&Tag> {
        self.iter().find(|tag| tag.key == key)
    }

    /// What must be set and removed to turn these tags into `wanted`.
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
    /// Tags whose key only the wanted set has.
    pub added: Vec<Tag>,
    /// Tags whose key both sets have, with another value; the old value is the second.
    pub changed: Vec<(Tag, String)>,
    /// Tags whose key only the present set has.
    pub removed: Vec<Tag>,
    /// Tags that both sets have with the same value.
    pub same: Vec<Tag>,
}

impl TagDiff {
    /// Whether the two sets are equal, so that nothing has to be done.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }

    /// The tags to give to TagResource.
    pub fn to_set(&self) -> Tags {
        let changed = self.changed.iter().map(|(tag, _)| tag);
        Tags(self.added.iter().chain(changed).cloned().collect())
    }

    /// The keys to give to UntagResource.
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
    fn tags_that_aws_gave_stay_whatever_the_rules_say() {
        let given = [
            ("aws:cloudformation:stack-name", "chat"),
            ("team", ""),
            ("", "x"),
        ];
        let old = Tags::from_service(given.map(|(key, value)| (key.into(), value.into())));
        let shown = old.rows();
        assert!(shown.iter().all(|row| !row.key.starts_with("aws:")));
        assert_eq!(old.edited(&shown), Ok(old.clone()));

        let added = [shown.as_slice(), &rows(&[("b", "1")])].concat();
        let diff = old.diff(&old.edited(&added).unwrap());
        assert_eq!(diff.to_set().rows(), rows(&[("b", "1")]));
        assert!(diff.removed.is_empty());
        let changed = rows(&[("team", "x".repeat(257).as_str())]);
        assert_eq!(old.edited(&changed), Err(Problem::TagValue { row: 1 }));
        let taken = rows(&[("aws:cloudformation:stack-name", "mine")]);
        assert_eq!(old.edited(&taken), Err(Problem::ReservedKey { row: 1 }));
    }

    #[test]
    fn more_tags_than_there_can_be_may_become_fewer_and_not_more() {
        let many = (0..60).map(|n| (format!("k{n:02}"), "v".to_owned()));
        let old = Tags::from_service(many);
        let (all, fewer) = (old.rows(), &old.rows()[..55]);
        assert_eq!(old.edited(fewer).map(|tags| tags.len()), Ok(55));
        let more = [all.as_slice(), &rows(&[("new", "v")])].concat();
        assert_eq!(
            old.edited(&more),
            Err(Problem::TooManyTags {
                max: 50,
                actual: 61
            })
        );
    }

    #[test]
    fn no_tag_is_lost_when_aws_gives_a_key_twice() {
        let twice = [("a", "1"), ("a", "2")].map(|(key, value)| (key.into(), value.into()));
        assert_eq!(Tags::from_service(twice).len(), 2);
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
