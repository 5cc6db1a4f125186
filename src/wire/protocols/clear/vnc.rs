//! VNC's remote framebuffer protocol (RFC 6143 7.1.1): "RFB 003.008" and a line's end.

use crate::wire::labels;
use crate::wire::protocols::{Datagram, Next, Seen};

/// The first twelve bytes of each side are its version.
pub(super) fn vnc(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let (version, rest) = data.bytes.split_first_chunk::<12>()?;
    let [b'R', b'F', b'B', b' ', major @ .., b'\n'] = version else { return None };
    let [a, b, c, b'.', d, e, f] = major else { return None };
    if !rest.is_empty() || ![a, b, c, d, e, f].into_iter().all(u8::is_ascii_digit) {
        return None;
    }
    seen.see(labels::CLEARTEXT_VNC);
    Some(Next::Decided)
}
