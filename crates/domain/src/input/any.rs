//! The input of any operation as a value, for what waits for its turn or is looked at later.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Input, Members};
use crate::account::Region;
use crate::arn::ResourceArn;
use crate::operation::Operation;

macro_rules! any_input {
    ($($operation:ident $method:ident;)*) => {
        /// An input of one of the operations. Serialised, it is tagged by the operation:
        /// `{"Operation":"DeleteAppInstance","Input":{"AppInstanceArn":"…"}}`.
        ///
        /// The NextToken of a list is left out: it ends soon, and must not be kept.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "Operation", content = "Input")]
        #[expect(missing_docs, reason = "the names are the API's own")]
        pub enum AnyInput { $($operation(super::$operation)),* }

        impl AnyInput {
            /// The operation that takes it.
            pub const fn operation(&self) -> Operation {
                match self { $(Self::$operation(_) => Operation::$operation),* }
            }

            /// The resource that the call is about ([`Input::resource`]).
            pub fn resource(&self) -> Option<ResourceArn> {
                match self { $(Self::$operation(input) => input.resource()),* }
            }

            /// The Region that the call goes to ([`Input::region`]).
            pub fn region(&self) -> Option<Region> {
                match self { $(Self::$operation(input) => input.region()),* }
            }

            /// The names of the members of an operation's input, as Rust writes them.
            pub const fn members(operation: Operation) -> &'static [&'static str] {
                match operation {
                    $(Operation::$operation => <super::$operation as Members>::NAMES),*
                }
            }

            #[cfg(test)]
            fn has_region(operation: Operation) -> bool {
                match operation { $(Operation::$operation => super::$operation::HAS_REGION),* }
            }

            /// A valid input of an operation with every member that it may have, for tests and examples.
            pub fn sample(operation: Operation) -> Self {
                match operation {
                    $(Operation::$operation => Self::$operation(Members::sample())),*
                }
            }
        }

        $(
            impl From<super::$operation> for AnyInput {
                fn from(input: super::$operation) -> Self {
                    Self::$operation(input)
                }
            }
        )*
    };
}

for_each_operation!(any_input);

impl AnyInput {
    /// Reads the input of an operation from its own JSON, without the tag: as the audit keeps it.
    pub fn read(operation: Operation, input: &Value) -> serde_json::Result<Self> {
        let tagged = serde_json::json!({ "Operation": operation, "Input": input });
        serde_json::from_value(tagged)
    }

    /// The JSON of the input alone, as the API names its members.
    pub fn to_value(&self) -> Value {
        let tagged = serde_json::to_value(self).unwrap_or_default();
        match tagged {
            Value::Object(mut tagged) => tagged.remove("Input").unwrap_or_default(),
            // An enum that is tagged is an object.
            _ => Value::Null,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_input_of_every_operation_is_read_back_as_it_was_written() {
        for operation in Operation::ALL {
            let input = AnyInput::sample(*operation);
            assert_eq!(input.operation(), *operation);
            let json = serde_json::to_string(&input).unwrap();
            assert!(
                json.starts_with(&format!("{{\"Operation\":\"{operation}\"")),
                "{json}"
            );
            assert_eq!(
                serde_json::from_str::<AnyInput>(&json).unwrap(),
                input,
                "{operation}"
            );
            let again = AnyInput::read(*operation, &input.to_value());
            assert_eq!(again.unwrap(), input, "{operation}");
        }
    }

    #[test]
    fn an_input_says_where_it_goes_unless_it_is_about_no_resource() {
        let nowhere = [Operation::CreateAppInstance, Operation::ListAppInstances];
        for operation in Operation::ALL {
            let input = AnyInput::sample(*operation);
            let region = (!nowhere.contains(operation)).then_some(Region::UsEast1);
            assert_eq!(
                AnyInput::has_region(*operation),
                region.is_some(),
                "{operation}"
            );
            assert_eq!(input.region(), region, "{operation}");
            assert_eq!(input.resource().is_some(), region.is_some(), "{operation}");
        }
    }

    #[test]
    fn an_input_that_breaks_a_rule_is_not_read() {
        let mut input = AnyInput::sample(Operation::CreateAppInstanceUser).to_value();
        input["AppInstanceUserId"] = "-alice".into();
        assert!(AnyInput::read(Operation::CreateAppInstanceUser, &input).is_err());
        let other = AnyInput::sample(Operation::DeleteAppInstance).to_value();
        assert!(AnyInput::read(Operation::DeleteAppInstanceUser, &other).is_err());
    }
}
