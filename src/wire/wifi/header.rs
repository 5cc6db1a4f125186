//! The header of an 802.11 frame (IEEE 802.11-2020 9.2 and 9.3).

use super::Stations;
use crate::wire::decode::{Air, Pair};
use crate::wire::labels;
use crate::wire::protocols::Seen;

/// What a frame is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Beacons, joining, leaving.
    Management,
    /// Acknowledgements and the like.
    Control,
    /// What stations say.
    Data,
}

/// A frame, its header read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header<'a> {
    /// What it is for.
    pub(super) kind: Kind,
    /// Which of its kind.
    pub(super) subtype: u8,
    /// Encrypted.
    pub(super) protected: bool,
    /// Which part of a frame; 0 for the first, or the only one.
    pub(super) fragment: u8,
    /// Whether the body holds several frames.
    pub(super) aggregate: bool,
    /// Its ends; none of control frames.
    pub(super) stations: Option<Stations>,
    /// What follows.
    pub(super) body: &'a [u8],
    /// Whether all of it was captured.
    pub(super) whole: bool,
    /// Whether its check sum says that it was damaged on the way: whatever it says may be wrong.
    pub(super) damaged: bool,
}

impl<'a> Header<'a> {
    /// Reads it; `None` when it is too short or no 802.11.
    pub(super) fn read(air: Air<'a>, cut: bool) -> Option<Self> {
        let &[mut control, mut flags] = air.frame.first_chunk::<2>()?;
        if air.swapped && !is_possible(control, flags) && is_possible(flags, control) {
            (control, flags) = (flags, control);
        }
        if control & 0b11 != 0 {
            return None;
        }
        let kind = match control >> 2 & 0b11 {
            0 => Kind::Management,
            1 => Kind::Control,
            2 => Kind::Data,
            _ => return None,
        };
        let mut header = Self {
            kind,
            subtype: control >> 4,
            protected: flags & 0x40 != 0,
            fragment: 0,
            aggregate: false,
            stations: None,
            body: &[],
            whole: !cut,
            damaged: air.damaged || (!cut && air.sum.is_some_and(|told| told != sum(air.frame))),
        };
        if kind == Kind::Control {
            return Some(header);
        }
        let (head, mut rest) = air.frame.split_first_chunk::<24>()?;
        let address = |at: usize| head.get(at..).and_then(|bytes| bytes.first_chunk::<6>()).copied();
        let (first, second, third) = (address(4)?, address(10)?, address(16)?);
        header.fragment = head.get(22)? & 0x0f;
        let (to, from) = (flags & 1 != 0, flags & 2 != 0);
        let mut length = 24;
        header.stations = Some(if kind == Kind::Management {
            Stations { pair: Pair { source: second, destination: first }, bssid: Some(third) }
        } else {
            let (source, destination, bssid) = match (to, from) {
                (false, false) => (second, first, Some(third)),
                (false, true) => (third, first, Some(second)),
                (true, false) => (second, third, Some(first)),
                (true, true) => {
                    let (fourth, after) = rest.split_first_chunk::<6>()?;
                    rest = after;
                    length += 6;
                    (*fourth, third, None)
                }
            };
            Stations { pair: Pair { source, destination }, bssid }
        });
        let quality = kind == Kind::Data && header.subtype & 8 != 0;
        if quality {
            let (&[control, _], after) = rest.split_first_chunk::<2>()?;
            header.aggregate = control & 0x80 != 0;
            rest = after;
            length += 2;
        }
        // +HTC: four more bytes, of frames that may have them.
        if flags & 0x80 != 0 && (quality || kind == Kind::Management) {
            rest = rest.get(4..)?;
            length += 4;
        }
        if air.padded && kind == Kind::Data {
            rest = rest.get((4 - length % 4) % 4..)?;
        }
        header.body = if air.unsure && !cut { without_sum(air.frame, rest) } else { rest };
        Some(header)
    }
}

/// Whether a frame control of these two bytes can be: version 0, and of management frames neither a reserved kind, nor
/// those that pass on frames, nor encryption where there is none, nor a request to join that is more than repeated.
const fn is_possible(control: u8, flags: u8) -> bool {
    match (control & 0b11, control >> 2 & 0b11) {
        (0, 0) if control >> 4 == 0 => flags & !0x08 == 0,
        (0, 0) => {
            let encrypted = flags & 0x40 != 0 && !matches!(control >> 4, 10..=14);
            !matches!(control >> 4, 7 | 15) && flags & 0x03 == 0 && !encrypted
        }
        (0, 1) => flags & 0x03 == 0,
        (0, 2) => true,
        _ => false,
    }
}

/// The body without a check sum at its end, if what stands there is one.
fn without_sum<'a>(frame: &[u8], body: &'a [u8]) -> &'a [u8] {
    match (frame.split_last_chunk::<4>(), body.split_last_chunk::<4>()) {
        (Some((before, told)), Some((short, _))) if sum(before) == *told => short,
        _ => body,
    }
}

/// The check sum of a frame, as it stands at its end.
fn sum(frame: &[u8]) -> [u8; 4] {
    let mut crc = flate2::Crc::new();
    crc.update(frame);
    crc.sum().to_le_bytes()
}

/// The start of an encrypted body: three bytes and a key number, and where bit 5 of that is set four more, which WEP
/// does not have.
pub(super) fn wep(body: &[u8], seen: &mut Seen) {
    if matches!(body, [_, _, _, key, ..] if key & 0x20 == 0) {
        seen.see(labels::WIFI_DATA_WEP_IV);
    }
}
