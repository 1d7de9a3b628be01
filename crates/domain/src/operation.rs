//! The list of everything Chime SDK Identity can do: one row per operation.
//!
//! Roles, audit, confirmation, the IAM policy, "As code", and the coverage tests follow from it.

use serde::{Deserialize, Serialize};

/// What an operation does to the data, which decides who may call it and how it is confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Effect {
    /// Changes nothing.
    Read,
    /// Makes something new.
    Create,
    /// Changes something that exists, and can be set back.
    Update,
    /// Removes something, or changes it in a way that deletes data.
    Destroy,
    /// Removes an AppInstance with everything in it, or sets how long messages are kept.
    DestroyInstance,
}

impl Effect {
    /// Whether the operation changes data.
    pub const fn is_write(self) -> bool {
        !matches!(self, Self::Read)
    }
}

macro_rules! operations {
    ($dollar:tt $($variant:ident => $effect:ident, $method:ident, $label:literal;)*) => {
        words! {
            /// An operation of Chime SDK Identity (API version 2021-04-20). They stand in the order
            /// of the API reference.
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
            #[expect(missing_docs, reason = "the names are the API's own; `label` says what each does")]
            pub enum Operation { $($variant => stringify!($variant)),* }
            /// The name as the API writes it: `CreateAppInstance`.
            fn name, read by str::eq, else UnknownOperation = UnknownOperation;
        }

        impl Operation {
            /// What the operation does to the data, which decides its role and its confirmation.
            pub const fn effect(self) -> Effect {
                match self { $(Self::$variant => Effect::$effect),* }
            }

            /// The name as SDK methods write it: `create_app_instance`.
            pub const fn method(self) -> &'static str {
                match self { $(Self::$variant => stringify!($method)),* }
            }

            /// What an operator reads: `Create AppInstance`.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),* }
            }

            /// The IAM action that allows it (Service Authorization Reference, prefix `chime`).
            pub const fn iam_action(self) -> &'static str {
                match self { $(Self::$variant => concat!("chime:", stringify!($variant))),* }
            }
        }

        /// Hands every operation to a macro, as its name and its method:
        /// `CreateAppInstance create_app_instance; …`. Code that must not forget an operation is
        /// written with it.
        #[macro_export]
        macro_rules! for_each_operation {
            ($dollar callback:ident) => {
                $dollar callback! { $($variant $method;)* }
            };
        }
    };
}

operations! { $
    CreateAppInstance => Create, create_app_instance, "Create AppInstance";
    CreateAppInstanceAdmin => Update, create_app_instance_admin, "Promote to admin";
    CreateAppInstanceBot => Create, create_app_instance_bot, "Create AppInstanceBot";
    CreateAppInstanceUser => Create, create_app_instance_user, "Create AppInstanceUser";
    DeleteAppInstance => DestroyInstance, delete_app_instance, "Delete AppInstance";
    DeleteAppInstanceAdmin => Update, delete_app_instance_admin, "Demote admin";
    DeleteAppInstanceBot => Destroy, delete_app_instance_bot, "Delete AppInstanceBot";
    DeleteAppInstanceUser => Destroy, delete_app_instance_user, "Delete AppInstanceUser";
    DeregisterAppInstanceUserEndpoint => Destroy, deregister_app_instance_user_endpoint, "Deregister endpoint";
    DescribeAppInstance => Read, describe_app_instance, "Describe AppInstance";
    DescribeAppInstanceAdmin => Read, describe_app_instance_admin, "Describe admin";
    DescribeAppInstanceBot => Read, describe_app_instance_bot, "Describe AppInstanceBot";
    DescribeAppInstanceUser => Read, describe_app_instance_user, "Describe AppInstanceUser";
    DescribeAppInstanceUserEndpoint => Read, describe_app_instance_user_endpoint, "Describe endpoint";
    GetAppInstanceRetentionSettings => Read, get_app_instance_retention_settings, "Get retention settings";
    ListAppInstanceAdmins => Read, list_app_instance_admins, "List admins";
    ListAppInstanceBots => Read, list_app_instance_bots, "List AppInstanceBots";
    ListAppInstanceUserEndpoints => Read, list_app_instance_user_endpoints, "List endpoints";
    ListAppInstanceUsers => Read, list_app_instance_users, "List AppInstanceUsers";
    ListAppInstances => Read, list_app_instances, "List AppInstances";
    ListTagsForResource => Read, list_tags_for_resource, "List tags";
    PutAppInstanceRetentionSettings => DestroyInstance, put_app_instance_retention_settings, "Set retention";
    PutAppInstanceUserExpirationSettings => Update, put_app_instance_user_expiration_settings, "Set expiration";
    RegisterAppInstanceUserEndpoint => Create, register_app_instance_user_endpoint, "Register endpoint";
    TagResource => Update, tag_resource, "Tag resource";
    UntagResource => Update, untag_resource, "Untag resource";
    UpdateAppInstance => Update, update_app_instance, "Update AppInstance";
    UpdateAppInstanceBot => Update, update_app_instance_bot, "Update AppInstanceBot";
    UpdateAppInstanceUser => Update, update_app_instance_user, "Update AppInstanceUser";
    UpdateAppInstanceUserEndpoint => Update, update_app_instance_user_endpoint, "Update endpoint";
}

impl Operation {
    /// The name as the AWS command line writes it: `create-app-instance`.
    pub fn command(self) -> String {
        self.method().replace('_', "-")
    }
}

/// Says that a text is not the name of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an operation of Chime SDK Identity")]
pub struct UnknownOperation;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_thirty_operations_and_each_parses_back() {
        assert_eq!(Operation::ALL.len(), 30);
        for operation in Operation::ALL {
            assert_eq!(operation.name().parse(), Ok(*operation));
        }
    }

    #[test]
    fn the_method_is_the_name_in_snake_case() {
        for operation in Operation::ALL {
            let snake = operation
                .name()
                .chars()
                .fold(String::new(), |mut snake, letter| {
                    if letter.is_ascii_uppercase() && !snake.is_empty() {
                        snake.push('_');
                    }
                    snake.push(letter.to_ascii_lowercase());
                    snake
                });
            assert_eq!(operation.method(), snake);
        }
    }
}
