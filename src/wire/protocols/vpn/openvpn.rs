//! OpenVPN's control channel (openvpn-rfc, "openvpn-wire-protocol"; openvpn's `ssl_pkt.h`): resets with session ids,
//! which may be authenticated (tls-auth) or encrypted (tls-crypt, tls-crypt-v2).

use super::is_random;
use crate::wire::labels;
use crate::wire::protocols::tls;
use crate::wire::protocols::{Datagram, Dialogue, Goes, Next, Seen, Side};

/// The upper five bits of the first byte.
mod opcode {
    pub(super) const CLIENT_RESET_V1: u8 = 1;
    pub(super) const SERVER_RESET_V1: u8 = 2;
    pub(super) const CONTROL: u8 = 4;
    pub(super) const DATA_V2: u8 = 9;
    pub(super) const CLIENT_RESET_V2: u8 = 7;
    pub(super) const SERVER_RESET_V2: u8 = 8;
    pub(super) const CLIENT_RESET_V3: u8 = 10;
}

/// The port IANA gave it.
const PORT: u16 = 1194;

/// Session ids, packet ids, times.
const SESSION: usize = 8;

/// Lengths of what authenticates: MD5, SHA-1, SHA-2 (all that OpenVPN's `--auth` commonly takes).
const HMACS: [usize; 6] = [20, 32, 64, 16, 28, 48];

/// How a control channel is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seal {
    /// Not at all, or authenticated by so many bytes.
    Clear(usize),
    /// Encrypted.
    Crypt,
}

/// The packet that begins a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reset {
    client: bool,
    session: [u8; SESSION],
    seal: Seal,
    /// The client's session, where a server names it.
    answers: Option<[u8; SESSION]>,
    /// Whether this packet alone is proof enough.
    proof: bool,
}

impl Reset {
    fn read(packet: &[u8], length: usize) -> Option<Self> {
        let (&[first, session @ ..], rest) = packet.split_first_chunk::<9>()?;
        // A reset begins with the first key.
        if first & 0x07 != 0 || packet.len() < length {
            return None;
        }
        let client = match first >> 3 {
            opcode::CLIENT_RESET_V1 | opcode::CLIENT_RESET_V2 | opcode::CLIENT_RESET_V3 => true,
            opcode::SERVER_RESET_V1 | opcode::SERVER_RESET_V2 => false,
            _ => return None,
        };
        if session.iter().map(|byte| usize::from(*byte == 0)).sum::<usize>() > 4 {
            return None;
        }
        let reset = |seal, answers, proof| Some(Self { client, session, seal, answers, proof });
        if first >> 3 == opcode::CLIENT_RESET_V3 {
            // Encrypted, then the client's own key, wrapped, with its length at the end.
            let wrapped = rest.last_chunk::<2>().map(|length| usize::from(u16::from_be_bytes(*length)))?;
            let sound = length.checked_sub(CRYPT + TAIL) == Some(wrapped) && wrapped > 256 + 2 + 32;
            return if sound && is_crypt(rest, TAIL) { reset(Seal::Crypt, None, true) } else { None };
        }
        for hmac in [0].into_iter().chain(HMACS) {
            // Without authentication there is no packet id before it either.
            let seal = if hmac == 0 { 0 } else { hmac + 8 };
            let Some(tail) = rest.get(seal..) else { continue };
            let answers = match ack(tail) {
                Some(answers) if answers.is_some() != client => answers,
                _ => continue,
            };
            if hmac == 0 {
                return reset(Seal::Clear(0), answers, !client);
            }
            let id = rest.get(hmac..).and_then(|rest| rest.first_chunk::<4>())?;
            if is_first(*id) && rest.get(..hmac).is_some_and(is_random) {
                return reset(Seal::Clear(hmac), answers, true);
            }
        }
        // An answer may carry a few bytes more (2.6, `EARLY_NEG_FLAGS`).
        let tail = length.checked_sub(CRYPT)?;
        let fits = if client { tail == TAIL } else { (ANSWER..=ANSWER + 16).contains(&tail) };
        if fits && is_crypt(rest, tail) { reset(Seal::Crypt, None, true) } else { None }
    }
}

/// Opcode and session, packet id, time, HMAC-SHA256.
const CRYPT: usize = 1 + SESSION + 8 + 32;

/// Nothing acknowledged, the first message.
const TAIL: usize = 1 + 4;

/// One acknowledged, by its number and session; the first message.
const ANSWER: usize = 1 + 4 + SESSION + 4;

/// What ends a reset. The outer `None`: nothing that does; the inner: nothing is acknowledged.
#[expect(
    clippy::option_option,
    reason = "no acknowledgement, one that acknowledges nothing, one that acknowledges a session"
)]
fn ack(tail: &[u8]) -> Option<Option<[u8; SESSION]>> {
    match *tail {
        [0, 0, 0, 0, 0] => Some(None),
        [1, 0, 0, 0, 0, ref rest @ ..] => {
            let (session, message) = rest.split_first_chunk::<SESSION>()?;
            (message == [0; 4]).then_some(Some(*session))
        }
        _ => None,
    }
}

/// A packet id that begins: from 1 on for each time it is sent, or with the mark of 2.6 that it can do more.
fn is_first(id: [u8; 4]) -> bool {
    matches!(id, [0 | 0x0f, 0, 0, low] if (1..=64).contains(&low))
}

/// Whether what follows a session id is a first packet that is encrypted: its number, a time since 2001, and what
/// looks like chance to the end.
fn is_crypt(rest: &[u8], tail: usize) -> bool {
    let Some((&[n0, n1, n2, n3, t0, t1, t2, t3], sealed)) = rest.split_first_chunk::<8>() else { return false };
    let time = u32::from_be_bytes([t0, t1, t2, t3]);
    is_first([n0, n1, n2, n3]) && time > 1_000_000_000 && sealed.get(..32 + tail).is_some_and(is_random)
}

/// What a TLS server says within a control packet, where that is not encrypted.
fn handshake(packet: &[u8], hmac: usize, seen: &mut Seen) {
    let Some(&first) = packet.first() else { return };
    if first >> 3 != opcode::CONTROL {
        return;
    }
    let seal = if hmac == 0 { 0 } else { hmac + 8 };
    let Some((count, rest)) = packet.get(1 + SESSION + seal..).and_then(|rest| rest.split_first()) else { return };
    let acknowledged = match usize::from(*count) {
        0 => 0,
        count => count * 4 + SESSION,
    };
    // The message's number, then the message.
    if let Some(message) = rest.get(acknowledged + 4..) {
        tls::piece(message, seen);
    }
}

/// Modes of the note.
const KNOWN: u64 = 1 << 60;
const ASKED: u64 = 2 << 60;
const CONTROL: u64 = 3 << 60;
const DATA: u64 = 4 << 60;
const MODE: u64 = 0xf << 60;

/// Packets in which more must be heard.
const WITHIN: u64 = 24;

/// OpenVPN over UDP, on any port.
pub(super) fn udp(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let note = seen.note;
    let heard = note >> 52 & 0xff;
    if heard >= WITHIN {
        return if note & MODE == KNOWN { Some(Next::Decided) } else { None };
    }
    let heard = (heard + 1) << 52;
    if note & MODE == KNOWN {
        handshake(data.bytes, usize::try_from(note & 0xff).unwrap_or(0), seen);
        return Some(Next::Perhaps(note & !(0xff << 52) | heard));
    }
    let Some(reset) = Reset::read(data.bytes, data.length) else { return midway(data, note, heard, seen) };
    let answered = reset.answers.is_some_and(|session| note & MODE == ASKED && note & SHORT == short(session));
    if !(reset.proof || data.on_port(PORT) || answered) {
        return Some(Next::Perhaps(ASKED | heard | short(reset.session)));
    }
    seen.see(labels::VPN_OPENVPN);
    match reset.seal {
        Seal::Clear(hmac) => Some(Next::Perhaps(KNOWN | heard | u64::try_from(hmac).unwrap_or(0))),
        Seal::Crypt => Some(Next::Decided),
    }
}

/// As much of a session id, or of a peer and a packet id, as a note holds.
const SHORT: u64 = (1 << 48) - 1;

fn short(session: [u8; SESSION]) -> u64 {
    u64::from_be_bytes(session) & SHORT
}

/// From the middle of a session, on its own port alone: one direction keeps its session id, or its peer while the
/// packet ids go up.
fn midway(data: &Datagram<'_>, note: u64, heard: u64, seen: &mut Seen) -> Option<Next> {
    if note & MODE == ASKED {
        return Some(Next::Perhaps(note & !(0xff << 52) | heard));
    }
    if !data.on_port(PORT) {
        return None;
    }
    let (&[first, session @ ..], _) = data.bytes.split_first_chunk::<9>()?;
    let side = u64::from(data.side == Side::Server) << 48;
    let (mode, value) = match first >> 3 {
        // Control messages and acknowledgements.
        3..=5 => (CONTROL, short(session)),
        opcode::DATA_V2 => {
            let [p0, p1, p2, n0, n1, n2, n3, _] = session;
            let number = u32::from_be_bytes([n0, n1, n2, n3]) & 0xff_ffff;
            (DATA, u64::from(u32::from_be_bytes([0, p0, p1, p2])) << 24 | u64::from(number))
        }
        _ => return None,
    };
    if note == 0 {
        return Some(Next::Perhaps(mode | heard | side | value));
    }
    if note & MODE != mode || note & 1 << 48 != side {
        return Some(Next::Perhaps(note & !(0xff << 52) | heard));
    }
    let before = note & SHORT;
    let agrees = if mode == CONTROL {
        before == value
    } else {
        before >> 24 == value >> 24 && (1..=64).contains(&(value.wrapping_sub(before) & 0xff_ffff))
    };
    agrees.then(|| {
        seen.see(labels::VPN_OPENVPN);
        Next::Decided
    })
}

/// OpenVPN over TCP, on any port: each packet after its length.
pub(super) fn tcp(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let (length, rest) = data.bytes.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    let reset = Reset::read(rest.get(..length)?, length)?;
    seen.see(labels::VPN_OPENVPN);
    match reset.seal {
        Seal::Clear(hmac) => Some(Next::Talk(Box::new(Stream { hmac, halves: <[Half; 2]>::default() }))),
        Seal::Crypt => Some(Next::Decided),
    }
}

/// Longest packet that is kept to be read.
const KEPT: usize = 2048;

/// Packets of each direction that are read.
const PACKETS: u8 = 12;

/// Both directions of a session over TCP, while its handshake is in the clear.
struct Stream {
    hmac: usize,
    halves: [Half; 2],
}

/// One direction.
#[derive(Default)]
struct Half {
    held: Vec<u8>,
    packets: u8,
    lost: bool,
}

impl Dialogue for Stream {
    fn hear(&mut self, side: Side, bytes: &[u8], seen: &mut Seen) -> Goes {
        let hmac = self.hmac;
        if let Some(half) = self.halves.get_mut(side as usize)
            && !half.lost
        {
            half.held.extend_from_slice(bytes);
            half.read(hmac, seen);
        }
        if self.halves.iter().all(|half| half.lost) { Goes::Over } else { Goes::On }
    }

    fn gap(&mut self, side: Side) {
        if let Some(half) = self.halves.get_mut(side as usize) {
            half.lost = true;
        }
    }
}

impl Half {
    fn read(&mut self, hmac: usize, seen: &mut Seen) {
        while let Some(length) = self.held.first_chunk::<2>() {
            let end = 2 + usize::from(u16::from_be_bytes(*length));
            if end > KEPT || self.packets >= PACKETS {
                self.lost = true;
                self.held = Vec::new();
                return;
            }
            let Some(packet) = self.held.get(2..end) else { return };
            handshake(packet, hmac, seen);
            self.packets += 1;
            self.held.drain(..end);
        }
    }
}
