//! SMB over NetBIOS sessions and directly over TCP (RFC 1001, 1002; MS-CIFS, MS-SMB2), and SMB in NetBIOS datagrams.

use super::ntlm;
use crate::wire::labels;
use crate::wire::messages::{Message, Messages, Size};
use crate::wire::protocols::{Datagram, Dialogue, Goes, Next, Over, Seen, Side};

/// Bytes of a conversation that are listened to: logins come at its start, files after it.
const LISTEN: u64 = 1 << 17;

/// A message: a session's header, then the magic of version 1 or 2.
pub(super) fn smb(data: &Datagram<'_>, _: &mut Seen) -> Option<Next> {
    let magic = data.bytes.get(4..8)?;
    let known = data.on_port(445) || data.on_port(139);
    (data.over == Over::Tcp && version(magic).is_some() && matches!(size(data.bytes), Size::Whole(36..)))
        .then(|| Next::Talk(Box::new(Session { known, ..Session::default() })))
}

/// By the first four bytes: 0xff is version 1, 0xfe version 2 and later; 0xfd (encrypted) and 0xfc (compressed)
/// are of version 3.
fn version(magic: &[u8]) -> Option<u8> {
    match magic {
        [first @ 0xfc..=0xff, b'S', b'M', b'B', ..] => Some(*first),
        _ => None,
    }
}

/// A type, 0 for messages, and a length of 17 bits, or 24 without NetBIOS.
fn size(bytes: &[u8]) -> Size {
    match *bytes {
        // 0x81 to 0x85 set a session up and keep it (RFC 1002 4.3).
        [0 | 0x81..=0x85, high, mid, low, ..] => Size::Whole(4 + u64::from(u32::from_be_bytes([0, high, mid, low]))),
        [0 | 0x81..=0x85, ..] | [] => Size::More,
        _ => Size::Wrong,
    }
}

/// Both directions.
#[derive(Default)]
struct Session {
    messages: [Messages; 2],
    /// The port is SMB's, or both sides have spoken it.
    known: bool,
    /// What was shown before that.
    held: Seen,
    spoke: [bool; 2],
}

impl Dialogue for Session {
    fn hear(&mut self, side: Side, bytes: &[u8], seen: &mut Seen) -> Goes {
        let Self { messages, known, held, spoke } = self;
        let (Some(messages), Some(spoken)) = (messages.get_mut(side as usize), spoke.get_mut(side as usize)) else {
            return Goes::Over;
        };
        let mut rest = bytes;
        while let Ok(Some(Message { start, .. })) = messages.next(&mut rest, size) {
            let Some(message) = start.get(4..) else { continue };
            *spoken |= version(message).is_some();
            let seen = if *known { &mut *seen } else { &mut *held };
            match version(message) {
                Some(0xff) => {
                    seen.see(labels::CLEARTEXT_SMB1);
                    // Session setup.
                    if message.get(4) == Some(&0x73) {
                        ntlm::show(message, seen);
                    }
                }
                Some(0xfe) => {
                    seen.see(labels::CLEARTEXT_SMB2);
                    // Session setup.
                    if message.get(12..14) == Some(&[1, 0]) {
                        ntlm::show(message, seen);
                    }
                }
                _ => {}
            }
        }
        if !*known && *spoke == [true; 2] {
            *known = true;
            held.iter().for_each(|label| seen.see(label));
        }
        Goes::On
    }

    fn gap(&mut self, side: Side) {
        if let Some(messages) = self.messages.get_mut(side as usize) {
            messages.clear();
        }
    }

    fn patience(&self) -> u64 {
        LISTEN
    }
}

/// A NetBIOS datagram (RFC 1002 4.4): fourteen bytes of header, two names, then SMB.
pub(super) fn datagram(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let (header, rest) = data.bytes.split_first_chunk::<14>()?;
    if !matches!(header[0], 0x10..=0x12) {
        return None;
    }
    let rest = after_name(after_name(rest)?)?;
    if version(rest) != Some(0xff) {
        return None;
    }
    seen.see(labels::CLEARTEXT_SMB1);
    Some(Next::Decided)
}

/// What follows a name: 32 letters from A to P (RFC 1001 14.1), and the labels of its scope.
fn after_name(bytes: &[u8]) -> Option<&[u8]> {
    let (name, mut rest) = bytes.split_first_chunk::<33>()?;
    let (length, letters) = name.split_first()?;
    if *length != 32 || !letters.iter().all(|letter| (b'A'..=b'P').contains(letter)) {
        return None;
    }
    // A name has at most 255 bytes, a label at least one.
    for _ in 0..128 {
        let (length, after) = rest.split_first()?;
        match *length {
            0 => return Some(after),
            1..=63 => rest = after.get(usize::from(*length)..)?,
            _ => return None,
        }
    }
    None
}
