//! Link layers, by their number in capture files.

use super::{Air, Content, Lost, Pair, ether};
use crate::wire::Link;

/// Deepest stack of VLAN tags that is followed.
const DEEPEST_VLAN: usize = 4;

/// Takes the link layer off.
///
/// # Errors
/// [`Lost`] when there is nothing that could be read.
pub fn link(link: Link, bytes: &[u8]) -> Result<Content<'_>, Lost> {
    match link.0 {
        1 => ethernet(bytes),
        // Raw IP; 12 and 14 are what the BSDs call it.
        12 | 14 | 101 | 228 | 229 => raw(bytes),
        0 | 108 => null(bytes),
        6 => token_ring(bytes),
        9 | 50 | 204 => Ok(Content::Ppp(ppp(link, bytes)?)),
        10 => fddi(bytes),
        51 => packet(None, None, ether::PPPOE_SESSION, bytes),
        100 => packet(None, None, ether::LLC, bytes),
        104 => hdlc(bytes),
        105 => Ok(Content::Wireless(Air::bare(bytes))),
        107 => frame_relay(bytes),
        113 => cooked(bytes),
        276 => cooked2(bytes),
        119 => Ok(Content::Wireless(Air::bare(after_prism(bytes)?))),
        127 => Ok(Content::Wireless(after_radiotap(bytes)?)),
        163 => Ok(Content::Wireless(Air::bare(after_avs(bytes)?))),
        // The same with a direction before it.
        166 => Ok(Content::Ppp(bytes.get(2..).ok_or(Lost::Malformed)?)),
        205 => hdlc(bytes.get(1..).ok_or(Lost::Malformed)?),
        206 => frame_relay(bytes.get(1..).ok_or(Lost::Malformed)?),
        192 => ppi(bytes),
        239 => nflog(bytes),
        258 => pktap(bytes),
        _ => Err(Lost::Unsupported),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "reads the same in every arm")]
fn packet(mac: Option<Pair>, vlan: Option<u32>, kind: u16, bytes: &[u8]) -> Result<Content<'_>, Lost> {
    Ok(Content::Packet { mac, vlan, kind, bytes })
}

/// An Ethernet frame from its destination address on; VLAN tags are followed.
///
/// # Errors
/// [`Lost::Malformed`] when it is too short.
pub fn ethernet(bytes: &[u8]) -> Result<Content<'_>, Lost> {
    let (head, rest) = bytes.split_first_chunk::<14>().ok_or(Lost::Malformed)?;
    let [d0, d1, d2, d3, d4, d5, s0, s1, s2, s3, s4, s5, high, low] = *head;
    let mac = Some(Pair { source: [s0, s1, s2, s3, s4, s5], destination: [d0, d1, d2, d3, d4, d5] });
    let (vlan, kind, rest) = untag(u16::from_be_bytes([high, low]), rest)?;
    // Below 1536 it is the length of an 802.3 frame.
    packet(mac, vlan, if kind < 1536 { ether::LLC } else { kind }, rest)
}

fn untag(mut kind: u16, mut rest: &[u8]) -> Result<(Option<u32>, u16, &[u8]), Lost> {
    let mut vlan = None;
    for _ in 0..DEEPEST_VLAN {
        if !ether::VLANS.contains(&kind) {
            break;
        }
        let (&[tag_high, tag_low, high, low], after) = rest.split_first_chunk::<4>().ok_or(Lost::Malformed)?;
        let id = u32::from(u16::from_be_bytes([tag_high, tag_low]) & 0x0fff);
        vlan = Some(vlan.unwrap_or(0_u32).wrapping_mul(4096).wrapping_add(id));
        kind = u16::from_be_bytes([high, low]);
        rest = after;
    }
    Ok((vlan, kind, rest))
}

/// 802.5: access and frame control, addresses, a route where the sender's highest bit says so, LLC.
fn token_ring(bytes: &[u8]) -> Result<Content<'_>, Lost> {
    let (&[_, control, d0, d1, d2, d3, d4, d5, s0, s1, s2, s3, s4, s5], rest) =
        bytes.split_first_chunk::<14>().ok_or(Lost::Malformed)?;
    if control & 0xc0 != 0x40 {
        return Err(Lost::Unsupported);
    }
    let mac = Some(Pair { source: [s0 & 0x7f, s1, s2, s3, s4, s5], destination: [d0, d1, d2, d3, d4, d5] });
    let route = match rest.first() {
        Some(first) if s0 & 0x80 != 0 => usize::from(first & 0x1f),
        _ => 0,
    };
    packet(mac, None, ether::LLC, rest.get(route..).ok_or(Lost::Malformed)?)
}

/// FDDI: frame control, addresses, LLC.
fn fddi(bytes: &[u8]) -> Result<Content<'_>, Lost> {
    let (&[control, d0, d1, d2, d3, d4, d5, s0, s1, s2, s3, s4, s5], rest) =
        bytes.split_first_chunk::<13>().ok_or(Lost::Malformed)?;
    if control & 0xf0 != 0x50 {
        return Err(Lost::Unsupported);
    }
    let mac = Some(Pair { source: [s0, s1, s2, s3, s4, s5], destination: [d0, d1, d2, d3, d4, d5] });
    packet(mac, None, ether::LLC, rest)
}

/// Cisco HDLC: address, control, ether type.
fn hdlc(bytes: &[u8]) -> Result<Content<'_>, Lost> {
    let (&[_, _, high, low], rest) = bytes.split_first_chunk::<4>().ok_or(Lost::Malformed)?;
    packet(None, None, u16::from_be_bytes([high, low]), rest)
}

/// Frame relay: an address of two bytes, then RFC 2427's protocol number, or as Cisco has it an ether type.
fn frame_relay(bytes: &[u8]) -> Result<Content<'_>, Lost> {
    match bytes.get(2..).ok_or(Lost::Malformed)? {
        [0x03, 0xcc, rest @ ..] => packet(None, None, ether::IPV4, rest),
        [0x03, 0x8e, rest @ ..] => packet(None, None, ether::IPV6, rest),
        [0x03, 0xcf, rest @ ..] => Ok(Content::Ppp(rest)),
        [0x03, 0x80, 0, 0, 0, high, low, rest @ ..] | [0x03, 0, 0x80, 0, 0, 0, high, low, rest @ ..] => {
            packet(None, None, u16::from_be_bytes([*high, *low]), rest)
        }
        [0x03, ..] => Err(Lost::Unsupported),
        [high, low, rest @ ..] => packet(None, None, u16::from_be_bytes([*high, *low]), rest),
        _ => Err(Lost::Malformed),
    }
}

/// What stands behind the length of an 802.3 frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Llc<'a> {
    /// A packet by its ether type.
    Ether(u16, &'a [u8]),
    /// A protocol of an organisation, by its own number.
    Snap([u8; 3], u16, &'a [u8]),
    /// A protocol by its service access point.
    Service(u8, &'a [u8]),
}

/// Reads the LLC header (802.2) and the SNAP header behind it.
pub fn llc(bytes: &[u8]) -> Option<Llc<'_>> {
    Some(match bytes {
        // RFC 1042, and 802.1H's tunnel for what RFC 1042 carries otherwise.
        [0xaa, 0xaa, 0x03, 0, 0, 0 | 0xf8, high, low, rest @ ..] => Llc::Ether(u16::from_be_bytes([*high, *low]), rest),
        [0xaa, 0xaa, 0x03, a, b, c, high, low, rest @ ..] => {
            Llc::Snap([*a, *b, *c], u16::from_be_bytes([*high, *low]), rest)
        }
        [0x06, 0x06, 0x03, rest @ ..] => Llc::Ether(ether::IPV4, rest),
        [to, _, 0x03, rest @ ..] => Llc::Service(*to, rest),
        _ => return None,
    })
}

fn raw(bytes: &[u8]) -> Result<Content<'_>, Lost> {
    match bytes.first().ok_or(Lost::Malformed)? >> 4 {
        4 => packet(None, None, ether::IPV4, bytes),
        6 => packet(None, None, ether::IPV6, bytes),
        _ => Err(Lost::Malformed),
    }
}

/// A four-byte address family in the byte order of whoever captured it. 2 is IPv4 everywhere; IPv6 is 10
/// on Linux, 24, 28 and 30 on the BSDs.
fn null(bytes: &[u8]) -> Result<Content<'_>, Lost> {
    let (family, rest) = bytes.split_first_chunk::<4>().ok_or(Lost::Malformed)?;
    let family = u32::from_le_bytes(*family);
    match if family > 0xffff { family.swap_bytes() } else { family } {
        2 => packet(None, None, ether::IPV4, rest),
        10 | 24 | 28 | 30 => packet(None, None, ether::IPV6, rest),
        _ => Err(Lost::Unsupported),
    }
}

/// Linux cooked, version 1: 16 bytes with the sender's address.
fn cooked(bytes: &[u8]) -> Result<Content<'_>, Lost> {
    let (head, rest) = bytes.split_first_chunk::<16>().ok_or(Lost::Malformed)?;
    let [_, _, hardware_high, hardware_low, _, length, a, b, c, d, e, f, _, _, high, low] = *head;
    let hardware = u16::from_be_bytes([hardware_high, hardware_low]);
    cooked_rest(hardware, (length == 6).then_some([a, b, c, d, e, f]), u16::from_be_bytes([high, low]), rest)
}

/// Linux cooked, version 2: 20 bytes, the ether type first.
fn cooked2(bytes: &[u8]) -> Result<Content<'_>, Lost> {
    let (head, rest) = bytes.split_first_chunk::<20>().ok_or(Lost::Malformed)?;
    let [high, low, _, _, _, _, _, _, hardware_high, hardware_low, _, length, a, b, c, d, e, f, _, _] = *head;
    let hardware = u16::from_be_bytes([hardware_high, hardware_low]);
    cooked_rest(hardware, (length == 6).then_some([a, b, c, d, e, f]), u16::from_be_bytes([high, low]), rest)
}

/// The number of the interface, where the link layer says it: Linux cooked captures of version 2 do.
pub fn interface(link: Link, bytes: &[u8]) -> Option<u32> {
    let index = bytes.get(4..)?.first_chunk::<4>()?;
    (link.0 == 276).then(|| u32::from_be_bytes(*index))
}

/// Whether this machine sent the frame, where its link layer says: Linux cooked captures note 4 for what was sent,
/// 3 for what passes between others, and less for what was received.
pub fn sent(link: Link, bytes: &[u8]) -> Option<bool> {
    let kind = match link.0 {
        113 => bytes.get(1),
        276 => bytes.get(10),
        _ => None,
    };
    match kind? {
        0..=2 => Some(false),
        4 => Some(true),
        _ => None,
    }
}

fn cooked_rest(hardware: u16, sender: Option<[u8; 6]>, kind: u16, rest: &[u8]) -> Result<Content<'_>, Lost> {
    // ARPHRD_IEEE80211, _PRISM, _RADIOTAP, and _PPP, of Linux's if_arp.h.
    match hardware {
        801 => return Ok(Content::Wireless(Air::bare(rest))),
        803 => return Ok(Content::Wireless(after_radiotap(rest)?)),
        // A GRE tunnel's own kind of frame.
        778 if kind == ether::TRANSPARENT_ETHERNET => return ethernet(rest),
        _ => {}
    }
    let mac = sender.map(|source| Pair { source, destination: [0; 6] });
    let (vlan, kind, rest) = untag(kind, rest)?;
    // 0x0004: an 802.2 LLC frame; 0x0001: an 802.3 one without.
    packet(mac, vlan, if kind < 1536 { ether::LLC } else { kind }, rest)
}

/// What comes before the PPP protocol field: address and control bytes, a direction byte.
fn ppp(link: Link, bytes: &[u8]) -> Result<&[u8], Lost> {
    let bytes = if link.0 == 204 { bytes.get(1..).ok_or(Lost::Malformed)? } else { bytes };
    Ok(bytes.strip_prefix(&[0xff, 0x03]).or_else(|| bytes.strip_prefix(&[0x0f, 0x00])).unwrap_or(bytes))
}

/// The protocol of a PPP frame (RFC 1661: one byte if that is odd, else two) and what it carries.
pub fn ppp_protocol(bytes: &[u8]) -> Option<(u16, &[u8])> {
    let bytes = bytes.strip_prefix(&[0xff, 0x03]).unwrap_or(bytes);
    match bytes {
        [short, rest @ ..] if short & 1 == 1 => Some((u16::from(*short), rest)),
        [high, low, rest @ ..] => Some((u16::from_be_bytes([*high, *low]), rest)),
        _ => None,
    }
}

fn after_radiotap(bytes: &[u8]) -> Result<Air<'_>, Lost> {
    let &[version, _, low, high, p0, p1, p2, p3] = bytes.first_chunk::<8>().ok_or(Lost::Malformed)?;
    let length = usize::from(u16::from_le_bytes([low, high]));
    if version != 0 || length < 8 {
        return Err(Lost::Malformed);
    }
    let frame = bytes.get(length..).ok_or(Lost::Malformed)?;
    // Field 1 of the first word is the flags byte, after an 8-byte time stamp if field 0 is there. Further words
    // (bit 31) move the fields back.
    let present = u32::from_le_bytes([p0, p1, p2, p3]);
    if present & 0b10 == 0 {
        return Ok(Air::bare(frame));
    }
    let mut at = 8;
    let mut word = present;
    while word >> 31 == 1 {
        let more = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>()).ok_or(Lost::Malformed)?;
        word = u32::from_le_bytes(*more);
        at += 4;
    }
    if present & 1 == 1 {
        at = at.next_multiple_of(8) + 8;
    }
    // 0x10: the frame ends in its 4-byte check sum; 0x20: its body was moved to a multiple of four bytes; 0x40: the
    // check sum was wrong.
    let flags = if at < length { bytes.get(at).copied().unwrap_or(0) } else { 0 };
    let (frame, sum) = match frame.split_last_chunk::<4>() {
        Some((frame, sum)) if flags & 0x10 != 0 => (frame, Some(*sum)),
        _ => (frame, None),
    };
    let (padded, damaged) = (flags & 0x20 != 0, flags & 0x40 != 0);
    Ok(Air { frame, padded, sum, unsure: flags & 0x10 == 0, damaged, swapped: false })
}

/// Prism: a message code, then the header's length; 144 where the code is the old one.
fn after_prism(bytes: &[u8]) -> Result<&[u8], Lost> {
    let length = bytes.get(4..8).and_then(|length| length.first_chunk::<4>()).ok_or(Lost::Malformed)?;
    let (little, big) = (u32::from_le_bytes(*length), u32::from_be_bytes(*length));
    let length = usize::try_from(little.min(big)).unwrap_or(usize::MAX);
    bytes.get(length..).ok_or(Lost::Malformed)
}

/// AVS: a version, then the header's length, in big endian.
fn after_avs(bytes: &[u8]) -> Result<&[u8], Lost> {
    let length = bytes.get(4..8).and_then(|length| length.first_chunk::<4>()).ok_or(Lost::Malformed)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
    bytes.get(length..).ok_or(Lost::Malformed)
}

/// Linux's netfilter log: a family, a version, a group; then fields of a length, a kind and a value, rounded up to four
/// bytes, of which the one of kind 9 is the packet. Lengths are in the byte order of whoever captured it.
fn nflog(bytes: &[u8]) -> Result<Content<'_>, Lost> {
    let mut rest = bytes.get(4..).ok_or(Lost::Malformed)?;
    while let Some((&[l0, l1, k0, k1], _)) = rest.split_first_chunk::<4>() {
        let (little, big) = (u16::from_le_bytes([l0, l1]), u16::from_be_bytes([l0, l1]));
        let length = usize::from(little.min(big));
        if matches!([k0, k1], [9, 0] | [0, 9]) {
            return raw(rest.get(4..length).or_else(|| rest.get(4..)).ok_or(Lost::Malformed)?);
        }
        rest = rest.get(length.max(4).next_multiple_of(4)..).ok_or(Lost::Malformed)?;
    }
    Err(Lost::Unsupported)
}

/// macOS's header for several interfaces at once: its length, a kind, the link type of what follows.
fn pktap(bytes: &[u8]) -> Result<Content<'_>, Lost> {
    let (&[l0, l1, l2, l3, _, _, _, _, t0, t1, t2, t3], _) = bytes.split_first_chunk::<12>().ok_or(Lost::Malformed)?;
    let length = usize::try_from(u32::from_le_bytes([l0, l1, l2, l3])).map_err(|_| Lost::Malformed)?;
    let inner = u16::try_from(u32::from_le_bytes([t0, t1, t2, t3])).map_err(|_| Lost::Unsupported)?;
    match inner {
        192 | 258 => Err(Lost::Unsupported),
        _ if length < 12 => Err(Lost::Malformed),
        inner => link(Link(inner), bytes.get(length..).ok_or(Lost::Malformed)?),
    }
}

/// Per-packet information: version, flags, length, then the link type of what follows.
fn ppi(bytes: &[u8]) -> Result<Content<'_>, Lost> {
    let &[_, _, low, high, t0, t1, t2, t3] = bytes.first_chunk::<8>().ok_or(Lost::Malformed)?;
    let rest = bytes.get(usize::from(u16::from_le_bytes([low, high]))..).ok_or(Lost::Malformed)?;
    let inner = u16::try_from(u32::from_le_bytes([t0, t1, t2, t3])).map_err(|_| Lost::Unsupported)?;
    if matches!(inner, 192 | 258) { Err(Lost::Unsupported) } else { link(Link(inner), rest) }
}

#[cfg(test)]
mod tests;
