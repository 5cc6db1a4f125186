//! Headers of IP, UDP and TCP.

use std::net::IpAddr;

use super::Lost;

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

#[cfg(test)]
mod tests;
