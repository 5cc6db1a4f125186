//! Name look-ups: DNS, mDNS, LLMNR and NetBIOS names. All four have DNS's message (RFC 1035, section 4).

mod answers;
mod message;

use std::net::IpAddr;

pub(in crate::wire) use answers::Answers;
use message::{Message, Name};

use super::{Datagram, Dialogue, Goes, Next, Recogniser, Seen, Side};
use crate::wire::classify::is_local;
use crate::wire::labels;

/// Recognisers by name.
pub(super) const ALL: &[(&str, Recogniser)] = &[
    ("dns", dns),
    ("dns-anywhere", dns_anywhere),
    ("dns-stream", dns_stream),
    ("llmnr", llmnr),
    ("llmnr-stream", llmnr_stream),
    ("mdns", mdns),
    ("nbns", nbns),
];

/// DNS on its port: any message that reads to its end.
fn dns(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let message = Message::read(data.bytes, data.length).filter(Message::is_dns)?;
    seen.see(labels::DNS_DO53);
    wpad(&message, seen);
    if !message.is_response() && data.destination.port() == 53 && is_elsewhere(data) {
        seen.see(labels::DNS_DO53_PUBLIC_SERVER);
    }
    Some(Next::Each)
}

/// DNS on a port that is not its own: an ordinary question or its answer, and nothing else.
fn dns_anywhere(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    if [53, 137, 5353, 5355].into_iter().any(|port| data.on_port(port)) {
        return None;
    }
    let message = Message::read(data.bytes, data.length).filter(|message| message.is_dns() && message.is_ordinary())?;
    seen.see(labels::DNS_DO53);
    wpad(&message, seen);
    Some(Next::Each)
}

/// Whether what is asked is on the internet: an address that is not local, nor of the asker's own site (an IPv6 site
/// has at most a /48, RFC 6177; its router commonly has a global address in it).
fn is_elsewhere(data: &Datagram<'_>) -> bool {
    match (data.source.ip(), data.destination.ip()) {
        (IpAddr::V6(source), IpAddr::V6(destination)) => {
            !is_local(destination.into()) && source.to_bits() >> 80 != destination.to_bits() >> 80
        }
        (_, destination) => !is_local(destination),
    }
}

/// A proxy asked for by name: the Web Proxy Auto-Discovery draft, and what Windows asks of its neighbours.
fn wpad(message: &Message<'_>, seen: &mut Seen) {
    if message.question.is_some_and(|name| name.first_label().is_some_and(|label| label.eq_ignore_ascii_case(b"wpad")))
    {
        seen.see(labels::DNS_WPAD_QUERY);
    }
}

/// Multicast DNS (RFC 6762) and questions to one responder's port 5353.
fn mdns(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let message = Message::read(data.bytes, data.length).filter(|message| message.opcode() == 0 && message.is_dns())?;
    seen.see(labels::DNS_MDNS);
    wpad(&message, seen);
    Some(Next::Each)
}

/// LLMNR (RFC 4795): one question, also in the response.
fn llmnr(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let message = Message::read(data.bytes, data.length).filter(Message::is_llmnr)?;
    see_llmnr(&message, seen);
    Some(Next::Each)
}

fn see_llmnr(message: &Message<'_>, seen: &mut Seen) {
    seen.see(labels::DNS_LLMNR);
    if message.is_response() {
        seen.see(labels::DNS_LLMNR_RESPONSE);
    }
    wpad(message, seen);
}

/// NetBIOS names over UDP (RFC 1002, section 4.2). The first name must be encoded as theirs are.
fn nbns(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let message = Message::read(data.bytes, data.length)?;
    // Query, registration, release, wait, refresh (8 and 9), multi-homed registration.
    if !matches!(message.opcode(), 0 | 5..=9 | 15) {
        return None;
    }
    let name = message.question.or(message.record).and_then(netbios)?;
    seen.see(labels::DNS_NBNS);
    if message.is_response() {
        seen.see(labels::DNS_NBNS_RESPONSE);
    }
    // Fifteen letters padded with spaces, then a kind.
    if name.get(..15).is_some_and(|name| name.trim_ascii_end().eq_ignore_ascii_case(b"wpad")) {
        seen.see(labels::DNS_WPAD_QUERY);
    }
    Some(Next::Each)
}

/// The 16 bytes of a name of which each half byte is written as a letter from A to P (RFC 1001, section 14.1).
fn netbios(name: Name<'_>) -> Option<[u8; 16]> {
    let label = name.first_label().and_then(|label| label.first_chunk::<32>().filter(|_| label.len() == 32))?;
    let mut decoded = [0; 16];
    let (pairs, _) = label.as_chunks::<2>();
    for (byte, [high, low]) in decoded.iter_mut().zip(pairs) {
        let half = |letter: u8| letter.checked_sub(b'A').filter(|half| *half < 16);
        *byte = half(*high)? << 4 | half(*low)?;
    }
    Some(decoded)
}

/// DNS over TCP (RFC 7766): messages with their length before each.
#[expect(clippy::redundant_closure_for_method_calls, reason = "it must do for a message of any lifetime")]
fn dns_stream(data: &Datagram<'_>, _: &mut Seen) -> Option<Next> {
    begins_stream(data, |message| message.is_dns())?;
    Some(Next::Talk(Box::new(Stream::new(|message, seen| {
        let is = message.is_dns();
        if is {
            seen.see(labels::DNS_DO53);
            seen.see(labels::DNS_DO53_TCP);
            wpad(message, seen);
        }
        is
    }))))
}

/// LLMNR over TCP (RFC 4795, section 2.4): framed as DNS is.
#[expect(clippy::redundant_closure_for_method_calls, reason = "it must do for a message of any lifetime")]
fn llmnr_stream(data: &Datagram<'_>, _: &mut Seen) -> Option<Next> {
    begins_stream(data, |message| message.is_llmnr())?;
    Some(Next::Talk(Box::new(Stream::new(|message, seen| {
        let is = message.is_llmnr();
        if is {
            see_llmnr(message, seen);
        }
        is
    }))))
}

/// Whether a segment begins with a message and its length.
fn begins_stream(data: &Datagram<'_>, is: fn(&Message<'_>) -> bool) -> Option<()> {
    let (length, rest) = data.bytes.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    let message = rest.get(..length.min(rest.len()))?;
    Message::read(message, length).filter(is).map(|_| ())
}

/// As much of a message as is kept to be read; of a longer one the start tells.
const KEPT: usize = 512;

/// Both directions of a stream of messages.
struct Stream {
    /// Notes what a message shows; whether it was one.
    each: fn(&Message<'_>, &mut Seen) -> bool,
    sides: [Half; 2],
}

/// One direction.
#[derive(Default)]
struct Half {
    /// The length and the start of the message that is coming in.
    held: Vec<u8>,
    /// Bytes of it that are still to come and are not kept.
    skip: usize,
    /// The thread is lost.
    lost: bool,
}

impl Stream {
    fn new(each: fn(&Message<'_>, &mut Seen) -> bool) -> Self {
        Self { each, sides: <[Half; 2]>::default() }
    }
}

impl Dialogue for Stream {
    fn hear(&mut self, side: Side, bytes: &[u8], seen: &mut Seen) -> Goes {
        let each = self.each;
        if let Some(half) = self.sides.get_mut(side as usize)
            && !half.lost
        {
            half.lost = half.hear(bytes, |message| each(message, seen)).is_none();
        }
        if self.sides.iter().all(|half| half.lost) { Goes::Over } else { Goes::On }
    }

    fn gap(&mut self, side: Side) {
        if let Some(half) = self.sides.get_mut(side as usize) {
            half.lost = true;
        }
    }
}

impl Half {
    /// Hears what comes next. `None`: these are no messages.
    fn hear(&mut self, bytes: &[u8], mut each: impl FnMut(&Message<'_>) -> bool) -> Option<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let skipped = self.skip.min(rest.len());
            self.skip -= skipped;
            rest = rest.get(skipped..)?;
            if rest.is_empty() {
                break;
            }
            let length = match self.held.first_chunk::<2>() {
                Some(length) => usize::from(u16::from_be_bytes(*length)),
                // The length itself first.
                None => {
                    let (byte, after) = rest.split_first()?;
                    self.held.push(*byte);
                    rest = after;
                    continue;
                }
            };
            let wanted = 2 + length.min(KEPT);
            let (taken, after) = rest.split_at(wanted.saturating_sub(self.held.len()).min(rest.len()));
            self.held.extend_from_slice(taken);
            rest = after;
            if self.held.len() >= wanted {
                let message = self.held.get(2..)?;
                Message::read(message, length).filter(|message| each(message))?;
                self.skip = length.saturating_sub(KEPT);
                self.held.clear();
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests;
