//! RTSP (RFC 2326, RFC 7826): cameras and media servers are told what to play, and may send it in the same connection.

use std::net::{IpAddr, SocketAddr};

use super::media::Rtp;
use super::sip::Sdp;
use crate::wire::labels;
use crate::wire::lines::starts_with_word;
use crate::wire::protocols::{Datagram, Dialogue, Goes, Next, Seen, Side};

/// Methods of both versions.
const METHODS: [&str; 12] = [
    "DESCRIBE",
    "ANNOUNCE",
    "GET_PARAMETER",
    "OPTIONS",
    "PAUSE",
    "PLAY",
    "PLAY_NOTIFY",
    "RECORD",
    "REDIRECT",
    "SETUP",
    "SET_PARAMETER",
    "TEARDOWN",
];

fn is_start(line: &[u8]) -> bool {
    if line.starts_with(b"RTSP/1.0 ") || line.starts_with(b"RTSP/2.0 ") {
        return true;
    }
    METHODS.iter().any(|method| starts_with_word(line, method))
        && (line.ends_with(b" RTSP/1.0") || line.ends_with(b" RTSP/2.0"))
}

/// RTSP from the start of a message on.
pub(super) fn rtsp(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let end = data.bytes.iter().position(|byte| *byte == b'\n').unwrap_or(data.bytes.len());
    let first = data.bytes.get(..end)?;
    if !is_start(first.strip_suffix(b"\r").unwrap_or(first)) {
        return None;
    }
    seen.see(labels::CLEARTEXT_RTSP);
    let (client, server) = match data.side {
        Side::Client => (data.source, data.destination),
        Side::Server => (data.destination, data.source),
    };
    let halves = [Half::new(client.ip(), "client_port"), Half::new(server.ip(), "server_port")];
    Some(Next::Talk(Box::new(Stream { halves })))
}

/// Longest line that is read.
const LINE: usize = 1024;

/// Both directions.
struct Stream {
    halves: [Half; 2],
}

/// One direction.
struct Half {
    /// Who sends, and how a transport's own port is called.
    of: IpAddr,
    port: &'static str,
    held: Vec<u8>,
    place: Place,
    /// The length of the body that will follow.
    body: usize,
    /// Bytes that are passed over.
    skip: usize,
    sdp: Sdp,
    /// The last packet within: source, number, how many followed each other.
    packet: Option<(u32, u16, u8)>,
    lost: bool,
}

/// Where in a message we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// A message or a packet may begin.
    Start,
    Head,
    Body,
}

/// Packets that must follow each other.
const AGREE: u8 = 3;

impl Half {
    fn new(of: IpAddr, port: &'static str) -> Self {
        Self {
            of,
            port,
            held: Vec::new(),
            place: Place::Start,
            body: 0,
            skip: 0,
            sdp: Sdp::default(),
            packet: None,
            lost: false,
        }
    }

    fn hear(&mut self, bytes: &[u8], seen: &mut Seen) {
        let mut rest = bytes;
        while !rest.is_empty() && !self.lost {
            let skipped = self.skip.min(rest.len());
            self.skip -= skipped;
            rest = rest.get(skipped..).unwrap_or_default();
            let Some(&next) = self.held.first().or(rest.first()) else { return };
            rest = if self.place == Place::Start && next == b'$' {
                self.packet(rest, seen)
            } else {
                self.text(rest, seen)
            };
        }
    }

    /// A packet in between: a dollar sign, a channel, a length (RFC 2326, section 10.12).
    fn packet<'a>(&mut self, bytes: &'a [u8], seen: &mut Seen) -> &'a [u8] {
        // Its header and RTP's.
        let wanted = 4 + 12;
        let (taken, rest) = bytes.split_at(wanted.min(bytes.len() + self.held.len()).saturating_sub(self.held.len()));
        self.held.extend_from_slice(taken);
        let Some((&[_, _, l0, l1], packet)) = self.held.split_first_chunk::<4>() else { return rest };
        let length = usize::from(u16::from_be_bytes([l0, l1]));
        if length < 12 {
            // Too short for RTP; what was taken too much is text again.
            let over = packet.len().saturating_sub(length);
            self.skip = length.saturating_sub(packet.len());
            self.held.clear();
            let at = taken.len().saturating_sub(over);
            return bytes.get(at..).unwrap_or_default();
        }
        let Some(head) = packet.first_chunk::<12>() else { return rest };
        // The header alone is read: its payload may be anything.
        let &[first, kind, q0, q1, _, _, _, _, s0, s1, s2, s3] = head;
        if first >> 6 == 2 && Rtp::is_kind(kind & 0x7f) {
            let (sequence, source) = (u16::from_be_bytes([q0, q1]), u32::from_be_bytes([s0, s1, s2, s3]));
            let count = match self.packet {
                Some((of, last, count)) if of == source && (1..=32).contains(&sequence.wrapping_sub(last)) => count + 1,
                _ => 1,
            };
            self.packet = Some((source, sequence, count.min(AGREE)));
            if count >= AGREE {
                seen.see(labels::CLEARTEXT_RTP);
            }
        }
        self.skip = length - 12;
        self.held.clear();
        rest
    }

    fn text<'a>(&mut self, bytes: &'a [u8], seen: &mut Seen) -> &'a [u8] {
        let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
        let end = if self.place == Place::Body { end.min(self.body) } else { end };
        let (taken, rest) = bytes.split_at(end.min(bytes.len()));
        let room = LINE.saturating_sub(self.held.len());
        self.held.extend_from_slice(taken.get(..room.min(taken.len())).unwrap_or_default());
        let whole = taken.ends_with(b"\n");
        if self.place == Place::Body {
            self.body -= taken.len();
            if whole || self.body == 0 {
                let line = std::mem::take(&mut self.held);
                self.sdp.line(line.trim_ascii_end(), seen);
            }
            if self.body == 0 {
                self.place = Place::Start;
                self.sdp.end(seen);
            }
            return rest;
        }
        if !whole {
            return rest;
        }
        let line = std::mem::take(&mut self.held);
        self.line(line.trim_ascii_end(), seen);
        rest
    }

    fn line(&mut self, line: &[u8], seen: &mut Seen) {
        match self.place {
            Place::Start if line.is_empty() => {}
            Place::Start if is_start(line) => {
                seen.see(labels::CLEARTEXT_RTSP);
                (self.place, self.body, self.sdp) = (Place::Head, 0, Sdp::default());
            }
            Place::Start => self.lost = true,
            Place::Head if line.is_empty() => {
                self.place = if self.body == 0 { Place::Start } else { Place::Body };
            }
            Place::Head => self.header(line, seen),
            Place::Body => {}
        }
    }

    fn header(&mut self, line: &[u8], seen: &mut Seen) {
        let Ok(line) = std::str::from_utf8(line) else { return };
        let Some((name, value)) = line.split_once(':') else { return };
        if name.eq_ignore_ascii_case("content-length") {
            self.body = value.trim().parse().unwrap_or(0);
        } else if name.eq_ignore_ascii_case("transport") && !value.contains("SAVP") {
            // Where this side will listen.
            for part in value.split([';', ',']) {
                let Some((key, ports)) = part.trim().split_once('=') else { continue };
                if key.eq_ignore_ascii_case(self.port)
                    && let Some(port) = ports.split('-').next().and_then(|port| port.parse().ok())
                {
                    seen.announce(SocketAddr::new(self.of, port));
                }
            }
        }
    }
}

impl Dialogue for Stream {
    fn hear(&mut self, side: Side, bytes: &[u8], seen: &mut Seen) -> Goes {
        if let Some(half) = self.halves.get_mut(side as usize) {
            half.hear(bytes, seen);
        }
        if self.halves.iter().all(|half| half.lost) { Goes::Over } else { Goes::On }
    }

    fn gap(&mut self, side: Side) {
        if let Some(half) = self.halves.get_mut(side as usize) {
            half.lost = true;
        }
    }
}
