//! WireGuard (its white paper, section 5.4), and Tailscale's messages between peers, which share a port with it.

use super::is_random;
use crate::wire::labels;
use crate::wire::protocols::{Datagram, Next, Seen};

/// Modes of the note: what is known of a flow. Of a known one, which of the two was seen.
const KNOWN: u64 = 1 << 60;
const WIREGUARD: u64 = 1 << 59;
const TAILSCALE: u64 = 1 << 58;
const INITIATED: u64 = 2 << 60;
const DATA: u64 = 3 << 60;
const MODE: u64 = 0xf << 60;

/// Packets of data that must agree where no handshake was seen.
const AGREE: u64 = 3;

/// Packets in which they must.
const WITHIN: u64 = 12;

/// Packets of a known flow in which the other of the two may still be seen.
const OTHER: u64 = 32;

/// What a message is, by its first byte and its length.
enum Message {
    /// Who begins calls himself by this number.
    Initiation(u32),
    /// Who answers names the number of who began.
    Response(u32),
    /// Encrypted packets, for a receiver, numbered.
    Data(u32, u64),
    /// A cookie, which shows too little.
    Cookie,
}

impl Message {
    fn read(data: &Datagram<'_>) -> Option<Self> {
        let (&[kind, _, _, _, i0, i1, i2, i3], rest) = data.bytes.split_first_chunk::<8>()?;
        let index = u32::from_le_bytes([i0, i1, i2, i3]);
        match (kind, data.length) {
            // A public key follows.
            (1, 148) if rest.get(..32).is_none_or(is_random) => Some(Self::Initiation(index)),
            (2, 92) => {
                let receiver = rest.first_chunk::<4>().map(|index| u32::from_le_bytes(*index))?;
                rest.get(4..36).is_none_or(is_random).then_some(Self::Response(receiver))
            }
            (3, 64) => Some(Self::Cookie),
            // Padded to 16 bytes, a tag of 16 at the end.
            (4, length) if length >= 32 && length % 16 == 0 => {
                rest.first_chunk::<8>().map(|counter| Self::Data(index, u64::from_le_bytes(*counter)))
            }
            _ => None,
        }
    }
}

/// WireGuard's messages. The three bytes after the first are zero; some services (Cloudflare WARP) use them, and are
/// known by an answer that names who began.
pub(super) fn wireguard(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let known = if seen.note & MODE == KNOWN { seen.note } else { KNOWN };
    if data.bytes.starts_with(b"TS\xf0\x9f\x92\xac") && data.length >= 62 {
        // Its magic, a key of 32 bytes, a nonce of 24 (tailscale, disco/disco.go).
        seen.see(labels::VPN_TAILSCALE_DISCO);
        return Some(goes_on(known | TAILSCALE));
    }
    let reserved = data.bytes.get(1..4).is_some_and(|reserved| reserved == [0, 0, 0]);
    match (Message::read(data), seen.note & MODE) {
        (Some(Message::Initiation(_) | Message::Response(_)), _) if reserved => {}
        (_, KNOWN) => return Some(goes_on(known)),
        (Some(Message::Initiation(index)), 0 | INITIATED) => return Some(Next::Perhaps(INITIATED | u64::from(index))),
        (Some(Message::Response(receiver)), INITIATED) if seen.note & !MODE == u64::from(receiver) => {}
        (Some(Message::Data(index, counter)), 0) if reserved && counter < 1 << 40 => {
            return Some(Next::Perhaps(Stream::of(index, counter).note()));
        }
        (Some(Message::Data(index, counter)), DATA) if reserved => {
            let stream = Stream::noted(seen.note).hear(index, counter)?;
            if stream.agree < AGREE {
                return Some(Next::Perhaps(stream.note()));
            }
        }
        (Some(Message::Cookie), DATA) => return Some(Next::Perhaps(seen.note)),
        _ => return None,
    }
    seen.see(labels::VPN_WIREGUARD);
    Some(goes_on(known | WIREGUARD))
}

/// A known flow goes on: until both were seen, or it has carried so much that the other will not come.
fn goes_on(note: u64) -> Next {
    let both = WIREGUARD | TAILSCALE;
    if note & both == both || note & 0xff >= OTHER { Next::Decided } else { Next::Perhaps(note + 1) }
}

/// One direction's data: a number of the receiver, and a counter that goes up.
struct Stream {
    receiver: u64,
    counter: u64,
    agree: u64,
    heard: u64,
}

impl Stream {
    fn of(index: u32, counter: u64) -> Self {
        Self { receiver: u64::from(index) & 0xff_ffff, counter: counter & 0xff_ffff, agree: 1, heard: 1 }
    }

    const fn note(&self) -> u64 {
        DATA | self.heard << 52 | self.agree << 48 | self.receiver << 24 | self.counter
    }

    const fn noted(note: u64) -> Self {
        Self {
            receiver: note >> 24 & 0xff_ffff,
            counter: note & 0xff_ffff,
            agree: note >> 48 & 0xf,
            heard: note >> 52 & 0xff,
        }
    }

    /// The next packet, of either direction. `None`: it does not fit.
    fn hear(self, index: u32, counter: u64) -> Option<Self> {
        let next = Self::of(index, counter);
        if self.heard >= WITHIN || counter >= 1 << 40 {
            return None;
        }
        let (agree, heard) = (self.agree, self.heard + 1);
        if next.receiver != self.receiver {
            return Some(Self { heard, ..self });
        }
        // Lost and late ones are few.
        let ahead = next.counter.wrapping_sub(self.counter) & 0xff_ffff;
        (1..=64).contains(&ahead).then_some(Self { agree: agree + 1, heard, ..next })
    }
}
