//! STUN (RFC 8489) and what TURN wraps (RFC 8656).

use crate::wire::labels;
use crate::wire::protocols::{Datagram, Next, Seen};

/// The magic number of every message since RFC 5389.
const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];

/// Whether this is a message, `length` bytes long on the wire: two zero bits, a kind, a length in steps of four, the
/// magic number. Those from before the magic number count on their own port alone, and if their attributes fit.
pub(super) fn is_stun(bytes: &[u8], length: usize, port: bool) -> bool {
    let Some((&[kind, method, l0, l1, ref rest @ ..], mut attributes)) = bytes.split_first_chunk::<20>() else {
        return false;
    };
    let told = usize::from(u16::from_be_bytes([l0, l1]));
    if kind & 0xc0 != 0 || told % 4 != 0 || told + 20 != length {
        return false;
    }
    if rest.starts_with(&COOKIE) {
        return true;
    }
    // Binding and shared secret: asked, answered, refused (RFC 3489, section 11.1).
    if !port || !matches!((kind, method), (0, 1 | 2) | (1, 1 | 2 | 0x11 | 0x12)) {
        return false;
    }
    while let Some((&[_, _, l0, l1], after)) = attributes.split_first_chunk::<4>() {
        let Some(after) = after.get(usize::from(u16::from_be_bytes([l0, l1]))..) else { return false };
        attributes = after;
    }
    attributes.is_empty()
}

/// What TURN carries in a channel: a number from 0x4000 on, a length.
pub(super) fn channel(bytes: &[u8]) -> Option<&[u8]> {
    let (&[high, _, l0, l1], rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::from(u16::from_be_bytes([l0, l1]));
    // Over UDP padding is allowed.
    ((0x40..=0x4f).contains(&high) && rest.len() - length.min(rest.len()) < 4).then(|| rest.get(..length))?
}

/// STUN over TCP: a message, perhaps more after it.
pub(super) fn stream(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let &[_, _, l0, l1] = data.bytes.first_chunk()?;
    let length = 20 + usize::from(u16::from_be_bytes([l0, l1]));
    is_stun(data.bytes, length, false).then(|| {
        seen.see(labels::STUN_ANY);
        Next::Decided
    })
}
