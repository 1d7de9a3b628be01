//! What each column of a file is: found by its name, or chosen by an operator.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Column, FileProblem, Kind, shortened};
use crate::problem::Problem;
use crate::tag::{TagRow, Tags};

/// For each column of a file, in order, what it holds; `None` leaves it out. Can be stored: it says
/// nothing of the rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    kind: Kind,
    columns: Vec<Option<Column>>,
}

/// What is wrong with a mapping. Columns of the file are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the message of each says what it is")]
pub enum MappingProblem {
    #[error("Columns {first} and {second} are both {}. Leave one of them out.", short(.column))]
    Twice {
        column: Column,
        first: u32,
        second: u32,
    },
    #[error("No column is {column}. Choose the column that has it, or add one to the file.")]
    Missing { column: Column },
    #[error("Column {at} cannot be {}: {kind} have none. Leave it out.", short(.column))]
    NotOfKind { column: Column, kind: Kind, at: u32 },
    #[error(
        "The tag key of column {at} has to have 1 to 128 characters. Rename the column, or leave it out."
    )]
    TagKey { at: u32 },
    #[error(
        "The tag key of column {at} begins with “aws:”, which AWS keeps for itself. Leave it out."
    )]
    ReservedKey { at: u32 },
    #[error("The file has {actual} columns and {chosen} were chosen. Choose anew for each column.")]
    Count { actual: u32, chosen: u32 },
}

fn short(column: &Column) -> String {
    shortened(&column.to_string())
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

/// Why nobody can set a tag with this key.
fn unsettable(key: &str) -> Option<Problem> {
    let row = TagRow {
        key: key.to_owned(),
        value: "-".to_owned(),
    };
    Tags::parse(&[row]).err()
}

impl Mapping {
    /// Finds what the columns are by their names. One with an unknown name is left out, and so is one
    /// with a tag that nobody can set: an export has the tags of AWS itself. Fails when no name is
    /// known: then the first row is no heading.
    pub fn found(kind: Kind, names: &[String]) -> Result<Self, FileProblem> {
        let find = |name: &String| {
            let column = Column::found(kind, name)?;
            match &column {
                Column::Tag(key) if unsettable(key).is_some() => None,
                _ => Some(column),
            }
        };
        let columns: Vec<_> = names.iter().map(find).collect();
        if columns.iter().all(Option::is_none) {
            return Err(FileProblem::NoHeading { kind });
        }
        Ok(Self { kind, columns })
    }

    /// What an operator chose for each column, right or wrong: [`Mapping::problems`] says which.
    pub const fn of(kind: Kind, columns: Vec<Option<Column>>) -> Self {
        Self { kind, columns }
    }

    /// Takes what an operator chose for each of the `actual` columns of the file, or says everything
    /// that is wrong with it.
    pub fn chosen(
        kind: Kind,
        columns: Vec<Option<Column>>,
        actual: usize,
    ) -> Result<Self, Vec<MappingProblem>> {
        let mapping = Self { kind, columns };
        let mut problems = mapping.problems();
        if mapping.columns.len() != actual {
            problems.push(MappingProblem::Count {
                actual: count(actual),
                chosen: count(mapping.columns.len()),
            });
        }
        if problems.is_empty() {
            Ok(mapping)
        } else {
            Err(problems)
        }
    }

    /// Everything that is wrong with it. A mapping that was found may have problems too: two columns
    /// can have names for the same thing.
    pub fn problems(&self) -> Vec<MappingProblem> {
        let mut problems = Vec::new();
        let mut seen = BTreeMap::new();
        for (at, column) in (1..).zip(&self.columns) {
            let Some(column) = column else { continue };
            if let Some(first) = seen.insert(column, at) {
                problems.push(MappingProblem::Twice {
                    column: column.clone(),
                    first,
                    second: at,
                });
            }
            if !column.is_of(self.kind) {
                problems.push(MappingProblem::NotOfKind {
                    column: column.clone(),
                    kind: self.kind,
                    at,
                });
            }
            if let Column::Tag(key) = column {
                problems.extend(unsettable(key).map(|problem| match problem {
                    Problem::ReservedKey { .. } => MappingProblem::ReservedKey { at },
                    _ => MappingProblem::TagKey { at },
                }));
            }
        }
        let required = Column::required(self.kind).iter();
        let missing = required.filter(|column| !seen.contains_key(column));
        problems.extend(missing.map(|column| MappingProblem::Missing {
            column: column.clone(),
        }));
        problems
    }

    /// What the rows of the file are.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// What each column of the file holds.
    pub fn columns(&self) -> &[Option<Column>] {
        &self.columns
    }

    /// Whether some column of the file has this.
    pub fn has(&self, column: &Column) -> bool {
        self.columns.iter().flatten().any(|own| own == column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn tag(key: &str) -> Column {
        Column::Tag(key.to_owned())
    }

    #[test]
    fn columns_are_found_by_name_and_the_others_left_out() {
        let names = names(&["ID", "Display name", "email", "tag:team", "tag:aws:x", ""]);
        let mapping = Mapping::found(Kind::Users, &names).unwrap();
        assert_eq!(
            mapping.columns(),
            [
                Some(Column::UserId),
                Some(Column::Name),
                None,
                Some(tag("team")),
                None,
                None
            ]
        );
        assert_eq!(mapping.problems(), []);
        assert!(mapping.has(&Column::Name) && !mapping.has(&Column::Metadata));
    }

    #[test]
    fn a_first_row_without_a_known_name_is_no_heading() {
        for first in [&["alice", "Alice A."][..], &[], &[""]] {
            assert_eq!(
                Mapping::found(Kind::Users, &names(first)),
                Err(FileProblem::NoHeading { kind: Kind::Users })
            );
        }
    }

    #[test]
    fn each_wrong_choice_is_told() {
        let all = [
            Some(Column::Name),
            Some(Column::Name),
            Some(Column::Type),
            Some(tag("")),
            Some(tag("aws:x")),
        ];
        let problems = Mapping::chosen(Kind::Users, all.to_vec(), 5).unwrap_err();
        assert_eq!(
            problems,
            [
                MappingProblem::Twice {
                    column: Column::Name,
                    first: 1,
                    second: 2
                },
                MappingProblem::NotOfKind {
                    column: Column::Type,
                    kind: Kind::Users,
                    at: 3
                },
                MappingProblem::TagKey { at: 4 },
                MappingProblem::ReservedKey { at: 5 },
                MappingProblem::Missing {
                    column: Column::UserId
                },
            ]
        );
        assert_eq!(
            problems[0].to_string(),
            "Columns 1 and 2 are both name. Leave one of them out."
        );
        assert_eq!(
            problems[1].to_string(),
            "Column 3 cannot be type: users have none. Leave it out."
        );
        let too_few = Mapping::chosen(Kind::Users, vec![Some(Column::UserId)], 2);
        let count = MappingProblem::Count {
            actual: 2,
            chosen: 1,
        };
        assert_eq!(too_few, Err(vec![count]));
    }

    #[test]
    fn two_names_for_one_thing_are_a_problem_of_what_was_found() {
        let mapping = Mapping::found(Kind::Users, &names(&["id", "User ID"])).unwrap();
        assert_eq!(mapping.problems().len(), 1);
    }

    #[test]
    fn a_mapping_is_stored_and_read_back() {
        let columns = vec![Some(Column::UserId), None, Some(tag("Team: ä"))];
        let mapping = Mapping::chosen(Kind::Users, columns, 3).unwrap();
        let json = serde_json::to_string(&mapping).unwrap();
        assert_eq!(
            json,
            r#"{"kind":"users","columns":["user_id",null,"tag:Team: ä"]}"#
        );
        assert_eq!(serde_json::from_str::<Mapping>(&json).unwrap(), mapping);
    }
}
