//! Which IP addresses a provider can have. Names are looked up by `http`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where clouds answer programs with credentials, outside of the link-local addresses.
const OF_CLOUDS: [Ipv4Addr; 2] = [
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(192, 0, 0, 192),
];
/// The same for IPv6, by their first 32 bits: EC2 answers at `fd00:ec2::254`, Google at
/// `fd20:ce::254`.
const OF_CLOUDS_6: [[u16; 2]; 2] = [[0xfd00, 0x0ec2], [0xfd20, 0x00ce]];

/// False for addresses at which clouds hand out credentials, and for addresses that belong to no
/// host. An IPv6 address that leads to an IPv4 one must pass as both.
pub fn can_be_a_provider(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => can_be_v4(ip),
        IpAddr::V6(ip) => can_be_v6(ip) && hidden(ip).into_iter().all(can_be_v4),
    }
}

fn can_be_v4(ip: Ipv4Addr) -> bool {
    !(ip.is_link_local()
        || ip.is_unspecified()
        || ip.is_multicast()
        || ip.is_broadcast()
        || OF_CLOUDS.contains(&ip))
}

fn can_be_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    !(ip.is_unicast_link_local()
        || ip.is_unspecified()
        || ip.is_multicast()
        || OF_CLOUDS_6.contains(&[first, second]))
}

/// The IPv4 addresses that a translator or a tunnel on the way may unwrap an IPv6 one to.
fn hidden(ip: Ipv6Addr) -> Vec<Ipv4Addr> {
    const LAST: [usize; 4] = [12, 13, 14, 15];
    let bytes = ip.octets();
    let at = |places: [usize; 4]| Ipv4Addr::from(places.map(|place| bytes[place]));
    match ip.segments() {
        // Loopback looks like an embedded IPv4 address but is none.
        [0, 0, 0, 0, 0, 0, 0, 1] => Vec::new(),
        // Compatible, mapped (RFC 4291), translated (RFC 2765), NAT64 (RFC 6052), and ISATAP, which
        // is in any network (RFC 5214).
        [0, 0, 0, 0, 0, 0 | 0xffff, ..]
        | [0, 0, 0, 0, 0xffff, 0, ..]
        | [0x0064, 0xff9b, 0, 0, 0, 0, ..]
        | [_, _, _, _, 0 | 0x0200, 0x5efe, ..] => vec![at(LAST)],
        // NAT64 of a network of its own (RFC 8215), whose prefix has 96, 64, 56 or 48 bits; the
        // ninth byte is left out. Bits that are all zero hold no address.
        [0x0064, 0xff9b, 1, ..] => [LAST, [9, 10, 11, 12], [7, 9, 10, 11], [6, 7, 9, 10]]
            .map(at)
            .into_iter()
            .filter(|found| !found.is_unspecified())
            .collect(),
        // 6to4 (RFC 3056).
        [0x2002, ..] => vec![at([2, 3, 4, 5])],
        // Teredo (RFC 4380): the server, and the client with every bit turned.
        [0x2001, 0, ..] => {
            let client = Ipv4Addr::from_bits(!at(LAST).to_bits());
            vec![at([4, 5, 6, 7]), client]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn can_be(text: &str) -> bool {
        can_be_a_provider(text.parse().unwrap())
    }

    #[test]
    fn an_ipv4_address_within_an_ipv6_one_is_looked_at() {
        for text in [
            "::ffff:169.254.169.254",
            "::169.254.169.254",
            "::ffff:0:169.254.169.254",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::169.254.169.254",
            "64:ff9b:1:a9fe:a9:fe00::",
            "64:ff9b:1:a9:fe:a9fe::",
            "64:ff9b:1:0:a9:fea9:fe00::",
            // By a prefix of 48, 56 and 64 bits only: read in another way it is no such address.
            "64:ff9b:1:6464:64:c800::",
            "64:ff9b:1:64:64:64c8::",
            "64:ff9b:1:0:64:6464:c800::",
            "2002:a9fe:a9fe::1",
            "2001:0:a9fe:a9fe::1",
            // 169.254.169.254 with every bit turned.
            "2001:0:c000:201::5601:5601",
            "2001:db8::5efe:169.254.169.254",
            "2001:db8::200:5efe:169.254.169.254",
            "64:ff9b::0.0.0.0",
            "64:ff9b::100.100.100.200",
            "2002:e000:1::",
            "fd20:ce::254",
            "fd00:ec2::23",
            "fe80::1",
            "ff02::1",
            "192.0.0.192",
        ] {
            assert!(!can_be(text), "{text}");
        }
        for text in [
            "::1",
            "::ffff:10.0.0.7",
            "64:ff9b::10.0.0.7",
            "64:ff9b:1::10.0.0.7",
            "64:ff9b:1:a00:0:700::",
            "2002:a00:7::1",
            "2001:0:c000:201::f5ff:fff8",
            "2001:db8::a9fe:a9fe",
            "fd00::5efe:10.0.0.7",
            "fd12:3456:789a::1",
            "10.0.0.7",
            "127.0.0.1",
        ] {
            assert!(can_be(text), "{text}");
        }
    }
}
