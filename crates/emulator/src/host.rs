//! What a request was sent to. The name of another site that was pointed to this machine (DNS rebinding) would let a
//! page of that site talk to the emulator as if it were its own.

use std::net::IpAddr;
use std::sync::Arc;

use axum::{
    extract::{Request, State as Shared},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::error::ApiError;
use crate::state::State;

/// What a `Host` header names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// This machine, and no other could be meant.
    Loopback,
    /// An address, which DNS cannot point elsewhere.
    Address,
    /// A name that the emulator was told to have.
    Known,
    /// Another name, two names, or none.
    Foreign,
}

/// `known` are the names that the emulator was told to have.
pub(crate) fn named(headers: &HeaderMap, known: &[String]) -> Named {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    match (host, hosts.next()) {
        (Some(host), None) => named_by(host, known),
        _ => Named::Foreign,
    }
}

fn named_by(host: &str, known: &[String]) -> Named {
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    let name = host
        .rsplit_once(':')
        .filter(|(_, port)| is_port(port))
        .map_or(host, |(name, _)| name);
    let address = name
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    match address {
        Ok(address) if address.to_canonical().is_loopback() => Named::Loopback,
        Ok(_) => Named::Address,
        Err(_) if name.eq_ignore_ascii_case("localhost") => Named::Loopback,
        Err(_) if known.iter().any(|known| name.eq_ignore_ascii_case(known)) => Named::Known,
        Err(_) => Named::Foreign,
    }
}

/// Refuses what was sent to a name that is not this machine's.
pub(crate) async fn refuse_foreign(
    Shared(state): Shared<Arc<State>>,
    request: Request,
    next: Next,
) -> Response {
    if named(request.headers(), &state.names) == Named::Foreign {
        let why = "the emulator answers to localhost, to addresses and to names that it was told (--also-known-as), not to other names";
        return ApiError::forbidden(why).into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_others_are_foreign() {
        for (host, expected) in [
            ("127.0.0.1:8790", Named::Loopback),
            ("[::1]:8790", Named::Loopback),
            ("LocalHost", Named::Loopback),
            ("192.0.2.1", Named::Address),
            ("[2001:db8::1]:80", Named::Address),
            ("localhost.evil.example", Named::Foreign),
            ("127.0.0.1.evil.example", Named::Foreign),
            ("localhost:a", Named::Foreign),
            ("emulator:8790", Named::Known),
            ("EMULATOR", Named::Known),
            ("emulator.evil.example", Named::Foreign),
            ("", Named::Foreign),
        ] {
            let known = ["emulator".to_owned()];
            assert_eq!(named_by(host, &known), expected, "{host}");
        }
    }
}
