//! Conversations that are encrypted, by the greetings that are not: TLS, DTLS, QUIC, SSH.

pub(super) mod dtls;
mod hello;
mod quic;
mod ssh;

use std::net::IpAddr;

use hello::{ClientHello, ServerHello};

use super::{Datagram, Dialogue, Goes, Next, Recogniser, Seen, Side};
use crate::wire::labels;

/// Recognisers by name.
pub(super) const ALL: &[(&str, Recogniser)] = &[
    ("dtls", dtls::dtls),
    ("dtls-in-capwap", dtls::in_capwap),
    ("quic", quic::quic),
    ("ssh", ssh::ssh),
    ("sslv2", sslv2),
    ("tls", tls),
    ("tls-853", tls_853),
    ("tls-in-tds", in_tds),
];

/// A record's header (RFC 8446, section 5.1): kind, version, length.
struct Record {
    kind: u8,
    length: usize,
}

impl Record {
    fn read(head: [u8; 5]) -> Option<Self> {
        let [kind, major, minor, high, low] = head;
        let length = usize::from(u16::from_be_bytes([high, low]));
        // A record holds at most 2^14 bytes, and 2048 more where it is encrypted (RFC 5246, section 6.2.3).
        let sound = matches!(kind, 20..=24) && major == 3 && minor <= 4 && (1..=0x4800).contains(&length);
        sound.then_some(Self { kind, length })
    }
}

/// A handshake record that begins with a hello, as far as it is there.
fn is_hello(bytes: &[u8]) -> bool {
    let Some((head, rest)) = bytes.split_first_chunk::<5>() else { return false };
    let Some(record) = Record::read(*head).filter(|record| record.kind == 22) else { return false };
    let rest = rest.get(..record.length.min(rest.len())).unwrap_or_default();
    match *rest {
        [] => false,
        // Kind, length in three bytes, version.
        [1 | 2, 0 | 1, _, _, major, ..] => matches!(major, 0x03 | 0x7f),
        [1 | 2, 0 | 1, ..] | [1 | 2] => true,
        _ => false,
    }
}

/// TLS from its hello on.
fn tls(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    if !is_hello(data.bytes) {
        return None;
    }
    if data.on_port(853) {
        seen.see(labels::DNS_DOT);
    }
    Some(Next::Talk(Box::new(Tls::of(data))))
}

/// On DNS over TLS's port (RFC 7858) any record tells; a hello is for [`tls`].
fn tls_853(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let record = data.bytes.first_chunk::<5>().and_then(|head| Record::read(*head))?;
    // What follows a whole record must be another.
    let next = data.bytes.get(5 + record.length..).unwrap_or_default();
    if next.first_chunk::<5>().is_some_and(|head| Record::read(*head).is_none()) {
        return None;
    }
    seen.see(labels::DNS_DOT);
    Some(Next::Decided)
}

/// A greeting in SSL 2.0's form (RFC 6101, appendix E): all its lengths add up. Also the answer of a server that
/// speaks nothing else.
fn sslv2(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let (&[high, low, kind], rest) = data.bytes.split_first_chunk::<3>()?;
    let length = usize::from(u16::from_be_bytes([high & 0x7f, low]));
    let number = |at: usize| {
        let two = rest.get(at..).and_then(|rest| rest.first_chunk::<2>());
        two.map(|two| usize::from(u16::from_be_bytes(*two)))
    };
    let client = match kind {
        1 => {
            let (version, ciphers, session, challenge) = (number(0)?, number(2)?, number(4)?, number(6)?);
            let sound = matches!(version, 0x0002 | 0x0300..=0x0303)
                && ciphers != 0
                && ciphers % 3 == 0
                && matches!(session, 0 | 16)
                && (16..=32).contains(&challenge);
            (sound && length == 9 + ciphers + session + challenge).then_some(true)?
        }
        4 => {
            let (version, certificate, ciphers, connection) = (number(2)?, number(4)?, number(6)?, number(8)?);
            let &[hit, kind, ..] = rest else { return None };
            let sound = hit <= 1 && kind <= 1 && version == 0x0002 && ciphers % 3 == 0 && connection <= 32;
            (sound && length == 11 + certificate + ciphers + connection).then_some(false)?
        }
        _ => return None,
    };
    seen.see(labels::TLS_SSLV2_HELLO);
    if client {
        seen.see(labels::TLS_ANY);
    }
    let mut tls = Tls::of(data);
    // The server may answer in the newer form; this greeting has been read.
    let [of_client, of_server] = &mut tls.halves;
    let half = if data.side == Side::Client { of_client } else { of_server };
    half.done = true;
    Some(Next::Talk(Box::new(tls)))
}

/// A hello within a database's greeting (MS-TDS, section 3.2.5.1): a packet's header of eight bytes before it.
fn in_tds(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let (&[0x12, _, l0, l1, ..], rest) = data.bytes.split_first_chunk::<8>()? else { return None };
    // The length counts the header; the hello may need more than one packet.
    if usize::from(u16::from_be_bytes([l0, l1])) < 8 + 5 || !is_hello(rest) {
        return None;
    }
    piece(rest, seen);
    Some(Next::Open)
}

/// What a TLS conversation that another protocol carries (EAP, OpenVPN) shows in a piece that begins a record.
pub(in crate::wire) fn piece(bytes: &[u8], seen: &mut Seen) {
    let Some((head, rest)) = bytes.split_first_chunk::<5>() else { return };
    let Some(record) = Record::read(*head).filter(|record| record.kind == 22) else { return };
    let message = rest.get(..record.length.min(rest.len())).unwrap_or_default();
    read(message, hello::Over::Other, seen);
}

/// Reads a handshake message, perhaps only its start, and notes what it shows.
fn read(message: &[u8], over: hello::Over, seen: &mut Seen) {
    let Some((&[kind, a, b, c], body)) = message.split_first_chunk::<4>() else { return };
    let length = usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap_or(usize::MAX);
    let body = body.get(..length.min(body.len())).unwrap_or_default();
    match kind {
        1 => ClientHello::read(body, false).into_iter().for_each(|hello| hello.see(over, seen)),
        2 => ServerHello::read(body).into_iter().for_each(|hello| hello.see(seen)),
        _ => {}
    }
}

/// Longest hello that is kept; those with post-quantum keys have about 2 KiB.
const KEPT: usize = 4 * 1024;

/// Bytes that a side may send on after its hello while the other side's has not been heard.
const ALONE: usize = 16 * 1024;

/// Both hellos of a TLS conversation.
struct Tls {
    server: IpAddr,
    port: u16,
    halves: [Half; 2],
}

/// One direction.
#[derive(Default)]
struct Half {
    /// The record's header that is coming in.
    head: Vec<u8>,
    /// What of the record is to come.
    left: usize,
    /// Kind of the record.
    kind: u8,
    /// The handshake so far, records taken off.
    message: Vec<u8>,
    /// How long that was when it was read last.
    read: usize,
    /// Its hello has been read, or will never be.
    done: bool,
    /// Bytes since.
    since: usize,
}

impl Tls {
    fn of(data: &Datagram<'_>) -> Self {
        let server = if data.side == Side::Client { data.destination } else { data.source };
        Self { server: server.ip(), port: server.port(), halves: <[Half; 2]>::default() }
    }
}

impl Dialogue for Tls {
    fn hear(&mut self, side: Side, bytes: &[u8], seen: &mut Seen) -> Goes {
        let over = hello::Over::Tcp(self.server, self.port);
        let Some(half) = self.halves.get_mut(side as usize) else { return Goes::Over };
        if half.done {
            half.since += bytes.len();
        } else if half.hear(bytes, over, seen).is_none() {
            *half = Half { done: true, ..Half::default() };
        }
        let alone = self.halves.iter().any(|half| half.since > ALONE);
        if alone || self.halves.iter().all(|half| half.done) { Goes::Over } else { Goes::On }
    }

    fn gap(&mut self, side: Side) {
        if let Some(half) = self.halves.get_mut(side as usize) {
            half.done = true;
        }
    }
}

impl Half {
    /// Hears what comes next. `None`: there is nothing more to read.
    fn hear(&mut self, bytes: &[u8], over: hello::Over, seen: &mut Seen) -> Option<()> {
        let records = self.records(bytes);
        self.look(over, seen).and(records)
    }

    /// Takes the records off. `None`: the handshake's start is over.
    fn records(&mut self, bytes: &[u8]) -> Option<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.left == 0 {
                let (taken, after) = rest.split_at(5_usize.saturating_sub(self.head.len()).min(rest.len()));
                self.head.extend_from_slice(taken);
                rest = after;
                let Some(head) = self.head.first_chunk::<5>() else { return Some(()) };
                let record = Record::read(*head)?;
                // Past the handshake's start; an alert may come before.
                if matches!(record.kind, 20 | 23) {
                    return None;
                }
                (self.kind, self.left) = (record.kind, record.length);
                self.head.clear();
                continue;
            }
            let (taken, after) = rest.split_at(self.left.min(rest.len()));
            rest = after;
            self.left -= taken.len();
            if self.kind == 22 {
                let room = KEPT.saturating_sub(self.message.len()).min(taken.len());
                self.message.extend_from_slice(taken.get(..room)?);
            }
        }
        Some(())
    }

    /// Reads the hello: early, for its end may never come, and once more when it is whole.
    fn look(&mut self, over: hello::Over, seen: &mut Seen) -> Option<()> {
        let Some(&[kind, a, b, c]) = self.message.first_chunk::<4>() else { return Some(()) };
        let length = usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap_or(usize::MAX);
        match kind {
            1 | 2 => {
                let whole = self.message.len() >= 4 + length.min(KEPT - 4);
                if whole || self.read == 0 {
                    read(&self.message, over, seen);
                    self.read = self.message.len();
                }
                (!whole).then_some(())
            }
            // A server may ask for a hello before.
            0 if length == 0 => {
                self.message.drain(..4);
                self.look(over, seen)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
