//! Whose data a call sees.

/// The account and Region whose data a call sees. Quotas, lists and tokens never cross it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Scope {
    pub(crate) account_id: String,
    pub(crate) region: String,
}
