//! NFS (RFC 1094, 1813, 7530) by its remote procedure calls (RFC 5531).

use crate::wire::labels;
use crate::wire::protocols::{Datagram, Next, Over, Seen};

/// A call to program 100003 of version 2, 3 or 4; over TCP after a record's mark.
pub(super) fn nfs(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let call = match data.over {
        Over::Udp => data.bytes,
        Over::Tcp => data.bytes.get(4..)?,
    };
    // Transaction, call, RPC version 2, program, its version, procedure.
    let &[_, _, _, _, 0, 0, 0, 0, 0, 0, 0, 2, 0x00, 0x01, 0x86, 0xa3, 0, 0, 0, 2..=4, 0, 0, 0, 0..=21, ..] = call
    else {
        return None;
    };
    seen.see(labels::CLEARTEXT_NFS);
    Some(Next::Decided)
}
