//! Tunnels over UDP: which they are, and what their packets carry.

use std::net::Ipv6Addr;

use super::{Cargo, Carried, Carrier, Datagram, Next, Recogniser, Seen, vpn};
use crate::wire::decode::{self, ether};
use crate::wire::labels;

/// Recognisers by name.
pub(super) const ALL: &[(&str, Recogniser)] = &[
    ("capwap-data", capwap_data),
    ("geneve", geneve),
    ("gre-in-udp", gre_in_udp),
    ("gtp-user", gtp_user),
    ("l2tp-data", l2tp_data),
    ("teredo", teredo),
    ("teredo-elsewhere", teredo_elsewhere),
    ("tzsp", tzsp),
    ("vxlan", vxlan),
    ("vxlan-elsewhere", vxlan_elsewhere),
    ("vxlan-gpe", vxlan_gpe),
];

static VXLAN: Carrier = Carrier { label: Some(labels::TUNNEL_VXLAN), open: in_vxlan, other: None };
static VXLAN_GPE: Carrier = Carrier { label: Some(labels::TUNNEL_VXLAN), open: in_vxlan_gpe, other: None };
static GENEVE: Carrier = Carrier { label: Some(labels::TUNNEL_GENEVE), open: in_geneve, other: None };
static TEREDO: Carrier = Carrier { label: Some(labels::TUNNEL_TEREDO), open: in_teredo, other: None };
static GRE: Carrier = Carrier { label: None, open: in_gre, other: None };
static GTP: Carrier = Carrier { label: None, open: in_gtp, other: None };
static TZSP: Carrier = Carrier { label: None, open: in_tzsp, other: None };
static CAPWAP: Carrier = Carrier { label: None, open: in_capwap, other: None };
/// L2TP's data messages; its control messages are for who recognises it.
pub(super) static L2TP: Carrier = Carrier { label: None, open: in_l2tp, other: Some(vpn::l2tp) };

fn carries(data: &Datagram<'_>, carrier: &'static Carrier) -> Option<Next> {
    (carrier.open)(data.bytes).map(|_| Next::Carries(carrier))
}

/// A 24-bit number and the byte behind it.
fn number([high, middle, low, _]: [u8; 4]) -> u32 {
    u32::from_be_bytes([0, high, middle, low])
}

/// RFC 7348: flags with the I bit, three reserved bytes, the network, one more. What is reserved is ignored.
fn in_vxlan(bytes: &[u8]) -> Option<Carried<'_>> {
    let (&[flags, _, _, _, n0, n1, n2, n3], bytes) = bytes.split_first_chunk::<8>()?;
    let network = number([n0, n1, n2, n3]);
    (flags & 0x08 != 0).then_some(Carried { cargo: Cargo::Ether(ether::TRANSPARENT_ETHERNET), network, bytes })
}

/// The generic protocol extension: with the P bit, the fourth byte says what follows.
fn in_vxlan_gpe(bytes: &[u8]) -> Option<Carried<'_>> {
    let (&[flags, _, _, next, n0, n1, n2, n3], bytes) = bytes.split_first_chunk::<8>()?;
    // The I bit, and the version in bits 4 and 5, 0.
    if flags & 0x38 != 0x08 {
        return None;
    }
    let cargo = match (flags & 0x04 != 0, next) {
        (true, 1) => Cargo::Ether(ether::IPV4),
        (true, 2) => Cargo::Ether(ether::IPV6),
        (true, 5) => Cargo::Ether(ether::MPLS[0]),
        (true, 3) | (false, _) => Cargo::Ether(ether::TRANSPARENT_ETHERNET),
        (true, _) => return None,
    };
    Some(Carried { cargo, network: number([n0, n1, n2, n3]), bytes })
}

fn vxlan(data: &Datagram<'_>, _: &mut Seen) -> Option<Next> {
    carries(data, &VXLAN)
}

fn vxlan_gpe(data: &Datagram<'_>, _: &mut Seen) -> Option<Next> {
    carries(data, &VXLAN_GPE)
}

/// On a port of somebody's choice: nothing reserved is set, and a frame with a sound IP packet follows.
fn vxlan_elsewhere(data: &Datagram<'_>, _: &mut Seen) -> Option<Next> {
    let frame = data.bytes.strip_prefix(&[0x08, 0, 0, 0])?.get(4..)?;
    let decode::Content::Packet { kind: ether::IPV4 | ether::IPV6, bytes, .. } = decode::ethernet(frame).ok()? else {
        return None;
    };
    is_sound(bytes).then_some(Next::Carries(&VXLAN))
}

/// Whether an IP packet is what its header says: its length, and of IPv4 its check sum.
fn is_sound(bytes: &[u8]) -> bool {
    let Ok(ip) = decode::ip(bytes) else { return false };
    if ip.cut {
        return false;
    }
    let Some(head) = bytes.first_chunk::<20>().filter(|_| ip.source.is_ipv4()) else { return ip.source.is_ipv6() };
    let length = usize::from(head[0] & 0x0f) * 4;
    let words = bytes.get(..length).unwrap_or_default().as_chunks::<2>().0;
    let sum: u32 = words.iter().map(|word| u32::from(u16::from_be_bytes(*word))).sum();
    (sum & 0xffff) + (sum >> 16) == 0xffff
}

/// RFC 8926: version 0 and the length of options, flags, what follows, the network, a reserved byte.
fn in_geneve(bytes: &[u8]) -> Option<Carried<'_>> {
    let (&[first, _, high, low, n0, n1, n2, n3], rest) = bytes.split_first_chunk::<8>()?;
    let bytes = rest.get(usize::from(first & 0x3f) * 4..)?;
    let cargo = Cargo::Ether(u16::from_be_bytes([high, low]));
    (first >> 6 == 0).then_some(Carried { cargo, network: number([n0, n1, n2, n3]), bytes })
}

fn geneve(data: &Datagram<'_>, _: &mut Seen) -> Option<Next> {
    // Six bits after the two flags are reserved; ether types begin at 1536.
    let kind = |high: u8| high >= 0x06;
    matches!(data.bytes, [_, flags, high, ..] if flags & 0x3f == 0 && kind(*high)).then(|| carries(data, &GENEVE))?
}

/// RFC 4380 5.1.1: perhaps an authentication, perhaps an origin, then an IPv6 packet that fills the datagram.
fn in_teredo(bytes: &[u8]) -> Option<Carried<'_>> {
    let mut bytes = bytes;
    if let [0, 1, client, secret, rest @ ..] = bytes {
        // Both lengths, a nonce of eight bytes, a confirmation.
        bytes = rest.get(usize::from(*client) + usize::from(*secret) + 9..)?;
    }
    if let [0, 0, rest @ ..] = bytes {
        bytes = rest.get(6..)?;
    }
    let (head, rest) = bytes.split_first_chunk::<40>()?;
    let &[version, _, _, _, high, low, ..] = head;
    let length = usize::from(u16::from_be_bytes([high, low]));
    (version >> 4 == 6 && length <= rest.len()).then_some(Carried {
        cargo: Cargo::Ether(ether::IPV6),
        network: 0,
        bytes,
    })
}

fn teredo(data: &Datagram<'_>, _: &mut Seen) -> Option<Next> {
    carries(data, &TEREDO)
}

/// Between two clients, on ports that nobody knows: one end at least has a Teredo address, and the lengths fit.
fn teredo_elsewhere(data: &Datagram<'_>, _: &mut Seen) -> Option<Next> {
    let carried = in_teredo(data.bytes)?;
    let ip = decode::ip(carried.bytes).ok()?;
    let length = carried.bytes.get(4..6).and_then(|length| length.first_chunk::<2>())?;
    let whole = usize::from(u16::from_be_bytes(*length)) + 40 == carried.bytes.len();
    let teredo = |address| matches!(address, std::net::IpAddr::V6(v6) if is_teredo(v6));
    (whole && (teredo(ip.source) || teredo(ip.destination))).then_some(Next::Carries(&TEREDO))
}

/// 2001::/32.
const fn is_teredo(address: Ipv6Addr) -> bool {
    matches!(address.segments(), [0x2001, 0, ..])
}

/// RFC 8086.
fn in_gre(bytes: &[u8]) -> Option<Carried<'_>> {
    // The routing bit and those that are reserved are not set; version 0.
    matches!(bytes, [flags, 0, high, _, ..] if flags & 0x4f == 0 && *high >= 0x06).then_some(Carried {
        cargo: Cargo::Gre,
        network: 0,
        bytes,
    })
}

fn gre_in_udp(data: &Datagram<'_>, _: &mut Seen) -> Option<Next> {
    carries(data, &GRE)
}

/// 3GPP TS 29.281: version 1, message 255, a length that fits; four more bytes where a flag asks, then perhaps
/// further headers; then an IP packet.
fn in_gtp(bytes: &[u8]) -> Option<Carried<'_>> {
    let (&[flags, 0xff, high, low, t0, t1, t2, t3], rest) = bytes.split_first_chunk::<8>()? else { return None };
    if flags & 0xf0 != 0x30 || usize::from(u16::from_be_bytes([high, low])) > rest.len() {
        return None;
    }
    let mut bytes = rest;
    if flags & 0x07 != 0 {
        let (&[_, _, _, next], after) = rest.split_first_chunk::<4>()?;
        bytes = after;
        let mut next = if flags & 0x04 == 0 { 0 } else { next };
        while next != 0 {
            let length = usize::from(*bytes.first()?).checked_mul(4).filter(|length| *length != 0)?;
            next = *bytes.get(length - 1)?;
            bytes = bytes.get(length..)?;
        }
    }
    let kind = match bytes.first()? >> 4 {
        4 => ether::IPV4,
        6 => ether::IPV6,
        _ => return None,
    };
    Some(Carried { cargo: Cargo::Ether(kind), network: u32::from_be_bytes([t0, t1, t2, t3]), bytes })
}

fn gtp_user(data: &Datagram<'_>, _: &mut Seen) -> Option<Next> {
    carries(data, &GTP)
}

/// What a remote sniffer sends: version 1, a received or sent packet, what it is, fields up to one that ends them.
fn in_tzsp(bytes: &[u8]) -> Option<Carried<'_>> {
    let (&[1, 0 | 1, 0, kind], mut rest) = bytes.split_first_chunk::<4>()? else { return None };
    let cargo = match kind {
        1 => Cargo::Ether(ether::TRANSPARENT_ETHERNET),
        18 => Cargo::Wireless,
        _ => return None,
    };
    loop {
        rest = match rest {
            [0, rest @ ..] => rest,
            [1, bytes @ ..] => return Some(Carried { cargo, network: 0, bytes }),
            [_, length, rest @ ..] => rest.get(usize::from(*length)..)?,
            _ => return None,
        };
    }
}

fn tzsp(data: &Datagram<'_>, _: &mut Seen) -> Option<Next> {
    carries(data, &TZSP)
}

/// RFC 2661 3.1: flags, version 2, the fields that the flags ask for; then PPP.
fn in_l2tp(bytes: &[u8]) -> Option<Carried<'_>> {
    let (&[flags, version], rest) = bytes.split_first_chunk::<2>()?;
    // Not a control message, and none of the reserved bits.
    if flags & 0xb4 != 0 || version != 2 {
        return None;
    }
    let mut bytes = rest;
    if flags & 0x40 != 0 {
        let (&[high, low], after) = bytes.split_first_chunk::<2>()?;
        bytes = after.get(..usize::from(u16::from_be_bytes([high, low])).checked_sub(4)?).unwrap_or(after);
    }
    let (&[t0, t1, s0, s1], after) = bytes.split_first_chunk::<4>()?;
    bytes = after.get(if flags & 0x08 == 0 { 0 } else { 4 }..)?;
    if flags & 0x02 != 0 {
        let (&[high, low], after) = bytes.split_first_chunk::<2>()?;
        bytes = after.get(usize::from(u16::from_be_bytes([high, low]))..)?;
    }
    let network = u32::from_be_bytes([t0, t1, s0, s1]);
    (!bytes.is_empty()).then_some(Carried { cargo: Cargo::Ppp, network, bytes })
}

fn l2tp_data(data: &Datagram<'_>, _: &mut Seen) -> Option<Next> {
    carries(data, &L2TP)
}

/// RFC 5415 4.3: version 0, a header whose length is counted in four bytes, what it binds to, flags. Native frames of
/// 802.11 (binding 1, flag T) and frames of Ethernet are read, whole ones alone.
fn in_capwap(bytes: &[u8]) -> Option<Carried<'_>> {
    let &[preamble, h1, h2, h3, ..] = bytes.first_chunk::<8>()?;
    let length = usize::from(h1 >> 3) * 4;
    let (binding, native, fragment, alive) = (h2 >> 1 & 0x1f, h2 & 1, h3 & 0x80, h3 & 0x08);
    let carried = bytes.get(length..)?;
    if preamble != 0 || length < 8 || fragment != 0 || alive != 0 || carried.is_empty() {
        return None;
    }
    match (binding, native) {
        (1, 1) => Some(Carried { cargo: Cargo::Wireless, network: 0, bytes: carried }),
        (_, 0) => Some(Carried { cargo: Cargo::Ether(ether::TRANSPARENT_ETHERNET), network: 0, bytes: carried }),
        _ => None,
    }
}

fn capwap_data(data: &Datagram<'_>, _: &mut Seen) -> Option<Next> {
    carries(data, &CAPWAP)
}

#[cfg(test)]
mod tests;
