//! The query of a request, and how what is encoded in an address is decoded.

use percent_encoding::percent_decode_str;

use crate::error::ApiError;

/// The decoded parameters of a query string.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Refuses a parameter that is there twice: each reader could believe another of the two.
    pub(crate) fn parse(raw: Option<&str>) -> Result<Self, ApiError> {
        let pairs = raw
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty());
        let mut query = Self::default();
        for pair in pairs {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            if query.get(&name).is_some() {
                return Err(ApiError::bad_request("a query parameter is given twice"));
            }
            query.0.push((name, value));
        }
        Ok(query)
    }

    /// Names and values, in the order they came.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value sent under `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find_map(|(found, value)| (found == name).then_some(value.as_str()))
    }
}

/// Decodes what is percent-encoded, once; a `+` stays one.
pub(crate) fn decode(text: &str) -> Result<String, ApiError> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| ApiError::bad_request("the URL is not valid UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_that_is_given_twice_is_refused() {
        for query in ["a=1&a=2", "a=1&b=2&a=1", "a&a", "%61=1&a=2"] {
            let refused = Query::parse(Some(query)).unwrap_err();
            assert_eq!(refused.status, 400, "{query}");
        }
        assert!(Query::parse(Some("a=1&A=1&&b=1")).is_ok());
    }

    #[test]
    fn a_query_keeps_a_literal_plus() {
        let query = Query::parse(Some("next-token=a%2Fb+c%3D&max-results=10")).unwrap();

        assert_eq!(query.get("next-token"), Some("a/b+c="));
        assert_eq!(query.get("max-results"), Some("10"));
    }
}
