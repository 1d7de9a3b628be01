//! The 30 operations of Amazon Chime SDK Identity (service model, API version 2021-04-20).
//!
//! It lists them; `routing` finds the one a request means and `dispatch` runs it.

macro_rules! operations {
    ($($name:ident),* $(,)?) => {
        /// One operation of the service.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Operation { $($name),* }

        impl Operation {
            /// Every operation, in alphabetical order.
            pub(crate) const ALL: &'static [Operation] = &[$(Operation::$name),*];

            /// The name AWS gives it.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Operation::$name => stringify!($name)),* }
            }
        }
    };
}

operations! {
    CreateAppInstance,
    CreateAppInstanceAdmin,
    CreateAppInstanceBot,
    CreateAppInstanceUser,
    DeleteAppInstance,
    DeleteAppInstanceAdmin,
    DeleteAppInstanceBot,
    DeleteAppInstanceUser,
    DeregisterAppInstanceUserEndpoint,
    DescribeAppInstance,
    DescribeAppInstanceAdmin,
    DescribeAppInstanceBot,
    DescribeAppInstanceUser,
    DescribeAppInstanceUserEndpoint,
    GetAppInstanceRetentionSettings,
    ListAppInstanceAdmins,
    ListAppInstanceBots,
    ListAppInstanceUserEndpoints,
    ListAppInstanceUsers,
    ListAppInstances,
    ListTagsForResource,
    PutAppInstanceRetentionSettings,
    PutAppInstanceUserExpirationSettings,
    RegisterAppInstanceUserEndpoint,
    TagResource,
    UntagResource,
    UpdateAppInstance,
    UpdateAppInstanceBot,
    UpdateAppInstanceUser,
    UpdateAppInstanceUserEndpoint,
}

impl Operation {
    /// The operation AWS calls `name`.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|operation| operation.name() == name)
    }
}
