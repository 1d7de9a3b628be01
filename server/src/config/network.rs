//! Ranges of addresses, as options name them.

use std::net::IpAddr;
use std::str::FromStr;

use backend::canonical;

/// Some addresses: one, or those that start with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    bits: u8,
}

impl Network {
    pub(super) fn contains(self, ip: IpAddr) -> bool {
        let (base, ip, width) = match (self.base, canonical(ip)) {
            (IpAddr::V4(base), IpAddr::V4(ip)) => {
                (u128::from(base.to_bits()), u128::from(ip.to_bits()), 32)
            }
            (IpAddr::V6(base), IpAddr::V6(ip)) => (base.to_bits(), ip.to_bits(), 128),
            _ => return false,
        };
        let rest = u32::from(width - self.bits);
        base.checked_shr(rest) == ip.checked_shr(rest)
    }
}

impl FromStr for Network {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "a network looks like 10.0.0.1 or 10.0.0.0/8";
        let (base, bits) = match text.trim().split_once('/') {
            Some((base, bits)) => (base, Some(bits.parse::<u8>().map_err(|_| WRONG)?)),
            None => (text.trim(), None),
        };
        let base: IpAddr = base.parse().map_err(|_| WRONG)?;
        let width = if base.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(width);
        if bits > width {
            return Err(WRONG);
        }
        // An IPv4 address that is written as IPv6 counts as IPv4, as clients' addresses do.
        match base.to_canonical() {
            IpAddr::V4(inside) if base.is_ipv6() => Ok(Self {
                base: IpAddr::V4(inside),
                bits: bits.checked_sub(96).ok_or(WRONG)?,
            }),
            _ => Ok(Self { base, bits }),
        }
    }
}
