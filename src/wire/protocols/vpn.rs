//! VPN protocols.

mod ipsec;
mod openvpn;
mod wireguard;

use super::tunnel;
use super::{Datagram, Next, Recogniser, Seen};
use crate::wire::labels;

/// Recognisers by name.
pub(super) const ALL: &[(&str, Recogniser)] = &[
    ("ike-tcp", ipsec::ike_tcp),
    ("ipsec", ipsec::ipsec),
    ("l2tp", l2tp),
    ("openvpn", openvpn::udp),
    ("openvpn-tcp", openvpn::tcp),
    ("pptp", pptp),
    ("softether", softether),
    ("wireguard", wireguard::wireguard),
];

/// Whether bytes can be those of a key or of something encrypted: so many different ones that text, counters and
/// filling are ruled out. Of 32 random bytes 30 differ on average, and fewer than 20 do not come in a lifetime.
fn is_random(bytes: &[u8]) -> bool {
    let mut seen = [0_u64; 4];
    for byte in bytes {
        if let Some(word) = seen.get_mut(usize::from(byte >> 6)) {
            *word |= 1 << (byte & 0x3f);
        }
    }
    let different: u32 = seen.iter().map(|word| word.count_ones()).sum();
    usize::try_from(different).unwrap_or(0) * 8 >= bytes.len().min(64) * 5
}

/// L2TP's control messages (RFC 2661, section 3.1; RFC 3931, section 4.1.2.1 over UDP): the length is the datagram's,
/// and the first attribute says which message it is.
pub(super) fn l2tp(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let (&[flags, version, l0, l1, _, _, _, _, _, _, _, _], attributes) = data.bytes.split_first_chunk::<12>()?;
    // Control message, with length and numbers.
    if flags != 0xc8 || !matches!(version, 2 | 3) || usize::from(u16::from_be_bytes([l0, l1])) != data.length {
        return None;
    }
    let &[flags, length, 0, 0, 0, 0, 0, kind] = attributes.first_chunk::<8>()? else { return None };
    // Mandatory or not, not hidden; 28 kinds are assigned.
    if flags & 0x7f != 0 || length != 8 || !(1..=28).contains(&kind) {
        return None;
    }
    seen.see(labels::VPN_L2TP);
    Some(Next::Carries(&tunnel::L2TP))
}

/// PPTP's control connection (RFC 2637, section 2): a length, the kind "control", a magic number, which message.
fn pptp(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let &[l0, l1, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, kind, 0, 0] = data.bytes.first_chunk::<12>()? else { return None };
    // The length that the standard gives each message.
    let length = match kind {
        1 | 2 => 156,
        3 | 4 | 5 | 12 => 16,
        6 => 20,
        7 => 168,
        8 => 32,
        9 => 220,
        10 | 15 => 24,
        11 => 28,
        13 => 148,
        14 => 40,
        _ => return None,
    };
    (u16::from_be_bytes([l0, l1]) == length).then(|| {
        seen.see(labels::VPN_PPTP);
        Next::Decided
    })
}

/// What SoftEther's servers for NAT traversal answer: `IP=198.51.100.7,PORT=40000` (its source, Mayaqua/Network.c).
fn softether(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let text = std::str::from_utf8(data.bytes.strip_prefix(b"IP=")?).ok()?;
    let (address, port) = text.trim_end_matches('\0').split_once(",PORT=")?;
    (address.parse::<std::net::IpAddr>().is_ok() && port.parse::<u16>().is_ok()).then(|| {
        seen.see(labels::VPN_SOFTETHER);
        Next::Decided
    })
}

#[cfg(test)]
mod tests;
