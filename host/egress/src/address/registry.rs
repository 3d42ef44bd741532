//! Addresses that aren't public.
//!
//! Own tables, not a crate: the kept crates stop at the letter of IANA's "globally reachable" column, which calls Azure's
//! wire server, relays and IPv4 hidden in IPv6 reachable. Source: the IANA IPv4 and IPv6 special-purpose address
//! registries as of 2025-10, with the additions named below.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const V4: &[(Ipv4Addr, u32, &str)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8, "this network"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "shared by a carrier"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    // Not in the registry: Azure's wire server, public by number and answering only inside.
    (Ipv4Addr::new(168, 63, 129, 16), 32, "a cloud's control plane"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local, metadata services"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "protocol assignments"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "documentation"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "6to4 relay"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "benchmarking"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved"),
];

/// Inside 2000::/3, which is all that was ever handed out: everything else falls by that rule alone, with the
/// IPv4-compatible, translated (SIIT), NAT64, unique-local, link-local, site-local, multicast, discard and SRv6 blocks.
const V6: &[(Ipv6Addr, u32, &str)] = &[
    // The whole /23: Teredo, ORCHID, benchmarking, anycast helpers. No web server lives in it.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "protocol assignments, Teredo"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "documentation"),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, "6to4: IPv4 in disguise"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "documentation"),
];

/// What an address is for, where it isn't public. Takes it in canonical form (`IpAddr::to_canonical`): IPv4-mapped
/// addresses are judged, and dialled, as the IPv4 address they are.
pub(super) fn block(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => v4(address),
        IpAddr::V6(address) => v6(address),
    }
}

fn v4(address: Ipv4Addr) -> Option<&'static str> {
    let found = V4.iter().find(|(base, length, _)| (address.to_bits() ^ base.to_bits()) >> (32 - length) == 0);
    found.map(|(_, _, block)| *block)
}

fn v6(address: Ipv6Addr) -> Option<&'static str> {
    let bits = address.to_bits();
    if bits >> 125 != 0b001 {
        return Some("outside the global unicast space");
    }
    // ISATAP (RFC 5214): an interface id that carries an IPv4 address, in any prefix.
    let interface = (bits >> 32) as u32;
    if matches!(interface, 0x0000_5efe | 0x0200_5efe) {
        return Some("ISATAP: IPv4 in disguise");
    }
    let found = V6.iter().find(|(base, length, _)| (bits ^ base.to_bits()) >> (128 - length) == 0);
    found.map(|(_, _, block)| *block)
}
