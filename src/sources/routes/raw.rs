//! Routes and rules as rtnetlink tells them. Numbers: Linux `include/uapi/linux/{rtnetlink,fib_rules}.h`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::sources::netlink::{address, attribute, attributes, octets, put, u16_of, u32_of};

/// `AF_INET`.
pub(super) const AF_INET: u8 = 2;
/// `AF_INET6`.
pub(super) const AF_INET6: u8 = 10;
/// `RTN_UNICAST`.
pub(super) const UNICAST: u8 = 1;
/// `RTN_BLACKHOLE`, `RTN_UNREACHABLE`, `RTN_PROHIBIT`, and the same numbers as rule actions.
pub(super) const FORBIDS: std::ops::RangeInclusive<u8> = 6..=8;
/// `RT_TABLE_LOCAL`.
pub(super) const TABLE_LOCAL: u32 = 255;

/// A route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RawRoute {
    /// `rtm_type`.
    pub(super) kind: u8,
    /// Destination.
    pub(super) prefix: IpNet,
    /// Table.
    pub(super) table: u32,
    /// `rtm_protocol`.
    pub(super) protocol: u8,
    /// `RTA_PRIORITY`.
    pub(super) metric: u32,
    /// Preferred source.
    pub(super) source: Option<IpAddr>,
    /// `RTAX_MTU`, where set or learned.
    pub(super) mtu: Option<u32>,
    /// Interface index and gateway of each next hop.
    pub(super) hops: Vec<(u32, Option<IpAddr>)>,
}

/// The family's default destination.
fn everything(family: u8) -> Option<IpAddr> {
    match family {
        AF_INET => Some(Ipv4Addr::UNSPECIFIED.into()),
        AF_INET6 => Some(Ipv6Addr::UNSPECIFIED.into()),
        _ => None,
    }
}

/// Reads an `rtmsg` and its attributes; cached clones are passed over.
pub(super) fn parse_route(body: &[u8]) -> Option<RawRoute> {
    const RTA_DST: u16 = 1;
    const RTA_OIF: u16 = 4;
    const RTA_GATEWAY: u16 = 5;
    const RTA_PRIORITY: u16 = 6;
    const RTA_PREFSRC: u16 = 7;
    const RTA_METRICS: u16 = 8;
    const RTA_MULTIPATH: u16 = 9;
    const RTA_TABLE: u16 = 15;
    const RTA_VIA: u16 = 18;
    const RTAX_MTU: u16 = 2;

    let [family, length, _, _, table, protocol, _, kind] = *body.first_chunk::<8>()?;
    let mut destination = everything(family)?;
    let mut route = RawRoute {
        kind,
        prefix: IpNet::from(destination),
        table: u32::from(table),
        protocol,
        metric: 0,
        source: None,
        mtu: None,
        hops: Vec::new(),
    };
    let (mut index, mut gateway) = (None, None);
    for (kind, value) in attributes(body.get(12..)?) {
        match kind {
            RTA_DST => destination = address(value)?,
            RTA_OIF => index = u32_of(value),
            RTA_GATEWAY => gateway = address(value),
            // A gateway of the other family: two octets of family, then the address.
            RTA_VIA => gateway = value.get(2..).and_then(address),
            RTA_PRIORITY => route.metric = u32_of(value)?,
            RTA_PREFSRC => route.source = address(value),
            RTA_METRICS => route.mtu = attribute(value, RTAX_MTU).and_then(u32_of),
            RTA_MULTIPATH => route.hops.extend(next_hops(value)),
            RTA_TABLE => route.table = u32_of(value)?,
            _ => {}
        }
    }
    if let Some(index) = index {
        route.hops.insert(0, (index, gateway));
    }
    route.prefix = IpNet::new(destination, length).ok()?.trunc();
    Some(route)
}

/// Reads `RTA_MULTIPATH`: a list of `rtnexthop` with attributes each.
fn next_hops(bytes: &[u8]) -> impl Iterator<Item = (u32, Option<IpAddr>)> {
    const RTA_GATEWAY: u16 = 5;
    const RTA_VIA: u16 = 18;
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let length = usize::from(u16_of(rest)?);
        let hop = rest.get(..length)?;
        let index = u32_of(hop.get(4..)?)?;
        let attributes = hop.get(8..)?;
        let gateway = attribute(attributes, RTA_GATEWAY)
            .and_then(address)
            .or_else(|| attribute(attributes, RTA_VIA)?.get(2..).and_then(address));
        rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some((index, gateway))
    })
}

/// A policy rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RawRule {
    pub(super) ipv6: bool,
    pub(super) priority: u32,
    /// `FR_ACT_*`: 1 looks in a table, 6–8 forbid.
    pub(super) action: u8,
    pub(super) table: u32,
    pub(super) mark: Option<u32>,
    pub(super) mask: u32,
    pub(super) inverted: bool,
    pub(super) suppress_prefix_length: Option<u32>,
    /// What destinations it matches, where it does not match all.
    pub(super) destination: Option<IpNet>,
    /// It matches by source address.
    pub(super) by_source: bool,
    /// It matches by interface, user, port or type of service: not every packet.
    pub(super) by_more: bool,
}

impl RawRule {
    /// One of the three the kernel starts with: all to local, main, default.
    pub(super) fn is_initial(&self) -> bool {
        matches!((self.priority, self.table), (0, 255) | (32766, 254) | (32767, 253))
            && self.action == 1
            && self.mark.is_none()
            && self.destination.is_none()
            && self.suppress_prefix_length.is_none()
            && !self.by_source
            && !self.by_more
    }

    /// Whether it forbids.
    pub(super) fn forbids(&self) -> bool {
        FORBIDS.contains(&self.action)
    }

    /// Whether it matches every packet of its family that bears this mark.
    pub(super) fn matches_all_marked(&self, mark: u32) -> bool {
        let marked = self.mark.is_none_or(|wanted| mark & self.mask == wanted);
        marked != self.inverted && self.destination.is_none() && !self.by_source && !self.by_more
    }
}

/// Reads a `fib_rule_hdr` and its attributes.
pub(super) fn parse_rule(body: &[u8]) -> Option<RawRule> {
    const FIB_RULE_INVERT: u32 = 2;
    const FRA_DST: u16 = 1;
    const FRA_IIFNAME: u16 = 3;
    const FRA_PRIORITY: u16 = 6;
    const FRA_FWMARK: u16 = 10;
    const FRA_SUPPRESS_PREFIXLEN: u16 = 14;
    const FRA_TABLE: u16 = 15;
    const FRA_FWMASK: u16 = 16;
    const FRA_OIFNAME: u16 = 17;
    const FRA_UID_RANGE: u16 = 20;
    const FRA_IP_PROTO: u16 = 22;
    const FRA_SPORT_RANGE: u16 = 23;
    const FRA_DPORT_RANGE: u16 = 24;

    let [family, to_length, from_length, service, table, _, _, action] = *body.first_chunk::<8>()?;
    let to_all = everything(family)?;
    let mut rule = RawRule {
        ipv6: family == AF_INET6,
        priority: 0,
        action,
        table: u32::from(table),
        mark: None,
        mask: u32::MAX,
        inverted: u32_of(body.get(8..)?)? & FIB_RULE_INVERT != 0,
        suppress_prefix_length: None,
        destination: (to_length > 0).then(|| IpNet::from(to_all)),
        by_source: from_length > 0,
        by_more: service != 0,
    };
    for (kind, value) in attributes(body.get(12..)?) {
        match kind {
            FRA_DST => rule.destination = IpNet::new(address(value)?, to_length).ok(),
            FRA_PRIORITY => rule.priority = u32_of(value)?,
            FRA_FWMARK => rule.mark = u32_of(value).filter(|mark| *mark != 0),
            // The kernel writes "unset" as -1.
            FRA_SUPPRESS_PREFIXLEN => rule.suppress_prefix_length = u32_of(value).filter(|length| *length <= 128),
            FRA_TABLE => rule.table = u32_of(value)?,
            FRA_FWMASK => rule.mask = u32_of(value)?,
            FRA_IIFNAME | FRA_OIFNAME | FRA_UID_RANGE | FRA_IP_PROTO | FRA_SPORT_RANGE | FRA_DPORT_RANGE => {
                rule.by_more = true;
            }
            _ => {}
        }
    }
    Some(rule)
}

/// A look-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) to: IpAddr,
    pub(super) mark: Option<u32>,
    /// The interface the asker is bound to.
    pub(super) bound: Option<u32>,
    /// The source the asker has bound, or that a first look-up chose.
    pub(super) from: Option<IpAddr>,
}

impl Question {
    /// The request's body: with `RTM_F_FIB_MATCH` the kernel answers with the route that wins, without
    /// it with what it would do (source, learned MTU).
    pub(super) fn body(&self, winner: bool) -> Vec<u8> {
        const RTM_F_LOOKUP_TABLE: u32 = 0x1000;
        const RTM_F_FIB_MATCH: u32 = 0x2000;
        const RTA_DST: u16 = 1;
        const RTA_SRC: u16 = 2;
        const RTA_OIF: u16 = 4;
        const RTA_MARK: u16 = 16;
        let (family, length) = if self.to.is_ipv6() { (AF_INET6, 128) } else { (AF_INET, 32) };
        let from_length = if self.from.is_some() { length } else { 0 };
        let mut body = vec![family, length, from_length, 0, 0, 0, 0, 0];
        let flags = RTM_F_LOOKUP_TABLE | if winner { RTM_F_FIB_MATCH } else { 0 };
        body.extend_from_slice(&flags.to_ne_bytes());
        put(&mut body, RTA_DST, &octets(self.to));
        if let Some(from) = self.from {
            put(&mut body, RTA_SRC, &octets(from));
        }
        if let Some(bound) = self.bound {
            put(&mut body, RTA_OIF, &bound.to_ne_bytes());
        }
        if let Some(mark) = self.mark {
            put(&mut body, RTA_MARK, &mark.to_ne_bytes());
        }
        body
    }
}

#[cfg(test)]
#[cfg(target_endian = "little")]
mod tests {
    use super::*;
    use crate::sources::netlink::{POLICY_ROUTING, recorded};
    use proptest::prelude::*;

    #[test]
    fn recorded_routes_are_read() {
        let routes: Vec<_> = recorded(POLICY_ROUTING, "route").iter().filter_map(|body| parse_route(body)).collect();
        let route = |prefix: &str, table: u32| {
            routes.iter().find(|route| route.prefix.to_string() == prefix && route.table == table).unwrap()
        };
        let gateway: IpAddr = "192.168.1.1".parse().unwrap();
        let default = route("0.0.0.0/0", 254);
        assert_eq!((default.protocol, default.metric, &default.hops), (16, 600, &vec![(3, Some(gateway))]));
        assert_eq!(route("0.0.0.0/0", 51820).hops, [(4, None)]);
        assert_eq!(route("8.8.8.8/32", 254).protocol, 16);
        assert!(FORBIDS.contains(&route("198.51.100.0/24", 254).kind));
        assert_eq!(route("192.168.1.0/24", 254).source, Some("192.168.1.23".parse().unwrap()));
        assert_eq!(route("64.0.0.0/8", 254).hops.first(), Some(&(3, Some(gateway))));
    }

    #[test]
    fn recorded_rules_are_read() {
        let rules: Vec<_> = recorded(POLICY_ROUTING, "rule").iter().filter_map(|body| parse_rule(body)).collect();
        let rule = |priority: u32| rules.iter().find(|rule| rule.priority == priority).unwrap();
        assert!(rule(0).is_initial() && rule(32766).is_initial() && rule(32767).is_initial());
        assert_eq!(rule(32764).suppress_prefix_length, Some(0));
        let spared = rule(32765);
        assert_eq!((spared.mark, spared.table, spared.inverted), (Some(51820), 51820, true));
        assert!(spared.matches_all_marked(0) && !spared.matches_all_marked(51820));
        let unreachable = rule(900);
        assert!(
            unreachable.forbids() && !unreachable.matches_all_marked(0) && unreachable.matches_all_marked(0x8_0001)
        );
    }

    proptest! {
        #[test]
        fn noise_is_no_route(bytes in proptest::collection::vec(any::<u8>(), 0..256), family in 0u8..12) {
            let mut bytes = bytes;
            if let Some(first) = bytes.first_mut() {
                *first = family;
            }
            let _ = parse_route(&bytes);
            let _ = parse_rule(&bytes);
        }
    }
}
