//! Values of which an option takes several: with commas between, and spaces wherever somebody puts
//! them.

use std::str::FromStr;

/// What one use of an option names; the option can be repeated beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List<T>(Vec<T>);

impl<T: FromStr> FromStr for List<T> {
    type Err = T::Err;

    /// A comma too many, as templates leave it, names nothing.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split(',').map(str::trim);
        let named = parts.filter(|part| !part.is_empty()).map(str::parse);
        named.collect::<Result<_, _>>().map(Self)
    }
}

impl<T: Clone> List<T> {
    /// What all uses of the option name together.
    pub fn all(lists: &[Self]) -> Vec<T> {
        lists.iter().flat_map(|list| list.0.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Option<Vec<u8>> {
        text.parse().ok().map(|list: List<u8>| list.0)
    }

    #[test]
    fn commas_with_spaces_around_divide_a_list() {
        for text in ["1,2,3", "1, 2, 3", " 1 ,2\t, 3 ", "1,\n2,\n3\n", ",1,,2,3,"] {
            assert_eq!(numbers(text), Some(vec![1, 2, 3]), "{text:?}");
        }
        assert_eq!(numbers(" , "), Some(vec![]));
        assert_eq!(numbers("1 2"), None);
        assert_eq!(numbers("1;2"), None);
    }
}
