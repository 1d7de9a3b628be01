//! Checks one row of a file with the constructors of this crate.
//!
//! A cell is never changed to make it fit: a space too many is told, not taken away, since an id with
//! it and without it would be two users.

use std::fmt;
use std::str::FromStr;

use super::{Column, Expires, Fault, Kind, Mapping, RowProblem, Wanted};
use crate::arn::{AppInstanceArn, AppInstanceUserArn, MemberArn, PinpointAppArn};
use crate::name::{DeviceToken, EndpointName, Metadata, UserId, UserName};
use crate::problem::Problem;
use crate::reading::is_seen;
use crate::settings::{Days, EndpointType};
use crate::tag::{TagRow, Tags};

/// A row of a file as it was read, before any rule.
///
/// `Debug` hides the cells: they are names of people, metadata and tokens.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RawRow {
    /// The line in which it begins, counted from 1.
    pub line: u64,
    /// Its cells, in the order of the columns. Of a row that is too long the first ones, and so many
    /// that it shows.
    pub cells: Vec<String>,
    /// What already the reader found wrong with it.
    pub fault: Option<Fault>,
}

impl fmt::Debug for RawRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRow")
            .field("line", &self.line)
            .field("cells", &self.cells.len())
            .field("fault", &self.fault)
            .finish()
    }
}

impl Mapping {
    /// What a row asks for in this AppInstance, or everything that is wrong with it. An empty cell, as
    /// a column that is not there, leaves a value as it is; only the name of a user cannot be empty.
    pub fn check(
        &self,
        row: &RawRow,
        instance: &AppInstanceArn,
    ) -> Result<Wanted, Vec<RowProblem>> {
        if let Some(fault) = row.fault.clone().or_else(|| self.miscounted(row)) {
            return Err(vec![fault.into()]);
        }
        let mut check = Check {
            cells: self.columns().iter().zip(&row.cells).collect(),
            problems: Vec::new(),
        };
        let wanted = match self.kind() {
            Kind::Users => user(&mut check),
            Kind::Admins => admin(&mut check, instance),
            Kind::Endpoints => endpoint(&mut check, instance),
        };
        match wanted {
            Some(wanted) if check.problems.is_empty() => Ok(wanted),
            _ => Err(check.problems),
        }
    }

    fn miscounted(&self, row: &RawRow) -> Option<Fault> {
        let count = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
        let (cells, columns) = (count(row.cells.len()), count(self.columns().len()));
        match cells.cmp(&columns) {
            std::cmp::Ordering::Less => Some(Fault::FewCells { cells, columns }),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(Fault::ManyCells { columns }),
        }
    }
}

fn user(check: &mut Check) -> Option<Wanted> {
    let id = check.required(Column::UserId, user_id);
    let name = if check.has(&Column::Name) {
        check.required(Column::Name, by(UserName::parse))
    } else {
        None
    };
    let metadata = check.optional(Column::Metadata, by(Metadata::parse));
    let expires = check.optional(Column::ExpiresDays, expires);
    let tags = check.tags();
    Some(Wanted::User {
        id: id?,
        name,
        metadata,
        expires,
        tags,
    })
}

fn admin(check: &mut Check, instance: &AppInstanceArn) -> Option<Wanted> {
    let member = check.required(Column::UserId, |text| {
        if !text.starts_with("arn:") {
            let id = user_id(text)?;
            return Ok(MemberArn::User(AppInstanceUserArn::new(instance, &id)));
        }
        let member: MemberArn = exact(text)?;
        if member.instance() == instance {
            Ok(member)
        } else {
            Err(Problem::OtherInstance.into())
        }
    });
    Some(Wanted::Admin { member: member? })
}

fn endpoint(check: &mut Check, instance: &AppInstanceArn) -> Option<Wanted> {
    let user_id = check.required(Column::UserId, user_id);
    let name = check.optional(Column::Name, by(EndpointName::parse));
    let kind = check.required(Column::Type, |text| word(text, Fault::Type));
    let resource_arn = check.required(Column::ResourceArn, |text| {
        no_space_around(text)?;
        Ok(PinpointAppArn::parse_in(text, instance)?)
    });
    let device_token = check.required(Column::DeviceToken, token);
    let voip_device_token = check.optional(Column::VoipDeviceToken, |text| {
        if kind == Some(EndpointType::Gcm) {
            return Err(Problem::VoipNeedsApns.into());
        }
        token(text)
    });
    let allow = |text: &str| word(text, Fault::AllowMessages);
    let allow_messages = check.optional(Column::AllowMessages, allow);
    Some(Wanted::Endpoint {
        user_id: user_id?,
        name,
        r#type: kind?,
        resource_arn: resource_arn?,
        device_token: device_token?,
        voip_device_token,
        allow_messages,
    })
}

/// The cells of a row, and what was found wrong with them.
struct Check<'a> {
    cells: Vec<(&'a Option<Column>, &'a String)>,
    problems: Vec<RowProblem>,
}

impl<'a> Check<'a> {
    fn has(&self, column: &Column) -> bool {
        self.cells
            .iter()
            .any(|(own, _)| own.as_ref() == Some(column))
    }

    /// The text of a cell; empty when there is no such column.
    fn text(&self, column: &Column) -> &'a str {
        let found = self
            .cells
            .iter()
            .find(|(own, _)| own.as_ref() == Some(column));
        found.map_or("", |(_, text)| text)
    }

    /// A value that has to be there. `None` when it was refused.
    fn required<T>(
        &mut self,
        column: Column,
        parse: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        let text = self.text(&column);
        let value = if text.is_empty() {
            Err(Problem::Empty.into())
        } else {
            visible(text).and_then(|()| parse(text))
        };
        self.note(column, value)
    }

    /// A value that may be left as it is. `None` also when it was refused, which is noted.
    fn optional<T>(
        &mut self,
        column: Column,
        parse: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        if self.text(&column).is_empty() {
            return None;
        }
        self.required(column, parse)
    }

    /// The tags that have a value; none when they are too many, which is noted. Their keys were checked
    /// with the mapping.
    fn tags(&mut self) -> Tags {
        let mut rows = Vec::new();
        for (column, value) in self.cells.clone() {
            let Some(Column::Tag(key)) = column else {
                continue;
            };
            if value.is_empty() {
                continue;
            }
            let row = TagRow {
                key: key.clone(),
                value: value.clone(),
            };
            let checked = visible(value).and_then(|()| Ok(tag_value(value)?));
            if self.note(Column::Tag(key.clone()), checked).is_some() {
                rows.push(row);
            }
        }
        Tags::parse(&rows).unwrap_or_else(|problem| {
            self.problems.push(Fault::Value(problem).into());
            Tags::default()
        })
    }

    fn note<T>(&mut self, column: Column, value: Result<T, Fault>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(fault) => {
                self.problems.push(RowProblem {
                    column: Some(column),
                    fault,
                });
                None
            }
        }
    }
}

/// Turns a constructor into one that says what is wrong in the words of a file.
fn by<T>(parse: fn(&str) -> Result<T, Problem>) -> impl FnOnce(&str) -> Result<T, Fault> {
    move |text| Ok(parse(text)?)
}

/// Refuses the null character, which JSON can write and nothing of AWS takes.
fn visible(text: &str) -> Result<(), Fault> {
    match text.chars().position(|letter| letter == '\0') {
        Some(at) => Err(unseen(at, '\0')),
        None => Ok(()),
    }
}

fn unseen(at: usize, letter: char) -> Fault {
    Fault::Unseen {
        position: u32::try_from(at + 1).unwrap_or(u32::MAX),
        code: letter.into(),
    }
}

fn no_space_around(text: &str) -> Result<(), Fault> {
    if text.trim() == text {
        Ok(())
    } else {
        Err(Fault::SpaceAround)
    }
}

fn exact<T: FromStr<Err = Problem>>(text: &str) -> Result<T, Fault> {
    no_space_around(text)?;
    Ok(text.parse()?)
}

/// An id. What cannot be seen is told by its place: between quotation marks it would look right.
fn user_id(text: &str) -> Result<UserId, Fault> {
    no_space_around(text)?;
    let hidden = text
        .chars()
        .enumerate()
        .find(|(_, letter)| !is_seen(*letter));
    if let Some((at, letter)) = hidden {
        return Err(unseen(at, letter));
    }
    Ok(UserId::parse(text)?)
}

fn token(text: &str) -> Result<DeviceToken, Fault> {
    no_space_around(text)?;
    Ok(DeviceToken::parse(text)?)
}

fn word<T: FromStr>(text: &str, otherwise: Fault) -> Result<T, Fault> {
    text.parse().map_err(|_| otherwise)
}

fn expires(text: &str) -> Result<Expires, Fault> {
    if text.eq_ignore_ascii_case("never") {
        return Ok(Expires::Never);
    }
    // `Days` takes `01`, `+1` and spaces as a form may send them. In a file they are the sign of a
    // number that a spreadsheet took for something else.
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    let days = text.parse::<Days>().ok().filter(|_| is_plain);
    days.map(Expires::After).ok_or(Fault::Days)
}

fn tag_value(value: &str) -> Result<(), Problem> {
    let max = 256;
    let actual = u32::try_from(value.chars().count()).unwrap_or(u32::MAX);
    if actual > max {
        return Err(Problem::TooLong { max, actual });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
