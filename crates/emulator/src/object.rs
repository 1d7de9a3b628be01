//! A nested structure of a request, which restJson1 writes as a JSON object.

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error},
};

/// A structure that is read from a JSON object and from nothing else.
///
/// Derived structures also read JSON arrays, member by member; AWS does not.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = serde_json::Map::deserialize(deserializer)?;
        serde_json::from_value(members.into())
            .map(Self)
            .map_err(D::Error::custom)
    }
}
