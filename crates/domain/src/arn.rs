//! ARNs of every kind that the API takes, each its own type.
//!
//! Holding one means it was well-formed and can stand in an address, not that the thing exists. User
//! ids may hold `:`, so an ARN is split at its first five colons only (API reference, `ChimeArn`).
//!
//! A parser of ARNs does not judge the id behind `app-instance/`, `user/` and `bot/`: it may come
//! from AWS. The rules for ids hold for those that people type, and
//! [`AppInstanceUserArn::is_usual`] says whether one keeps them.

pub use elsewhere::{LexBotAliasArn, PinpointAppArn};
pub use instance::{AppInstanceArn, AppInstanceBotArn, AppInstanceUserArn};
pub use kinds::{MemberArn, ResourceArn};

use crate::account::Region;
use crate::problem::Problem;

/// An ARN of an AppInstance or of something in one.
pub trait Arn {
    /// The AppInstance that the ARN names, or in which the resource is.
    fn instance(&self) -> &AppInstanceArn;

    /// The Region, in which calls about it are made.
    fn region(&self) -> Region {
        self.instance().region()
    }
}

macro_rules! arns {
    ($($name:ident)*) => {
        $(impl Arn for $name {
            fn instance(&self) -> &AppInstanceArn {
                self.instance()
            }
        })*
    };
}

arns! { AppInstanceUserArn AppInstanceBotArn MemberArn ResourceArn }

impl Arn for AppInstanceArn {
    fn instance(&self) -> &AppInstanceArn {
        self
    }
}

/// The longest ARN the API takes, in characters (`ChimeArn`).
pub const MAX_ARN: usize = 1600;

/// The parts of an ARN before the resource.
struct Parts<'a> {
    service: &'a str,
    region: &'a str,
    account: &'a str,
    resource: &'a str,
}

fn split(text: &str) -> Result<Parts<'_>, Problem> {
    let length = text.chars().count();
    if length > MAX_ARN {
        return Err(Problem::TooLong {
            max: 1600,
            actual: u32::try_from(length).unwrap_or(u32::MAX),
        });
    }
    let mut parts = text.splitn(6, ':');
    let mut next = || parts.next().ok_or(Problem::NotAnArn);
    let (arn, partition) = (next()?, next()?);
    let found = Parts {
        service: next()?,
        region: next()?,
        account: next()?,
        resource: next()?,
    };
    // An ARN of another partition names something else, even when the rest is the same: no page of
    // ours may open for it.
    if arn != "arn" || partition != Region::PARTITION || found.resource.is_empty() {
        return Err(Problem::NotAnArn);
    }
    Ok(found)
}

/// Whether an id can stand in a path. A control character cannot, and a browser would walk a step
/// such as `..` instead of sending it.
fn is_readable(id: &str) -> bool {
    !matches!(id, "" | "." | "..") && !id.chars().any(char::is_control)
}

/// An id that the service makes: 1 to 64 of letters, digits and `-`.
fn is_service_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

mod elsewhere;
mod instance;
mod kinds;

#[cfg(test)]
mod tests;
