//! SIP (RFC 3261): calls are set up in text. What it says of where the sound will go is passed on.

use std::net::{IpAddr, SocketAddr};

use crate::wire::labels;
use crate::wire::lines::{Lines, starts_with_word};
use crate::wire::protocols::{Datagram, Dialogue, Goes, Next, Seen, Side};

/// Methods of RFC 3261, 3262, 3265, 3311, 3428, 3515, 3903 and 6086.
const METHODS: [&str; 14] = [
    "INVITE",
    "ACK",
    "BYE",
    "CANCEL",
    "OPTIONS",
    "REGISTER",
    "PRACK",
    "SUBSCRIBE",
    "NOTIFY",
    "PUBLISH",
    "INFO",
    "REFER",
    "MESSAGE",
    "UPDATE",
];

/// Whether a line begins a message: a method, an address and the version, or the version and a number.
fn is_start(line: &[u8]) -> bool {
    if let Some(rest) = line.strip_prefix(b"SIP/2.0 ") {
        return matches!(
            rest,
            [b'1'..=b'6', b'0'..=b'9', b'0'..=b'9', b' ', ..] | [b'1'..=b'6', b'0'..=b'9', b'0'..=b'9']
        );
    }
    METHODS.iter().any(|method| starts_with_word(line, method))
        && line.ends_with(b" SIP/2.0")
        && line.split(|byte| *byte == b' ').nth(1).is_some_and(|address| {
            // A scheme and what it names.
            let colon = address.iter().position(|byte| *byte == b':');
            colon.is_some_and(|at| at > 1 && address.iter().take(at).all(u8::is_ascii_alphanumeric))
        })
}

/// Where in a message we are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// Before its start, or in a body.
    #[default]
    Outside,
    Head,
}

/// What is heard line by line.
#[derive(Debug, Default)]
struct Reader {
    place: Place,
    sdp: Sdp,
}

impl Reader {
    fn line(&mut self, line: &[u8], seen: &mut Seen) {
        if is_start(line) {
            self.place = Place::Head;
            self.sdp.end(seen);
            self.sdp = Sdp::default();
            seen.see(labels::CLEARTEXT_SIP);
            return;
        }
        match self.place {
            Place::Head if line.is_empty() => self.place = Place::Outside,
            Place::Head if is_digest(line) => seen.see(labels::CLEARTEXT_SIP_DIGEST),
            Place::Head => {}
            Place::Outside => self.sdp.line(line, seen),
        }
    }
}

/// Whether a header answers a challenge (RFC 3261, section 22).
fn is_digest(line: &[u8]) -> bool {
    let Some(colon) = line.iter().position(|byte| *byte == b':') else { return false };
    let (name, value) = line.split_at(colon);
    let name = name.trim_ascii();
    (name.eq_ignore_ascii_case(b"authorization") || name.eq_ignore_ascii_case(b"proxy-authorization"))
        && starts_with_word(value.get(1..).unwrap_or_default().trim_ascii_start(), "digest")
}

/// Which streams a session description announces (RFC 8866): those that will go in the clear.
#[derive(Debug, Default)]
pub(super) struct Sdp {
    session: Option<IpAddr>,
    /// The stream whose own address may follow.
    stream: Option<(u16, Option<IpAddr>)>,
}

impl Sdp {
    /// Hears one line.
    pub(super) fn line(&mut self, line: &[u8], seen: &mut Seen) {
        let Ok(line) = std::str::from_utf8(line) else { return };
        if let Some(rest) = line.strip_prefix("c=IN ") {
            // `IP4 192.0.2.1`, `IP4 233.252.0.1/127`, `IP6 …`.
            let address =
                rest.get(4..).and_then(|rest| rest.split('/').next()).and_then(|text| text.trim().parse().ok());
            match &mut self.stream {
                Some((_, own)) => *own = address,
                None => self.session = address,
            }
        } else if let Some(rest) = line.strip_prefix("m=") {
            self.end(seen);
            self.stream = None;
            // `audio 49170 RTP/AVP 0`; a port of 0 refuses, and only the plain profiles go in the clear.
            let mut words = rest.split(' ');
            let port = words.nth(1).and_then(|port| port.split('/').next()).and_then(|port| port.parse().ok());
            if let (Some(port), Some("RTP/AVP" | "RTP/AVPF")) = (port.filter(|port| *port != 0), words.next()) {
                self.stream = Some((port, None));
            }
        }
    }

    /// The description is over, or pauses; a stream's own address may still come.
    pub(super) fn end(&self, seen: &mut Seen) {
        if let Some((port, own)) = self.stream
            && let Some(address) = own.or(self.session)
        {
            seen.announce(SocketAddr::new(address, port));
        }
    }
}

/// SIP over UDP: whole messages.
pub(super) fn sip(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let mut lines = data.bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let first = lines.next()?;
    if !is_start(first) {
        return None;
    }
    let mut reader = Reader::default();
    reader.line(first, seen);
    lines.for_each(|line| reader.line(line, seen));
    reader.sdp.end(seen);
    Some(Next::Each)
}

/// SIP over TCP: the same, wherever segments cut it.
pub(super) fn stream(data: &Datagram<'_>, _: &mut Seen) -> Option<Next> {
    let end = data.bytes.iter().position(|byte| *byte == b'\n')?;
    let first = data.bytes.get(..end)?;
    is_start(first.strip_suffix(b"\r").unwrap_or(first)).then(|| Next::Talk(Box::new(Stream::default())))
}

/// Both directions of a connection.
#[derive(Debug, Default)]
struct Stream {
    sides: [(Lines, Reader); 2],
}

impl Dialogue for Stream {
    fn hear(&mut self, side: Side, bytes: &[u8], seen: &mut Seen) -> Goes {
        if let Some((lines, reader)) = self.sides.get_mut(side as usize) {
            lines.feed(bytes, |line| reader.line(line, seen));
            // A body may end without a line's end.
            if lines.unfinished().is_empty() {
                reader.sdp.end(seen);
            }
        }
        Goes::On
    }

    fn gap(&mut self, side: Side) {
        if let Some(half) = self.sides.get_mut(side as usize) {
            *half = <(Lines, Reader)>::default();
        }
    }
}
