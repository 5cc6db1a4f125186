//! SSH by its greeting (RFC 4253, section 4.2).

use crate::wire::labels;
use crate::wire::protocols::{Datagram, Next, Seen};

/// Packets in which both greetings must have been heard.
const BOTH: u64 = 4;

/// `SSH-2.0-…`; `1.99` is version 2 that would speak 1 too, what is below is version 1. The other side's greeting says
/// what is spoken.
pub(super) fn ssh(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let greeting = version(data.bytes);
    match (greeting, seen.note) {
        (Some((major, minor)), _) => {
            seen.see(labels::SSH_ANY);
            if major == 1 && minor != 99 {
                seen.see(labels::SSH_V1);
            }
        }
        (None, 0) => return None,
        (None, _) => {}
    }
    Some(if seen.note < BOTH { Next::Perhaps(seen.note + 1) } else { Next::Decided })
}

/// The version that a greeting names.
fn version(bytes: &[u8]) -> Option<(u8, u8)> {
    let rest = bytes.strip_prefix(b"SSH-")?;
    let dash = rest.iter().take(8).position(|byte| *byte == b'-')?;
    let (major, minor) = rest.get(..dash).and_then(|version| std::str::from_utf8(version).ok())?.split_once('.')?;
    let (major, minor): (u8, u8) = (major.parse().ok()?, minor.parse().ok()?);
    matches!(major, 1 | 2).then_some((major, minor))
}
