//! IPsec over UDP and TCP: the exchange of keys, and encrypted packets behind a router.

use crate::wire::labels;
use crate::wire::protocols::{Datagram, Next, Seen};

/// What stands before IKE on the port it shares with ESP (RFC 3948, section 2.2).
const MARKER: [u8; 4] = [0; 4];

/// The length that an IKE message gives itself, if there is as much.
fn told(message: &[u8]) -> usize {
    let length =
        message.get(24..).and_then(|rest| rest.first_chunk::<4>()).map_or(0, |length| u32::from_be_bytes(*length));
    usize::try_from(length).ok().filter(|length| (28..=message.len()).contains(length)).unwrap_or(0)
}

/// Whether this is an IKE message, `length` bytes long on the wire.
fn is_ike(message: &[u8], length: usize) -> bool {
    let Some((head, rest)) = message.split_first_chunk::<28>() else { return false };
    let rest = rest.get(..rest.len().min(length.saturating_sub(28))).unwrap_or_default();
    let &[i0, i1, i2, i3, i4, i5, i6, i7, .., payload, version, exchange, flags, _, _, _, _, l0, l1, l2, l3] = head;
    let told = u32::from_be_bytes([l0, l1, l2, l3]);
    if [i0, i1, i2, i3, i4, i5, i6, i7] == [0; 8] || usize::try_from(told).ok() != Some(length) {
        return false;
    }
    // The first payload: what comes next, critical or reserved, length.
    let fits = match rest.first_chunk::<4>() {
        Some(&[_, _, high, low]) => {
            (4..=length.saturating_sub(28)).contains(&usize::from(u16::from_be_bytes([high, low])))
        }
        None => payload == 0 || message.len() < length,
    };
    match version {
        // Payloads and exchanges of RFC 2408, 2409, 3947 and of mode-config; encrypted, commit, authentication only.
        0x10 => {
            let encrypted = flags & 1 != 0;
            matches!(payload, 0..=21 | 128..=133)
                && matches!(exchange, 0..=6 | 32..=33)
                && flags & !0x07 == 0
                && (encrypted || fits)
        }
        // IANA's lists for version 2; initiator, version, response.
        0x20..=0x2f => matches!(payload, 0 | 33..=54) && matches!(exchange, 34..=45) && flags & !0x38 == 0 && fits,
        _ => false,
    }
}

/// Modes of the note: IKE was seen, ESP was seen, packets that may be ESP are counted.
const IKE: u64 = 1 << 63;
const ESP: u64 = 1 << 62;
const MAYBE: u64 = 1 << 61;

/// Packets of one direction that must agree.
const AGREE: u64 = 2;

/// Packets in which they must.
const WITHIN: u64 = 12;

/// Packets after ESP in which IKE may still be seen.
const IKE_WITHIN: u64 = 32;

/// IKE of either version on any port; on the port that it shares with ESP, or where it was seen with that port's
/// marker, ESP too: an index, a number that goes up, what is encrypted (RFC 4303).
pub(super) fn ipsec(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    if let Some(message) = data.bytes.strip_prefix(&MARKER)
        && is_ike(message, data.length.saturating_sub(4))
    {
        seen.see(labels::VPN_IKE);
        return Some(if seen.note & ESP != 0 { Next::Decided } else { Next::Perhaps(seen.note | IKE) });
    }
    // On its own ports more may follow the message.
    let own = data.on_port(500) || data.on_port(848);
    if seen.note == 0 && (is_ike(data.bytes, data.length) || (own && is_ike(data.bytes, told(data.bytes)))) {
        seen.see(labels::VPN_IKE);
        return Some(Next::Decided);
    }
    if seen.note & ESP != 0 {
        let heard = seen.note & 0xff;
        return Some(if heard < IKE_WITHIN { Next::Perhaps(ESP | (heard + 1)) } else { Next::Decided });
    }
    if !data.on_port(4500) && seen.note & IKE == 0 {
        return None;
    }
    match esp(data, seen.note) {
        Some(note) if note & ESP == 0 => Some(Next::Perhaps(note)),
        Some(note) => {
            seen.see(labels::VPN_ESP_UDP);
            Some(if note & IKE != 0 { Next::Decided } else { Next::Perhaps(ESP) })
        }
        // A message that cannot be read changes nothing of what is known.
        None => (seen.note & IKE != 0).then_some(Next::Perhaps(seen.note)),
    }
}

/// What is known after a packet that may be ESP; `None`: it is not.
fn esp(data: &Datagram<'_>, note: u64) -> Option<u64> {
    // A single byte keeps the router's mapping.
    if data.bytes == [0xff] {
        return (note != 0).then_some(note);
    }
    let index = data.bytes.first_chunk::<4>().map(|index| u32::from_be_bytes(*index)).filter(|index| *index > 255)?;
    let number = data.bytes.get(4..).and_then(|rest| rest.first_chunk::<4>()).map(|number| u32::from_be_bytes(*number));
    let Some(number) = number else {
        // A capture that cut it so short has shown all that RFC 3948 asks for.
        return (data.bytes.len() < data.length && data.length >= 28).then_some(note | ESP);
    };
    // A number of zero is never sent; what is encrypted is padded to four bytes (RFC 4303, sections 2.2 and 2.4); an
    // empty packet has still its padding, a vector or a tag.
    if number == 0 || !data.length.is_multiple_of(4) || data.length < 28 {
        return None;
    }
    // OpenVPN numbers in the same place: opcode 9, then a peer that is a small number or none.
    let peer = index & 0xff_ffff;
    if index >> 27 == 9 && (peer < 0x1_0000 || peer == 0xff_ffff) && note & IKE == 0 {
        return None;
    }
    let first = note & MAYBE == 0;
    // The first of a direction is numbered from one on; both ends use the port where there is no router between.
    let both = data.source.port() == 4500 && data.destination.port() == 4500;
    if note & IKE != 0 || (first && (number < 1 << 20 || both)) {
        return Some(note | ESP);
    }
    if first {
        return Some(noted(index, number, 1, 1));
    }
    let (heard, agree) = (note >> 56 & 0xf, note >> 52 & 0xf);
    if heard >= WITHIN {
        return None;
    }
    if note >> 24 & 0xff_ffff != u64::from(peer) {
        return Some(note + (1 << 56));
    }
    let ahead = u64::from(number).wrapping_sub(note) & 0xff_ffff;
    match (1..=64).contains(&ahead) {
        true if agree + 1 >= AGREE => Some(ESP),
        true => Some(noted(index, number, heard + 1, agree + 1)),
        false => None,
    }
}

fn noted(index: u32, number: u32, heard: u64, agree: u64) -> u64 {
    MAYBE | heard << 56 | agree << 52 | (u64::from(index) & 0xff_ffff) << 24 | u64::from(number) & 0xff_ffff
}

/// IKE and ESP in a TCP connection (RFC 9329): a prefix, then messages with their length before each.
pub(super) fn ike_tcp(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let rest = data.bytes.strip_prefix(b"IKETCP")?;
    let Some((length, message)) = rest.split_first_chunk::<2>() else {
        seen.see(labels::VPN_IKE);
        return Some(Next::Decided);
    };
    // The length counts itself; the first message is IKE's.
    let length = usize::from(u16::from_be_bytes(*length)).checked_sub(6)?;
    let message = message.strip_prefix(&MARKER)?;
    let message = message.get(..length.min(message.len()))?;
    is_ike(message, length).then(|| {
        seen.see(labels::VPN_IKE);
        Next::Decided
    })
}
