//! Frames to packets: link layers, IP, UDP and TCP headers, each read with checked slices alone.
//!
//! Own code, where a library was meant: etherparse 0.21 reads outside its slice on an authentication header that
//! says it is shorter than twelve bytes (undefined behaviour on one hostile packet), and pnet's parsers panic.
//!
//! Link types are numbered as in tcpdump.org's LINKTYPE list, ether types as in IEEE's.

use std::net::IpAddr;

use super::Link;

/// Ether types that matter here.
pub mod ether {
    /// IPv4.
    pub const IPV4: u16 = 0x0800;
    /// ARP.
    pub const ARP: u16 = 0x0806;
    /// IPv6.
    pub const IPV6: u16 = 0x86dd;
    /// 802.1X.
    pub const EAPOL: u16 = 0x888e;
    /// `PPPoE` discovery.
    pub const PPPOE_DISCOVERY: u16 = 0x8863;
    /// `PPPoE` session.
    pub const PPPOE_SESSION: u16 = 0x8864;
    /// PPP, as GRE and Linux cooked captures carry it.
    pub const PPP: u16 = 0x880b;
    /// Ethernet in GRE.
    pub const TRANSPARENT_ETHERNET: u16 = 0x6558;
    /// VLAN tags: 802.1Q, 802.1ad and the older `QinQ` numbers.
    pub const VLANS: [u16; 4] = [0x8100, 0x88a8, 0x9100, 0x9200];
    /// MPLS, to one receiver and to many.
    pub const MPLS: [u16; 2] = [0x8847, 0x8848];
    /// 802.1X before a station roams.
    pub const PREAUTHENTICATION: u16 = 0x88c7;
    /// LLDP.
    pub const LLDP: u16 = 0x88cc;
    /// Not an ether type: an 802.3 frame with a length, its LLC header follows.
    pub const LLC: u16 = 0;
}

/// Deepest stack of VLAN tags that is followed.
const DEEPEST_VLAN: usize = 4;

/// What the link layer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content<'a> {
    /// A packet of the network layer by its ether type; [`ether::LLC`] for 802.3 frames.
    Packet {
        /// Source and destination, where the link layer has them.
        mac: Option<Pair>,
        /// The VLAN, where a tag was there; of a stack of tags, all of them.
        vlan: Option<u32>,
        /// Ether type of what follows.
        kind: u16,
        /// What follows.
        bytes: &'a [u8],
    },
    /// An 802.11 frame, after any capture header.
    Wireless(Air<'a>),
    /// A PPP frame, from its protocol field on.
    Ppp(&'a [u8]),
}

/// An 802.11 frame as it was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Air<'a> {
    /// The frame; without its check sum where the capture said that there was one.
    pub frame: &'a [u8],
    /// Whether the receiver put the body at a multiple of four bytes.
    pub padded: bool,
    /// The check sum that was cut off.
    pub sum: Option<[u8; 4]>,
    /// Whether one may still stand at its end.
    pub unsure: bool,
    /// Whether the receiver found it damaged.
    pub damaged: bool,
    /// Whether the two bytes of its frame control may have changed places, as access points of Cisco's have it in
    /// CAPWAP.
    pub swapped: bool,
}

impl<'a> Air<'a> {
    /// A frame of which nothing more is known.
    pub const fn bare(frame: &'a [u8]) -> Self {
        Self { frame, padded: false, sum: None, unsure: true, damaged: false, swapped: false }
    }
}

/// Source and destination of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Who sent it.
    pub source: [u8; 6],
    /// For whom.
    pub destination: [u8; 6],
}

/// Why a frame tells nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// Too short for its headers, or they contradict themselves.
    Malformed,
    /// A link type or ether type that is not read here.
    Unsupported,
}

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
        104 => hdlc(bytes),
        105 => Ok(Content::Wireless(Air::bare(bytes))),
        107 => frame_relay(bytes),
        113 => cooked(bytes),
        276 => cooked2(bytes),
        119 => Ok(Content::Wireless(Air::bare(after_prism(bytes)?))),
        127 => Ok(Content::Wireless(after_radiotap(bytes)?)),
        163 => Ok(Content::Wireless(Air::bare(after_avs(bytes)?))),
        192 => ppi(bytes),
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

/// Per-packet information: version, flags, length, then the link type of what follows.
fn ppi(bytes: &[u8]) -> Result<Content<'_>, Lost> {
    let &[_, _, low, high, t0, t1, t2, t3] = bytes.first_chunk::<8>().ok_or(Lost::Malformed)?;
    let rest = bytes.get(usize::from(u16::from_le_bytes([low, high]))..).ok_or(Lost::Malformed)?;
    let inner = u16::try_from(u32::from_le_bytes([t0, t1, t2, t3])).map_err(|_| Lost::Unsupported)?;
    if inner == 192 { Err(Lost::Unsupported) } else { link(Link(inner), rest) }
}

/// An IP packet's headers, extension headers done with.
#[derive(Clone, Copy, Debug)]
pub struct Ip<'a> {
    /// Sender.
    pub source: IpAddr,
    /// Receiver.
    pub destination: IpAddr,
    /// What follows, by IANA's protocol numbers.
    pub protocol: u8,
    /// Set where this is a part of a packet.
    pub fragment: Option<Part>,
    /// What follows the headers, padding cut off.
    pub payload: &'a [u8],
    /// Whether the payload is shorter than its header says.
    pub cut: bool,
    /// IPv4 time to live, IPv6 hop limit.
    pub hop_limit: u8,
    /// Whether an authentication header was passed on the way.
    pub authenticated: bool,
}

/// A fragment's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which packet.
    pub id: u32,
    /// From which byte.
    pub offset: u16,
    /// Whether more follow.
    pub more: bool,
}

/// Takes the IP headers off, by their own version field.
///
/// # Errors
/// [`Lost::Malformed`] when they cannot be read.
pub fn ip(bytes: &[u8]) -> Result<Ip<'_>, Lost> {
    match bytes.first().ok_or(Lost::Malformed)? >> 4 {
        4 => ipv4(bytes),
        6 => ipv6(bytes),
        _ => Err(Lost::Malformed),
    }
}

/// RFC 791. A total length of 0 is what segmentation offload leaves: then all that was captured counts.
fn ipv4(bytes: &[u8]) -> Result<Ip<'_>, Lost> {
    let head = bytes.first_chunk::<20>().ok_or(Lost::Malformed)?;
    let &[version, _, l0, l1, i0, i1, f0, f1, hop_limit, protocol, _, _, s0, s1, s2, s3, d0, d1, d2, d3] = head;
    let header = usize::from(version & 0x0f) * 4;
    let total = usize::from(u16::from_be_bytes([l0, l1]));
    if header < 20 || (total != 0 && total < header) {
        return Err(Lost::Malformed);
    }
    let rest = bytes.get(header..).ok_or(Lost::Malformed)?;
    let (payload, cut) = limit(rest, if total == 0 { rest.len() } else { total - header });
    let flags = u16::from_be_bytes([f0, f1]);
    let part =
        Part { id: u32::from(u16::from_be_bytes([i0, i1])), offset: (flags & 0x1fff) * 8, more: flags & 0x2000 != 0 };
    let mut ip = Ip {
        source: IpAddr::from([s0, s1, s2, s3]),
        destination: IpAddr::from([d0, d1, d2, d3]),
        protocol,
        fragment: (part.more || part.offset != 0).then_some(part),
        payload,
        cut,
        hop_limit,
        authenticated: false,
    };
    ip.after_extensions();
    Ok(ip)
}

/// RFC 8200. A payload length of 0 is a jumbogram's or segmentation offload's: then all that was captured counts.
fn ipv6(bytes: &[u8]) -> Result<Ip<'_>, Lost> {
    let (head, rest) = bytes.split_first_chunk::<40>().ok_or(Lost::Malformed)?;
    let &[_, _, _, _, l0, l1, protocol, hop_limit, ..] = head;
    let address = |at: usize| head.get(at..).and_then(|rest| rest.first_chunk::<16>()).copied().map(IpAddr::from);
    let length = usize::from(u16::from_be_bytes([l0, l1]));
    let (payload, cut) = limit(rest, if length == 0 { rest.len() } else { length });
    let mut ip = Ip {
        source: address(8).ok_or(Lost::Malformed)?,
        destination: address(24).ok_or(Lost::Malformed)?,
        protocol,
        fragment: None,
        payload,
        cut,
        hop_limit,
        authenticated: false,
    };
    ip.after_extensions();
    Ok(ip)
}

/// As much of `bytes` as the header says there is, and whether that is less.
fn limit(bytes: &[u8], length: usize) -> (&[u8], bool) {
    match bytes.get(..length) {
        Some(payload) => (payload, false),
        None => (bytes, true),
    }
}

/// Longest chain of extension headers that is followed.
const EXTENSIONS: usize = 8;

impl Ip<'_> {
    /// Passes extension headers. What cannot be read stays for whoever asks for its protocol number.
    fn after_extensions(&mut self) {
        for _ in 0..EXTENSIONS {
            let payload = self.payload;
            let Some(&[next, length, b2, b3]) = payload.first_chunk::<4>() else { return };
            let skip = match self.protocol {
                // Hop-by-hop, routing, destination options, mobility, HIP, Shim6: 8 bytes and as many more times 8.
                0 | 43 | 60 | 135 | 139 | 140 if self.source.is_ipv6() => 8 + usize::from(length) * 8,
                44 if self.source.is_ipv6() => {
                    let Some(id) = payload.get(4..8).and_then(|id| id.first_chunk::<4>()) else { return };
                    let offset = u16::from_be_bytes([b2, b3]);
                    let part = Part { id: u32::from_be_bytes(*id), offset: offset & 0xfff8, more: offset & 1 == 1 };
                    self.fragment = (part.more || part.offset != 0).then_some(part);
                    8
                }
                // Authentication: counted in 4 bytes, less two.
                51 if length >= 1 => {
                    self.authenticated = true;
                    (usize::from(length) + 2) * 4
                }
                _ => return,
            };
            let Some(rest) = payload.get(skip..) else { return };
            self.payload = rest;
            self.protocol = next;
            // The parts after the first hold no header.
            if self.fragment.is_some_and(|part| part.offset != 0) {
                return;
            }
        }
    }
}

/// A UDP header and what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Udp<'a> {
    /// From this port.
    pub source: u16,
    /// To this one.
    pub destination: u16,
    /// What follows, as much as was captured.
    pub payload: &'a [u8],
    /// How long that was on the wire.
    pub length: usize,
}

/// RFC 768. A length of 0, or one that is more than what was captured, means all of it.
///
/// # Errors
/// [`Lost::Malformed`] when it is too short.
pub fn udp(bytes: &[u8]) -> Result<Udp<'_>, Lost> {
    let (&[s0, s1, d0, d1, l0, l1, _, _], rest) = bytes.split_first_chunk::<8>().ok_or(Lost::Malformed)?;
    let length = match usize::from(u16::from_be_bytes([l0, l1])) {
        0 => rest.len(),
        length => length.checked_sub(8).ok_or(Lost::Malformed)?,
    };
    let (payload, _) = limit(rest, length);
    Ok(Udp { source: u16::from_be_bytes([s0, s1]), destination: u16::from_be_bytes([d0, d1]), payload, length })
}

/// A TCP header and what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tcp<'a> {
    /// From this port.
    pub source: u16,
    /// To this one.
    pub destination: u16,
    /// The number of the first byte.
    pub sequence: u32,
    /// FIN, SYN, RST, PSH, ACK… from the lowest bit.
    pub flags: u8,
    /// Bytes its sender will take.
    pub window: u16,
    /// Options, as much as was captured.
    pub options: &'a [u8],
    /// What follows.
    pub payload: &'a [u8],
}

/// RFC 9293.
///
/// # Errors
/// [`Lost::Malformed`] when it is too short.
pub fn tcp(bytes: &[u8]) -> Result<Tcp<'_>, Lost> {
    let head = bytes.first_chunk::<20>().ok_or(Lost::Malformed)?;
    let &[s0, s1, d0, d1, q0, q1, q2, q3, _, _, _, _, offset, flags, w0, w1, ..] = head;
    let header = usize::from(offset >> 4) * 4;
    if header < 20 {
        return Err(Lost::Malformed);
    }
    Ok(Tcp {
        source: u16::from_be_bytes([s0, s1]),
        destination: u16::from_be_bytes([d0, d1]),
        sequence: u32::from_be_bytes([q0, q1, q2, q3]),
        flags,
        window: u16::from_be_bytes([w0, w1]),
        options: bytes.get(20..header.min(bytes.len())).unwrap_or_default(),
        // Options that a short capture cut hide what would follow.
        payload: bytes.get(header..).unwrap_or_default(),
    })
}

impl Tcp<'_> {
    /// The largest segment its sender offers to take (option 2), where it says so.
    pub fn largest_segment(&self) -> Option<u16> {
        let mut options = self.options;
        loop {
            options = match options {
                [2, 4, high, low, ..] => return Some(u16::from_be_bytes([*high, *low])),
                [0, ..] | [] => return None,
                [1, rest @ ..] => rest,
                [_, length, ..] if *length >= 2 => options.get(usize::from(*length)..)?,
                _ => return None,
            };
        }
    }
}
