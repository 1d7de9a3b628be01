//! What is around all rows of a job.

use domain::Region;
use domain::arn::AppInstanceArn;
use serde_json::{Value, json};

/// What is around all rows of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Around<'a> {
    /// The AppInstance that they are in.
    Instance(&'a AppInstanceArn),
    /// The Region of several AppInstances, which are the rows.
    Region(Region),
}

impl<'a> Around<'a> {
    /// The Region.
    pub const fn region(self) -> Region {
        match self {
            Self::Instance(instance) => instance.region(),
            Self::Region(region) => region,
        }
    }

    /// The AppInstance, where it is one.
    pub const fn instance(self) -> Option<&'a AppInstanceArn> {
        match self {
            Self::Instance(instance) => Some(instance),
            Self::Region(_) => None,
        }
    }

    /// The AppInstance as the database has it: empty for several.
    pub(super) fn text(self) -> &'a str {
        self.instance().map_or("", AppInstanceArn::as_str)
    }

    /// What the audit has of a job there, with `detail` beside it.
    pub(super) fn noted(self, mut detail: Value) -> Value {
        let (member, value) = match self {
            Self::Instance(instance) => ("AppInstanceArn", json!(instance)),
            Self::Region(region) => ("Region", json!(region)),
        };
        detail[member] = value;
        detail
    }
}
