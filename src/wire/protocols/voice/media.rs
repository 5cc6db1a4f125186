//! What is said in a call: RTP in the clear, told from RTP whose payload is encrypted, and from everything else.

use super::stun;
use crate::wire::labels;
use crate::wire::protocols::tls::dtls;
use crate::wire::protocols::{Datagram, Next, Seen, Side};

/// RTP's header (RFC 3550, section 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rtp<'a> {
    kind: u8,
    sequence: u16,
    time: u32,
    source: u32,
    payload: &'a [u8],
    /// How long the payload was on the wire.
    length: usize,
}

impl<'a> Rtp<'a> {
    /// Version 2, a kind that is assigned or free to use, sources, extension and padding that fit.
    pub(super) fn read(bytes: &'a [u8], length: usize) -> Option<Self> {
        let (&[first, kind, q0, q1, t0, t1, t2, t3, s0, s1, s2, s3], rest) = bytes.split_first_chunk::<12>()?;
        let kind = kind & 0x7f;
        if first >> 6 != 2 || !Self::is_kind(kind) {
            return None;
        }
        let mut at = usize::from(first & 0x0f) * 4;
        if first & 0x10 != 0 {
            let &[_, _, l0, l1] = rest.get(at..)?.first_chunk::<4>()?;
            at += 4 + usize::from(u16::from_be_bytes([l0, l1])) * 4;
        }
        let mut payload = rest.get(at..)?;
        let mut length = length.checked_sub(12 + at)?;
        if first & 0x20 != 0 && payload.len() == length {
            let padding = usize::from(*payload.last()?);
            length = length.checked_sub(padding).filter(|_| padding != 0)?;
            payload = payload.get(..length)?;
        }
        (length != 0).then_some(Self {
            kind,
            sequence: u16::from_be_bytes([q0, q1]),
            time: u32::from_be_bytes([t0, t1, t2, t3]),
            source: u32::from_be_bytes([s0, s1, s2, s3]),
            payload,
            length,
        })
    }

    /// Whether a kind of payload is assigned or free to use (RFC 3551, section 6; RFC 5761, section 4 for the rest).
    pub(super) const fn is_kind(kind: u8) -> bool {
        matches!(kind, 0..=34 | 96..=127)
    }

    /// Whether the payload has the size that its kind has after so many times eight samples of 8000 a second, or that
    /// size and the tag of SRTP (RFC 3711, section 8.2: 10 or 4 bytes). `None`: its size tells nothing.
    fn is_clear(&self, eights: usize) -> Option<bool> {
        let over = match self.kind {
            // PCMU, PCMA, G.722: a byte a sample, in steps of 5 ms; so a pause before does not matter.
            0 | 8 | 9 => self.length % 40,
            // A transport stream's packets.
            33 => self.length % 188,
            _ => self.length.checked_sub(self.measure(eights)?).filter(|_| eights != 0)?,
        };
        match over {
            0 => Some(true),
            4 | 10 if self.kind != 33 => Some(false),
            _ => None,
        }
    }

    /// How long a payload is after so many times eight samples, of the kinds for which that is fixed (RFC 3551,
    /// section 4.5).
    const fn measure(&self, eights: usize) -> Option<usize> {
        match self.kind {
            // G.726: four bits a sample; DVI4 with a header before; G.728: two bits.
            2 => Some(eights * 4),
            5 => Some(eights * 4 + 4),
            15 => Some(eights * 2),
            // GSM: 33 bytes for 160 samples; G.723.1: 24 for 240; G.729: 10 for 80.
            3 => Some(eights * 33 / 20),
            4 => Some(eights * 4 / 5),
            18 => Some(eights),
            _ => None,
        }
    }

    /// What is compared with the next packet: the time in eights of samples, or the payload's first byte.
    fn mark(&self) -> u8 {
        if self.measure(0).is_some() {
            u8::try_from(self.time >> 3 & 0xff).unwrap_or(0)
        } else {
            self.payload.first().copied().unwrap_or(0)
        }
    }
}

/// Whether this is RTCP (RFC 3550, section 6.4): version 2, a kind, a length in steps of four that fits.
fn is_rtcp(bytes: &[u8], length: usize) -> bool {
    let Some(&[first, kind, l0, l1, _, _, _, _]) = bytes.first_chunk::<8>() else { return false };
    let told = (usize::from(u16::from_be_bytes([l0, l1])) + 1) * 4;
    first >> 6 == 2 && matches!(kind, 192..=195 | 200..=213) && told <= length
}

/// What is known of a flow, as it stands in a note.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Known {
    /// STUN was seen: the flow is that of a call, or of a VPN.
    stun: bool,
    /// A stream is being counted.
    stream: bool,
    /// Who sends it.
    server: bool,
    /// Its source, folded to 24 bits.
    source: u32,
    sequence: u16,
    /// Of its last packet.
    mark: u8,
    /// Packets that followed each other.
    agree: u8,
    /// Signs that the payload is in the clear.
    clear: u8,
    /// Packets since the count began.
    heard: u8,
}

impl Known {
    fn noted(note: u64) -> Self {
        let bits = |at: u32, count: u32| note >> at & ((1 << count) - 1);
        let byte = |at: u32, count: u32| u8::try_from(bits(at, count)).unwrap_or(0);
        Self {
            stun: bits(63, 1) == 1,
            stream: bits(62, 1) == 1,
            server: bits(61, 1) == 1,
            source: u32::try_from(bits(0, 24)).unwrap_or(0),
            sequence: u16::try_from(bits(24, 16)).unwrap_or(0),
            mark: byte(40, 8),
            agree: byte(48, 4),
            clear: byte(52, 2),
            heard: byte(54, 6),
        }
    }

    fn note(self) -> u64 {
        u64::from(self.stun) << 63
            | u64::from(self.stream) << 62
            | u64::from(self.server) << 61
            | u64::from(self.heard) << 54
            | u64::from(self.clear) << 52
            | u64::from(self.agree) << 48
            | u64::from(self.mark) << 40
            | u64::from(self.sequence) << 24
            | u64::from(self.source)
    }

    fn begin(self, rtp: &Rtp<'_>, server: bool) -> Self {
        Self {
            stream: true,
            server,
            source: fold(rtp.source),
            sequence: rtp.sequence,
            mark: rtp.mark(),
            agree: 1,
            clear: u8::from(rtp.is_clear(0) == Some(true)),
            heard: 1,
            ..self
        }
    }
}

fn fold(source: u32) -> u32 {
    (source >> 24 ^ source) & 0xff_ffff
}

/// Packets of a stream that must follow each other.
const AGREE: u8 = 4;

/// The same where somebody has said that RTP in the clear would come there.
const AGREE_ANNOUNCED: u8 = 2;

/// Signs that the payload is in the clear, among so many packets that follow each other. That the first byte of an
/// encrypted payload is that of the last one happens in 1 of 256; three times in fourteen, in 1 of 40,000 calls.
const CLEAR: u8 = 3;
const MOST: u8 = 15;

/// Packets of the flow, of all its streams, in which that is to be found.
const WITHIN: u8 = 60;

/// The flow of a call: STUN, DTLS and RTP share its ports (RFC 7983).
pub(super) fn media(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let known = Known::noted(seen.note);
    if stun::is_stun(data.bytes, data.length, data.on_port(3478)) {
        seen.see(labels::STUN_ANY);
        return Some(Next::Perhaps(Known { stun: true, ..known }.note()));
    }
    if seen.note == 0 {
        return Rtp::read(data.bytes, data.length)
            .map(|rtp| Next::Perhaps(known.begin(&rtp, data.side == Side::Server).note()));
    }
    match *data.bytes {
        // Keys are agreed on: what follows is encrypted.
        [20..=26, ..] => return dtls::dtls(data, seen),
        [0x40..=0x4f, ..] if known.stun => {
            let Some(inner) = stun::channel(data.bytes) else { return Some(Next::Perhaps(seen.note)) };
            let length = inner.len();
            let inner = Datagram { bytes: inner, length, ..*data };
            if let [20..=26, ..] = inner.bytes {
                return dtls::dtls(&inner, seen).or(Some(Next::Perhaps(seen.note)));
            }
            return if stun::is_stun(inner.bytes, length, false) {
                Some(Next::Perhaps(seen.note))
            } else {
                follow(&inner, known, seen)
            };
        }
        _ => {}
    }
    follow(data, known, seen)
}

/// One more packet of a flow in which there was STUN or something like RTP.
fn follow(data: &Datagram<'_>, known: Known, seen: &mut Seen) -> Option<Next> {
    let stay = Some(Next::Perhaps(known.note()));
    let server = data.side == Side::Server;
    let Some(rtp) = Rtp::read(data.bytes, data.length) else {
        // Reports, an agreement on keys between the two (RFC 6189), what keeps a router's mapping.
        let zrtp = data.bytes.starts_with(&[0x10]) && data.bytes.get(4..8).is_some_and(|magic| magic == b"ZRTP");
        return if is_rtcp(data.bytes, data.length) || zrtp || data.length <= 4 { stay } else { None };
    };
    if !known.stream {
        return Some(Next::Perhaps(known.begin(&rtp, server).note()));
    }
    if known.heard >= WITHIN || known.agree >= MOST {
        // It is RTP, or like it, and nothing shows that it can be read.
        return Some(Next::Decided);
    }
    let known = Known { heard: known.heard + 1, ..known };
    if server != known.server || fold(rtp.source) != known.source {
        return Some(Next::Perhaps(known.note()));
    }
    let ahead = rtp.sequence.wrapping_sub(known.sequence);
    match ahead {
        // Twice, or late.
        0 | 0xffe0.. => return Some(Next::Perhaps(known.note())),
        1..=32 => {}
        _ => return None,
    }
    let mark = rtp.mark();
    let clear = rtp.is_clear(usize::from(if ahead == 1 { mark.wrapping_sub(known.mark) } else { 0 }));
    if clear == Some(false) && rtp.measure(0).is_none() {
        return Some(Next::Decided);
    }
    let repeats = rtp.measure(0).is_none() && clear.is_none() && mark == known.mark;
    let sign = clear == Some(true) || repeats;
    let known = Known {
        sequence: rtp.sequence,
        mark,
        agree: known.agree + 1,
        clear: (known.clear + u8::from(sign)).min(CLEAR),
        ..known
    };
    let announced = seen.announced && known.agree >= AGREE_ANNOUNCED;
    if announced || (known.agree >= AGREE && known.clear >= CLEAR) {
        seen.see(labels::CLEARTEXT_RTP);
        return Some(Next::Decided);
    }
    Some(Next::Perhaps(known.note()))
}
