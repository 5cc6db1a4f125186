//! NTLM's third message, with which a user logs in (MS-NLMP 2.2.1.3).

use crate::wire::labels;
use crate::wire::protocols::Seen;

/// Notes a login, if `bytes` hold the message with a user's name.
pub(super) fn show(bytes: &[u8], seen: &mut Seen) {
    const OPENING: &[u8] = b"NTLMSSP\0\x03\0\0\0";
    let Some(at) = bytes.windows(OPENING.len()).position(|window| window == OPENING) else { return };
    // The length of the user's name.
    if let Some(&[low, high]) = bytes.get(at + 36..at + 38)
        && (low, high) != (0, 0)
    {
        seen.see(labels::CLEARTEXT_NTLM);
    }
}
