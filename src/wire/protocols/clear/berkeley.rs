//! rlogin (RFC 1282), rsh and rexec (rcmd(3), rexec(3)): who one is, then what one wants, each ended by NUL.

use crate::wire::labels::{self, Label};
use crate::wire::protocols::{Datagram, Next, Seen, Side};

/// NUL, then the names of the user here and there, then the terminal and its speed.
pub(super) fn rlogin(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    names(data, data.bytes.strip_prefix(&[0])?, labels::CLEARTEXT_RLOGIN, seen)
}

/// The port for errors in digits (none: no port), then the names of the user here and there, or the name and
/// its password, then a command.
pub(super) fn rsh(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let digits = data.bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = data.bytes.get(digits..).filter(|_| digits <= 5)?.strip_prefix(&[0])?;
    names(data, rest, labels::CLEARTEXT_RSH, seen)
}

/// Text, of which at least a beginning is there. The port is known where this is asked.
fn names(data: &Datagram<'_>, text: &[u8], label: Label, seen: &mut Seen) -> Option<Next> {
    let sound = text.len() >= 2
        && text.first().is_some_and(u8::is_ascii_graphic)
        && text.iter().all(|&byte| byte == 0 || byte == b'\t' || (b' '..=b'~').contains(&byte));
    if !sound || data.side != Side::Client {
        return None;
    }
    seen.see(label);
    Some(Next::Decided)
}
