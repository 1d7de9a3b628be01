//! What an operator's role covers: everything, or parts of the connections.
//!
//! It says what is covered, not what the role allows there ([`crate::Role`]). It does not look
//! whether a connection or AppInstance that it names exists.

use std::fmt;
use std::str::FromStr;

use crate::account::Region;
use crate::arn::AppInstanceArn;
use crate::connection::ConnectionId;
use crate::problem::Problem;

#[cfg(test)]
mod tests;

/// The most limits of one operator.
pub const MAX_LIMITS: usize = 100;

/// The text of [`Grant::EVERYTHING`]. No connection can be called this.
const EVERYTHING: &str = "*";

/// One part of the connections that a role covers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// All of a connection.
    Connection(ConnectionId),
    /// One Region of a connection.
    Region(ConnectionId, Region),
    /// One AppInstance with what is in it. Its ARN tells account and Region. A limit without a
    /// connection, as the command line and older versions make them, holds for the connection that
    /// has it.
    AppInstance(Option<ConnectionId>, AppInstanceArn),
}

impl Limit {
    /// The same limit, with this connection where it names none.
    #[must_use]
    pub fn by(self, connection: &ConnectionId) -> Self {
        match self {
            Self::AppInstance(None, arn) => Self::AppInstance(Some(connection.clone()), arn),
            named => named,
        }
    }

    fn covers(
        &self,
        connection: &ConnectionId,
        region: Region,
        instance: Option<&AppInstanceArn>,
    ) -> bool {
        match self {
            Self::Connection(of) => of == connection,
            Self::Region(of, covered) => of == connection && *covered == region,
            Self::AppInstance(of, arn) => {
                of.as_ref().is_none_or(|of| of == connection)
                    && arn.region() == region
                    && instance == Some(arn)
            }
        }
    }

    fn touches(&self, connection: &ConnectionId, region: Region) -> bool {
        match self {
            Self::AppInstance(of, arn) => {
                of.as_ref().is_none_or(|of| of == connection) && arn.region() == region
            }
            whole => whole.covers(connection, region, None),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connection(connection) => write!(f, "{connection}"),
            Self::Region(connection, region) => write!(f, "{connection}/{region}"),
            Self::AppInstance(Some(connection), arn) => write!(f, "{connection} {arn}"),
            Self::AppInstance(None, arn) => write!(f, "{arn}"),
        }
    }
}

/// Says that a text is none of the three kinds of limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a limit is CONNECTION, CONNECTION/REGION or CONNECTION ARN, with the ARN of an AppInstance"
)]
pub struct NotALimit;

impl FromStr for Limit {
    type Err = NotALimit;

    fn from_str(text: &str) -> Result<Self, NotALimit> {
        if text.starts_with("arn:") {
            let arn = text.parse().map_err(|_| NotALimit)?;
            return Ok(Self::AppInstance(None, arn));
        }
        if let Some((connection, arn)) = text.split_once(' ') {
            let connection = connection.parse().map_err(|_| NotALimit)?;
            let arn = arn.trim_start().parse().map_err(|_| NotALimit)?;
            return Ok(Self::AppInstance(Some(connection), arn));
        }
        let connection = |text: &str| text.parse().map_err(|_| NotALimit);
        match text.split_once('/') {
            Some((name, region)) => {
                let region = region.parse().map_err(|_| NotALimit)?;
                Ok(Self::Region(connection(name)?, region))
            }
            None => connection(text).map(Self::Connection),
        }
    }
}

/// What a role covers.
///
/// ```
/// use domain::{ConnectionId, Region, grant::Grant};
/// let grant: Grant = "main/us-east-1".parse().unwrap();
/// let main: ConnectionId = "main".parse().unwrap();
/// assert!(grant.covers(&main, Region::UsEast1, None));
/// assert!(!grant.covers(&main, Region::EuCentral1, None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Grant(Option<Vec<Limit>>);

impl Grant {
    /// No limits.
    pub const EVERYTHING: Self = Self(None);

    /// A grant that covers what at least one of the limits covers: 1 to [`MAX_LIMITS`] limits,
    /// equal ones counted once.
    pub fn limited(limits: impl IntoIterator<Item = Limit>) -> Result<Self, Problem> {
        let mut kept: Vec<Limit> = Vec::new();
        for limit in limits {
            if !kept.contains(&limit) {
                kept.push(limit);
            }
        }
        if kept.is_empty() {
            return Err(Problem::Empty);
        }
        if kept.len() > MAX_LIMITS {
            return Err(Problem::TooManyLimits {
                max: u32::try_from(MAX_LIMITS).unwrap_or(u32::MAX),
                actual: u32::try_from(kept.len()).unwrap_or(u32::MAX),
            });
        }
        Ok(Self(Some(kept)))
    }

    /// Reads limits as somebody types them: one a line, empty lines left out. Each line that cannot
    /// be read is a problem of its own.
    pub fn parse_lines(text: &str) -> Result<Self, Vec<Problem>> {
        let (mut limits, mut problems) = (Vec::new(), Vec::new());
        for (row, line) in (1..).zip(text.lines()) {
            match line.trim() {
                "" => {}
                line => match line.parse() {
                    Ok(limit) => limits.push(limit),
                    Err(NotALimit) => problems.push(Problem::NotALimit { row }),
                },
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Self::limited(limits).map_err(|problem| vec![problem])
    }

    /// Reads limits as they are stored. A line that this version cannot read covers nothing, and
    /// the operator stays limited, if need be to nothing.
    pub fn kept(text: &str) -> Self {
        if text == EVERYTHING {
            return Self::EVERYTHING;
        }
        let limits = text.lines().filter_map(|line| line.parse().ok());
        Self(Some(limits.collect()))
    }

    /// The same grant, with this connection where a limit names none.
    #[must_use]
    pub fn by(&self, connection: &ConnectionId) -> Self {
        let limits = self.0.as_ref().map(|limits| limits.iter().cloned());
        Self(limits.map(|limits| limits.map(|limit| limit.by(connection)).collect()))
    }

    /// The limits; empty when everything is covered, or nothing.
    pub fn limits(&self) -> &[Limit] {
        self.0.as_deref().unwrap_or_default()
    }

    /// Whether there are no limits.
    pub const fn is_everything(&self) -> bool {
        self.0.is_none()
    }

    /// Whether an AppInstance and what is in it are covered; without one, all of the Region.
    pub fn covers(
        &self,
        connection: &ConnectionId,
        region: Region,
        instance: Option<&AppInstanceArn>,
    ) -> bool {
        let covers = |limit: &Limit| limit.covers(connection, region, instance);
        self.is_everything() || self.limits().iter().any(covers)
    }

    /// Whether at least a part of a Region of a connection is covered.
    pub fn touches(&self, connection: &ConnectionId, region: Region) -> bool {
        let touches = |limit: &Limit| limit.touches(connection, region);
        self.is_everything() || self.limits().iter().any(touches)
    }

    /// The AppInstances of a Region that are covered by name.
    pub fn instances_in<'a>(
        &'a self,
        connection: &'a ConnectionId,
        region: Region,
    ) -> impl Iterator<Item = &'a AppInstanceArn> {
        let touched = move |limit: &&Limit| limit.touches(connection, region);
        let named = self.limits().iter().filter(touched);
        named.filter_map(|limit| match limit {
            Limit::AppInstance(_, arn) => Some(arn),
            Limit::Connection(_) | Limit::Region(..) => None,
        })
    }
}

/// One limit a line, or `*` for everything.
impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_everything() {
            return f.write_str(EVERYTHING);
        }
        for (at, limit) in self.limits().iter().enumerate() {
            let line_end = if at == 0 { "" } else { "\n" };
            write!(f, "{line_end}{limit}")?;
        }
        Ok(())
    }
}

impl FromStr for Grant {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        if text == EVERYTHING {
            return Ok(Self::EVERYTHING);
        }
        Self::parse_lines(text)
            .map_err(|problems| problems.into_iter().next().unwrap_or(Problem::Empty))
    }
}
