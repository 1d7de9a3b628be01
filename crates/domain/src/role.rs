//! What an operator may do.

use serde::{Deserialize, Serialize};

use crate::operation::{Effect, Operation};

words! {
    /// The role of an operator. Each includes the ones before it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    pub enum Role {
        /// Reads everything, changes nothing.
        Viewer => "Viewer",
        /// Also creates, edits, tags, promotes, registers endpoints and deletes users and bots.
        Operator => "Operator",
        /// Also deletes AppInstances, sets retention and manages operators.
        Admin => "Admin",
    }
    /// The word that people read: `Viewer`.
    fn name, read by str::eq_ignore_ascii_case, else UnknownRole = UnknownRole;
}

impl Role {
    /// The weakest role that may call an operation.
    pub const fn needed_for(operation: Operation) -> Self {
        match operation.effect() {
            Effect::Read => Self::Viewer,
            Effect::Create | Effect::Update | Effect::Destroy => Self::Operator,
            Effect::DestroyInstance => Self::Admin,
        }
    }

    /// The weakest role that may read and export the audit log. A Viewer can already see everything
    /// in it about the resources, and the people who look after a console need to know who changed
    /// it.
    pub const fn needed_for_audit() -> Self {
        Self::Viewer
    }

    /// Whether this role may call an operation.
    pub fn allows(self, operation: Operation) -> bool {
        self >= Self::needed_for(operation)
    }
}

/// Says that a text is not the name of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a role is Viewer, Operator or Admin")]
pub struct UnknownRole;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_viewer_may_only_read_and_only_an_admin_deletes_an_app_instance() {
        for operation in Operation::ALL {
            assert_eq!(
                Role::Viewer.allows(*operation),
                !operation.effect().is_write()
            );
            assert!(Role::Admin.allows(*operation));
        }
        assert!(!Role::Operator.allows(Operation::DeleteAppInstance));
        assert!(Role::Operator.allows(Operation::DeleteAppInstanceUser));
    }
}
