//! QUIC (RFC 9000): its long headers, and the client's hello within its first packets. Their keys follow from the
//! connection id, so that anyone who sees them can read them (RFC 9001, section 5.2).

use std::net::SocketAddr;

use aes::Aes128;
use aes::cipher::{Array, BlockCipherEncrypt as _, KeyInit as _};
use hkdf::Hkdf;
use sha2::Sha256;

use super::hello::{ClientHello, Over};
use crate::wire::labels;
use crate::wire::protocols::{Datagram, Dialogue, Goes, Next, Seen, Side};

/// A long header (RFC 9000, section 17.2; what all versions share is RFC 8999).
#[derive(Clone, Copy)]
struct Long<'a> {
    version: u32,
    destination: &'a [u8],
    /// From the first byte on.
    packet: &'a [u8],
    /// Where the fields begin that the version defines.
    at: usize,
}

/// The longest id of versions that are known.
const LONGEST_ID: usize = 20;

impl<'a> Long<'a> {
    fn read(packet: &'a [u8]) -> Option<Self> {
        let (&[first, v0, v1, v2, v3, length], rest) = packet.split_first_chunk::<6>()?;
        let version = u32::from_be_bytes([v0, v1, v2, v3]);
        let (destination, rest) = rest.split_at_checked(usize::from(length))?;
        let (source, rest) =
            rest.split_first().and_then(|(length, rest)| rest.split_at_checked(usize::from(*length)))?;
        let sound = first & 0x80 != 0 && destination.len() <= LONGEST_ID && source.len() <= LONGEST_ID;
        let header = Self { version, destination, packet, at: packet.len() - rest.len() };
        (sound && header.is_known(rest)).then_some(header)
    }

    /// Whether this version exists: IANA's, drafts, those of Google and of Facebook, and a negotiation, in which
    /// the known versions follow.
    fn is_known(&self, rest: &[u8]) -> bool {
        let [first, ..] = self.packet else { return false };
        match self.version {
            0 => {
                let (versions, odd) = rest.as_chunks::<4>();
                odd.is_empty() && versions.iter().any(|version| is_version(u32::from_be_bytes(*version)))
            }
            version => first & 0x40 != 0 && is_version(version),
        }
    }

    /// What of this version makes its keys; `None` where that is not known.
    fn suite(&self) -> Option<&'static Suite> {
        SUITES.iter().find(|suite| suite.versions.0 <= self.version && self.version <= suite.versions.1)
    }

    /// The protected part of an initial packet, its number's place and what comes after the packet.
    fn initial(&self, suite: &Suite) -> Option<(usize, usize, &'a [u8])> {
        if self.packet.first()? >> 4 & 0x03 != suite.initial {
            return None;
        }
        let mut at = self.at;
        let token = number(self.packet, &mut at)?;
        at = at.checked_add(usize::try_from(token).ok()?)?;
        let (after, end) = self.length(at)?;
        Some((after, end, self.packet.get(end..)?))
    }

    /// Reads the length at this place: where what it counts begins, and where it ends.
    fn length(&self, mut at: usize) -> Option<(usize, usize)> {
        let length = number(self.packet, &mut at)?;
        let end = at.checked_add(usize::try_from(length).ok()?)?;
        (end <= self.packet.len()).then_some((at, end))
    }

    /// What comes after this packet in its datagram.
    fn after(&self, suite: &Suite) -> Option<&'a [u8]> {
        let kind = self.packet.first()? >> 4 & 0x03;
        if kind == suite.initial {
            return self.initial(suite).map(|(_, _, after)| after);
        }
        // Of the other kinds a retry, which has no length, is alone.
        self.length(self.at).and_then(|(_, end)| self.packet.get(end..))
    }
}

/// A number whose first two bits tell its length (RFC 9000, section 16).
fn number(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let first = *bytes.get(*at)?;
    let length = 1_usize << (first >> 6);
    let all = bytes.get(*at..at.checked_add(length)?)?;
    *at += length;
    Some(all.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)) & (u64::MAX >> 2 >> (64 - length * 8)))
}

/// Numbers of versions (IANA's registry; `0x?a?a?a?a` are reserved to exercise negotiation, RFC 9000, section 15).
const fn is_version(version: u32) -> bool {
    matches!(
        version,
        0x0000_0001
            | 0x6b33_43cf
            | 0xff00_0016..=0xff00_0022
            | 0xff02_0000..=0xff02_00ff
            | 0xface_b000..=0xface_b00f
            // Google's Q050 to Q059 and T050 to T059; those before have other headers.
            | 0x5130_3530..=0x5130_3539
            | 0x5430_3530..=0x5430_3539
    )
}

/// From what a version makes the keys of its initial packets.
struct Suite {
    /// First and last.
    versions: (u32, u32),
    salt: [u8; 20],
    /// The names of key, vector and header key, as RFC 8446, section 7.1 writes them.
    names: [&'static [u8]; 3],
    /// The kind of an initial packet.
    initial: u8,
}

const V1: [&[u8]; 3] = [b"tls13 quic key", b"tls13 quic iv", b"tls13 quic hp"];

/// RFC 9001, section 5.2; RFC 9369, section 3.3; the same section of draft-ietf-quic-tls-22, -23 and -29; Google's are
/// from Chromium's `crypto_utils.cc`.
const SUITES: &[Suite] = &[
    Suite {
        versions: (0x0000_0001, 0x0000_0001),
        salt: *b"\x38\x76\x2c\xf7\xf5\x59\x34\xb3\x4d\x17\x9a\xe6\xa4\xc8\x0c\xad\xcc\xbb\x7f\x0a",
        names: V1,
        initial: 0,
    },
    Suite {
        versions: (0x6b33_43cf, 0x6b33_43cf),
        salt: *b"\x0d\xed\xe3\xde\xf7\x00\xa6\xdb\x81\x93\x81\xbe\x6e\x26\x9d\xcb\xf9\xbd\x2e\xd9",
        names: [b"tls13 quicv2 key", b"tls13 quicv2 iv", b"tls13 quicv2 hp"],
        initial: 1,
    },
    Suite {
        versions: (0xff00_0021, 0xff00_0022),
        salt: *b"\x38\x76\x2c\xf7\xf5\x59\x34\xb3\x4d\x17\x9a\xe6\xa4\xc8\x0c\xad\xcc\xbb\x7f\x0a",
        names: V1,
        initial: 0,
    },
    Suite {
        versions: (0xff00_001d, 0xff00_0020),
        salt: *b"\xaf\xbf\xec\x28\x99\x93\xd2\x4c\x9e\x97\x86\xf1\x9c\x61\x11\xe0\x43\x90\xa8\x99",
        names: V1,
        initial: 0,
    },
    Suite {
        versions: (0xff00_0017, 0xff00_001c),
        salt: *b"\xc3\xee\xf7\x12\xc7\x2e\xbb\x5a\x11\xa7\xd2\x43\x2b\xb4\x63\x65\xbe\xf9\xf5\x02",
        names: V1,
        initial: 0,
    },
    Suite {
        versions: (0xff00_0016, 0xff00_0016),
        salt: *b"\x7f\xbc\xdb\x0e\x7c\x66\xbb\xe9\x19\x3a\x96\xcd\x21\x51\x9e\xbd\x7a\x02\x64\x4a",
        names: V1,
        initial: 0,
    },
    Suite {
        versions: (0x5430_3530, 0x5430_3530),
        salt: *b"\x7f\xf5\x79\xe5\xac\xd0\x72\x91\x55\x80\x30\x4c\x43\xa2\x36\x7c\x60\x48\x83\x10",
        names: V1,
        initial: 0,
    },
    Suite {
        versions: (0x5430_3531, 0x5430_3531),
        salt: *b"\x7a\x4e\xde\xf4\xe7\xcc\xee\x5f\xa4\x50\x6c\x19\x12\x4f\xc8\xcc\xda\x6e\x03\x3d",
        names: V1,
        initial: 0,
    },
];

/// What opens the client's initial packets of one connection.
struct Keys {
    suite: &'static Suite,
    payload: Aes128,
    vector: [u8; 12],
    header: Aes128,
}

impl Keys {
    fn of(suite: &'static Suite, id: &[u8]) -> Option<Self> {
        let (_, initial) = Hkdf::<Sha256>::extract(Some(&suite.salt), id);
        let mut secret = [0; 32];
        expand(&initial, b"tls13 client in", &mut secret)?;
        let client = Hkdf::<Sha256>::from_prk(&secret).ok()?;
        let (mut key, mut vector, mut header) = ([0; 16], [0; 12], [0; 16]);
        let [of_key, of_vector, of_header] = suite.names;
        expand(&client, of_key, &mut key)?;
        expand(&client, of_vector, &mut vector)?;
        expand(&client, of_header, &mut header)?;
        Some(Self { suite, payload: Aes128::new(&Array(key)), vector, header: Aes128::new(&Array(header)) })
    }

    /// Opens an initial packet: what is in it, if these are its keys. The last 16 bytes, which would prove that
    /// nobody altered it, are left unread: what is wanted is what was said, not by whom.
    fn open(&self, header: &Long<'_>, place: usize, end: usize) -> Option<Vec<u8>> {
        // RFC 9001, section 5.4: sixteen bytes, four after the packet number, mask its length and itself.
        let sample: [u8; 16] = *header.packet.get(place + 4..)?.first_chunk()?;
        let mut mask = Array(sample);
        self.header.encrypt_block(&mut mask);
        let Array([mask, masks @ ..]) = mask;
        let length = usize::from((header.packet.first()? ^ mask) & 0x03) + 1;
        let masked = header.packet.get(place..place + length)?;
        let packet = masked.iter().zip(masks).fold(0_u64, |number, (byte, mask)| number << 8 | u64::from(byte ^ mask));
        let mut nonce = [0; 16];
        let [n0, n1, n2, n3, n4, n5, n6, n7] = packet.to_be_bytes();
        let number = [0, 0, 0, 0, n0, n1, n2, n3, n4, n5, n6, n7];
        nonce.iter_mut().zip(self.vector.iter().zip(number)).for_each(|(to, (vector, byte))| *to = vector ^ byte);
        let mut text = header.packet.get(place + length..end.checked_sub(16)?)?.to_vec();
        // AES in Galois counter mode encrypts with the counter from 2 on (NIST SP 800-38D, section 7.1).
        for (counter, block) in (2_u32..).zip(text.chunks_mut(16)) {
            if let Some(place) = nonce.last_chunk_mut::<4>() {
                *place = counter.to_be_bytes();
            }
            let mut stream = Array(nonce);
            self.payload.encrypt_block(&mut stream);
            block.iter_mut().zip(stream).for_each(|(byte, key)| *byte ^= key);
        }
        Some(text)
    }
}

/// RFC 8446, section 7.1, with an empty context.
fn expand(secret: &Hkdf<Sha256>, name: &[u8], to: &mut [u8]) -> Option<()> {
    let length = u16::try_from(to.len()).ok()?.to_be_bytes();
    let name_length = [u8::try_from(name.len()).ok()?];
    secret.expand_multi_info(&[&length, &name_length, name, &[0]], to).ok()
}

/// Longest hello that is put together.
const LONGEST: usize = 8 * 1024;

/// Pieces that are kept apart.
const PIECES: usize = 64;

/// The client's handshake, of which pieces come in any order.
#[derive(Default)]
struct Pieces {
    bytes: Vec<u8>,
    /// From where to where there are some, in order, none touching.
    have: Vec<(usize, usize)>,
}

impl Pieces {
    /// Takes what frames of a packet hold (RFC 9000, section 19). `None`: these are no frames of an initial packet.
    fn take(&mut self, frames: &[u8]) -> Option<()> {
        let mut at = 0;
        // First all must be frames: with the wrong keys they are noise.
        let mut found = Vec::new();
        while let Some(kind) = frames.get(at) {
            at += 1;
            match kind {
                // Padding, ping.
                0 | 1 => {}
                // Acknowledgement: the largest, a delay, how many ranges, the first; then ranges; then counters.
                2 | 3 => {
                    let (_, _, ranges) = (number(frames, &mut at)?, number(frames, &mut at)?, number(frames, &mut at)?);
                    let rest = ranges.checked_mul(2)? + if *kind == 3 { 4 } else { 1 };
                    for _ in 0..rest {
                        number(frames, &mut at)?;
                    }
                }
                // What the handshake says; 8 in Google's versions, where no other has it in an initial packet.
                6 | 8 => {
                    let offset = usize::try_from(number(frames, &mut at)?).ok()?;
                    let length = usize::try_from(number(frames, &mut at)?).ok()?;
                    found.push((offset, frames.get(at..at.checked_add(length)?)?));
                    at += length;
                }
                // The connection is closed: with a number, a frame's kind, words.
                0x1c => {
                    let _ = (number(frames, &mut at)?, number(frames, &mut at)?);
                    at = at.checked_add(usize::try_from(number(frames, &mut at)?).ok()?)?;
                }
                _ => return None,
            }
        }
        for (offset, piece) in found {
            self.add(offset, piece);
        }
        Some(())
    }

    fn add(&mut self, offset: usize, piece: &[u8]) {
        let Some(end) = offset.checked_add(piece.len()).filter(|end| *end <= LONGEST) else { return };
        if piece.is_empty() || self.have.len() >= PIECES {
            return;
        }
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        if let Some(place) = self.bytes.get_mut(offset..end) {
            place.copy_from_slice(piece);
        }
        self.have.push((offset, end));
        self.have.sort_unstable();
        self.have.dedup_by(|next, last| {
            let touch = next.0 <= last.1;
            if touch {
                last.1 = last.1.max(next.1);
            }
            touch
        });
    }

    /// The handshake from its start on, as far as nothing is missing.
    fn start(&self) -> &[u8] {
        match self.have.first() {
            Some((0, end)) => self.bytes.get(..*end).unwrap_or_default(),
            _ => &[],
        }
    }

    /// The hello's body, once it is whole.
    fn hello(&self) -> Option<&[u8]> {
        let (&[kind, a, b, c], body) = self.start().split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes([0, a, b, c])).ok()?;
        if kind == 1 { body.get(..length) } else { None }
    }
}

/// Datagrams in which the whole hello must have come.
const DATAGRAMS: u8 = 24;

/// A connection whose client's hello is being put together.
struct Opening {
    server: SocketAddr,
    keys: Option<Keys>,
    pieces: Pieces,
    left: u8,
}

impl Opening {
    /// Takes a datagram; whether there is more to come.
    fn take(&mut self, datagram: &[u8], seen: &mut Seen) -> Goes {
        let mut rest = datagram;
        while let Some(header) = Long::read(rest) {
            seen.see(labels::QUIC_ANY);
            let Some(suite) = header.suite() else { return Goes::Over };
            if let Some((place, end, _)) = header.initial(suite) {
                self.initial(&header, suite, place, end);
            }
            match header.after(suite) {
                Some(after) if !after.is_empty() => rest = after,
                _ => break,
            }
        }
        if let Some(hello) = self.pieces.hello() {
            if let Some(hello) = ClientHello::read(hello, false) {
                hello.see(Over::Quic(self.server.ip(), self.server.port()), seen);
            }
            return Goes::Over;
        }
        self.left = self.left.saturating_sub(1);
        if self.left == 0 { Goes::Over } else { Goes::On }
    }

    fn initial(&mut self, header: &Long<'_>, suite: &'static Suite, place: usize, end: usize) {
        // The client's id at first makes the keys, also when it has changed since; after a retry it is a new one.
        if let Some(keys) = &self.keys
            && std::ptr::eq(keys.suite, suite)
            && keys.open(header, place, end).is_some_and(|frames| self.pieces.take(&frames).is_some())
        {
            return;
        }
        let Some(keys) = Keys::of(suite, header.destination) else { return };
        if keys.open(header, place, end).is_some_and(|frames| self.pieces.take(&frames).is_some()) {
            self.keys = Some(keys);
        }
    }
}

impl Dialogue for Opening {
    fn hear(&mut self, _: Side, bytes: &[u8], seen: &mut Seen) -> Goes {
        self.take(bytes, seen)
    }
}

/// QUIC from one of its long headers on.
pub(super) fn quic(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let header = Long::read(data.bytes)?;
    // What is counted must be there, but in a datagram that was cut.
    if let Some(suite) = header.suite()
        && data.bytes.len() == data.length
        && !header.is_retry(suite)
        && header.after(suite).is_none()
    {
        return None;
    }
    seen.see(labels::QUIC_ANY);
    let server = if data.side == Side::Client { data.destination } else { data.source };
    Some(Next::Talk(Box::new(Opening { server, keys: None, pieces: Pieces::default(), left: DATAGRAMS })))
}

impl Long<'_> {
    /// Whether a server asks the client to come again (RFC 9000, section 17.2.5).
    fn is_retry(&self, suite: &Suite) -> bool {
        let kind = self.packet.first().map_or(0, |first| first >> 4 & 0x03);
        kind == (suite.initial + 3) & 0x03
    }
}

#[cfg(test)]
mod tests;
