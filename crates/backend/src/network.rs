//! What counts as one client wherever something is counted for each: tries to sign in, connections,
//! places, bodies. The only definition. It looks at addresses alone.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The first 96 bits of IPv6 addresses that stand for IPv4 ones behind a translator (RFC 6052).
const TRANSLATED: u128 = 0x0064_ff9b << 96;

/// An address as it is counted, shown and kept. IPv4 inside IPv6 is IPv4: as a listener for both
/// writes it (`::ffff:192.0.2.1`), and as a translator does (`64:ff9b::192.0.2.1`), whose clients
/// would otherwise all be in one network.
pub fn canonical(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) if v6.to_bits() & !u128::from(u32::MAX) == TRANSLATED => {
            let [.., a, b, c, d] = v6.octets();
            IpAddr::from([a, b, c, d])
        }
        other => other,
    }
}

/// The addresses that one client has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClientNetwork {
    /// An IPv4 address, also one that is written as IPv6.
    Address(Ipv4Addr),
    /// The first address of a /64 network of IPv6: a client with one address of it has all of them.
    Network(Ipv6Addr),
    /// All clients whose address is not known, counted together.
    Unknown,
}

impl ClientNetwork {
    /// The one that an address belongs to.
    pub fn of(address: Option<IpAddr>) -> Self {
        match address.map(canonical) {
            None => Self::Unknown,
            Some(IpAddr::V4(address)) => Self::Address(address),
            Some(IpAddr::V6(address)) => {
                let first = address.to_bits() & !u128::from(u64::MAX);
                Self::Network(Ipv6Addr::from_bits(first))
            }
        }
    }
}

/// As it is kept with the tries to sign in.
impl fmt::Display for ClientNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Network(first) => write!(f, "{first}/64"),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> ClientNetwork {
        ClientNetwork::of(Some(text.parse().unwrap()))
    }

    #[test]
    fn an_ipv6_network_is_one_client() {
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("2001:db8:1:2::1").to_string(), "2001:db8:1:2::/64");
    }

    #[test]
    fn an_ipv4_address_is_one_client_however_it_is_written() {
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("192.0.2.2"), network("192.0.2.1"));
        assert_eq!(network("::ffff:192.0.2.1").to_string(), "192.0.2.1");
        assert_eq!(network("64:ff9b::192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("64:ff9b:1::192.0.2.1"), network("192.0.2.1"));
    }

    #[test]
    fn whose_address_is_not_known_is_nobody_elses() {
        let unknown = ClientNetwork::of(None);
        for other in ["127.0.0.1", "0.0.0.0", "::", "::1"] {
            assert_ne!(network(other), unknown, "{other}");
        }
        assert_eq!(unknown.to_string(), "unknown");
    }
}
