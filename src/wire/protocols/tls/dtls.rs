//! DTLS (RFC 6347, RFC 9147), and the VPN that is known by it.

use super::hello::ClientHello;
use crate::wire::labels;
use crate::wire::protocols::{Datagram, Next, Seen};

/// A record's header: kind, version, epoch, number, length.
struct Record<'a> {
    kind: u8,
    version: u16,
    epoch: u16,
    body: &'a [u8],
    after: &'a [u8],
    cut: bool,
}

/// The version of OpenSSL before the standard, which Cisco's AnyConnect still speaks (`DTLS1_BAD_VER`).
const CISCO: u16 = 0x0100;

impl<'a> Record<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (&[kind, v0, v1, e0, e1, _, _, _, _, _, _, high, low], rest) = bytes.split_first_chunk::<13>()?;
        let version = u16::from_be_bytes([v0, v1]);
        let length = usize::from(u16::from_be_bytes([high, low]));
        let epoch = u16::from_be_bytes([e0, e1]);
        // Change of cipher, alert, handshake, data, heartbeat, connection id, acknowledgement.
        let sound = matches!(kind, 20..=26)
            && matches!(version, 0xfeff | 0xfefd | 0xfefc | CISCO)
            && (1..=0x4800).contains(&length);
        if !sound {
            return None;
        }
        let (body, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        Some(Self { kind, version, epoch, body, after, cut: rest.len() < length })
    }

    /// A handshake message in the clear: kind, length, number, and the part of it that is here.
    fn is_sound_handshake(&self) -> bool {
        let Some((&[kind, l0, l1, l2, _, _, o0, o1, o2, f0, f1, f2], rest)) = self.body.split_first_chunk::<12>()
        else {
            return self.cut;
        };
        let number = |bytes: [u8; 3]| u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]);
        let (length, offset, part) = (number([l0, l1, l2]), number([o0, o1, o2]), number([f0, f1, f2]));
        let here = u32::try_from(rest.len()).unwrap_or(u32::MAX);
        matches!(kind, 0..=4 | 8 | 11..=16 | 20..=24) && offset + part <= length && (part <= here || self.cut)
    }
}

/// Records that fill the datagram.
pub(in crate::wire::protocols) fn dtls(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    see(data, data.bytes, seen)
}

/// CAPWAP's control channel: a preamble of its own before each record (RFC 5415, section 4.2).
pub(super) fn in_capwap(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    see(data, data.bytes.strip_prefix(&[1, 0, 0, 0])?, seen)
}

fn see(data: &Datagram<'_>, bytes: &[u8], seen: &mut Seen) -> Option<Next> {
    let first = Record::read(bytes)?;
    if first.kind == 22 && first.epoch == 0 && !first.is_sound_handshake() {
        return None;
    }
    // In 1.3 what follows may have its short header (RFC 9147, section 4).
    let mut rest = first.after;
    while let Some(head) = rest.first().filter(|head| **head >> 5 != 1) {
        let _ = head;
        rest = Record::read(rest)?.after;
    }
    if first.cut && bytes.len() >= data.length {
        return None;
    }
    seen.see(labels::DTLS_ANY);
    if first.version == CISCO || is_openconnect(data, &first) {
        seen.see(labels::VPN_ANYCONNECT);
    }
    Some(Next::Decided)
}

/// AnyConnect and OpenConnect agree on a session over HTTPS first. DTLS on the same port then takes it up: with its
/// id, and the one cipher that was agreed on or only those with a shared key (draft-mavrogiannopoulos-openconnect,
/// section 2.2.2). A session of DTLS itself would have been made there, with a full list.
fn is_openconnect(data: &Datagram<'_>, record: &Record<'_>) -> bool {
    let Some(body) = record.body.strip_prefix(&[1]).and_then(|body| body.get(11..)) else { return false };
    let Some(hello) = ClientHello::read(body, true) else { return false };
    if hello.openconnect {
        return true;
    }
    let (ciphers, _) = hello.ciphers.as_chunks::<2>();
    // The last is no cipher: it says that renegotiation is safe (RFC 5746), the other forbids a fallback (RFC 7507).
    let mut ciphers =
        ciphers.iter().map(|cipher| u16::from_be_bytes(*cipher)).filter(|cipher| !matches!(cipher, 0x00ff | 0x5600));
    let Some(first) = ciphers.next() else { return false };
    let alone = ciphers.clone().next().is_none();
    data.destination.port() == 443
        && !hello.session.is_empty()
        && (alone || (is_shared_key(first) && ciphers.all(is_shared_key)))
}

/// Whether a cipher suite needs a shared key and nothing else (RFC 4279, 5487, 5489, 6655, 7905).
const fn is_shared_key(cipher: u16) -> bool {
    matches!(cipher, 0x008a..=0x008d | 0x00a8 | 0x00a9 | 0x00ae..=0x00b1 | 0xc0a4 | 0xc0a5 | 0xc0a8 | 0xc0a9 | 0xccab)
}
