//! What a `NextToken` is: the sealed position of the last row seen, never an offset.
//!
//! So rows that are made or removed between two pages shift nothing: each row that stays is given once. Which list a
//! token belongs to is said by `paging`.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use serde::Serialize;
use sha2::Sha256;

use crate::clock::Timestamp;

const SEAL: usize = 16;

/// The key that seals tokens, kept with the data.
pub(crate) struct PagingKey(pub(crate) Vec<u8>);

/// Where a page begins: after the row created at this time with this last part of the ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) created: Timestamp,
    pub(crate) key: String,
}

impl Position {
    pub(crate) fn new(created: Timestamp, key: &str) -> Self {
        let key = key.to_owned();
        Self { created, key }
    }

    /// Before every row.
    pub(crate) fn start() -> Self {
        Self {
            created: Timestamp(i64::MIN),
            key: String::new(),
        }
    }
}

/// The `NextToken` member of an answer; left out on the last page.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct NextToken(pub(crate) Option<String>);

impl NextToken {
    pub(crate) fn is_absent(&self) -> bool {
        self.0.is_none()
    }
}

impl PagingKey {
    /// The token of a position. It opens with the same `binding` only.
    pub(crate) fn seal(&self, binding: &str, position: &Position) -> String {
        let mut token = vec![0; SEAL];
        token.extend_from_slice(&position.created.0.to_be_bytes());
        token.extend_from_slice(position.key.as_bytes());
        if let Some(mac) = self.mac(binding, &token[SEAL..]) {
            token[..SEAL].copy_from_slice(&mac.finalize().into_bytes()[..SEAL]);
        }
        STANDARD.encode(token)
    }

    /// The position in a token; none when it was made with another key or `binding`.
    pub(crate) fn open(&self, binding: &str, token: &str) -> Option<Position> {
        let token = STANDARD.decode(token).ok()?;
        let (seal, payload) = token.split_at_checked(SEAL)?;
        self.mac(binding, payload)?
            .verify_truncated_left(seal)
            .ok()?;
        let (created, key) = payload.split_first_chunk()?;
        let key = String::from_utf8(key.to_vec()).ok()?;
        Some(Position {
            created: Timestamp(i64::from_be_bytes(*created)),
            key,
        })
    }

    fn mac(&self, binding: &str, payload: &[u8]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(binding.as_bytes());
        mac.update(b"\0");
        mac.update(payload);
        Some(mac)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position() -> Position {
        Position {
            created: Timestamp(1_700_000_000_123),
            key: "us-east-1:alice".to_owned(),
        }
    }

    #[test]
    fn a_token_opens_to_the_position_it_was_made_from() {
        let key = PagingKey(vec![7; 32]);

        let token = key.seal("ListAppInstanceUsers\n1\nus-east-1\nx", &position());

        assert_eq!(
            key.open("ListAppInstanceUsers\n1\nus-east-1\nx", &token),
            Some(position())
        );
    }

    #[test]
    fn a_token_is_bound_to_its_list_and_key() {
        let key = PagingKey(vec![7; 32]);
        let token = key.seal("one", &position());

        assert_eq!(key.open("two", &token), None);
        assert_eq!(PagingKey(vec![8; 32]).open("one", &token), None);
    }

    #[test]
    fn a_token_that_was_tampered_with_is_refused() {
        let key = PagingKey(vec![7; 32]);
        let token = key.seal("one", &position());
        let mut bytes = STANDARD.decode(&token).unwrap();
        bytes[SEAL] ^= 1;

        assert_eq!(key.open("one", &STANDARD.encode(bytes)), None);
        for bad in ["", "AAAA", "not base64!", &token[..token.len() - 4]] {
            assert_eq!(key.open("one", bad), None, "{bad}");
        }
    }
}
