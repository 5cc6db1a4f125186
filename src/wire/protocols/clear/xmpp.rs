//! XMPP (RFC 6120, XEP-0078): whether a login comes before TLS.

use crate::wire::labels;
use crate::wire::protocols::{Datagram, Dialogue, Goes, Next, Over, Seen, Side};

/// Longest tag that is read; of a longer one, its start.
const LONGEST: usize = 256;

/// A stream's opening tag.
pub(super) fn xmpp(data: &Datagram<'_>, _: &mut Seen) -> Option<Next> {
    let has = |part: &[u8]| data.bytes.windows(part.len()).any(|window| window == part);
    let opens = has(b"<stream:stream") || (has(b"jabber:client") && has(b"<stream"));
    (data.over == Over::Tcp && opens).then(|| Next::Talk(Box::new(Stream::default())))
}

/// Both directions' tags.
#[derive(Default)]
struct Stream {
    tags: [Tag; 2],
}

/// The tag that was begun.
#[derive(Default)]
struct Tag {
    inside: bool,
    held: Vec<u8>,
}

impl Dialogue for Stream {
    fn hear(&mut self, side: Side, bytes: &[u8], seen: &mut Seen) -> Goes {
        if super::talk::begins_tls(bytes) {
            return Goes::Anew { rest: bytes.len() };
        }
        let Some(tag) = self.tags.get_mut(side as usize) else { return Goes::Over };
        for (at, &byte) in bytes.iter().enumerate() {
            match (byte, tag.inside) {
                (b'<', _) => {
                    tag.inside = true;
                    tag.held.clear();
                }
                (b'>', true) => {
                    tag.inside = false;
                    let names = |name: &[u8]| {
                        tag.held.strip_prefix(name).is_some_and(|rest| {
                            matches!(rest.first(), None | Some(b' ' | b'/' | b'\n' | b'\t' | b'\r'))
                        })
                    };
                    if side == Side::Client && (names(b"auth") || is_old_login(&tag.held)) {
                        seen.see(labels::CLEARTEXT_XMPP_PLAIN);
                    }
                    if side == Side::Server && names(b"proceed") {
                        return Goes::Anew { rest: bytes.len() - at - 1 };
                    }
                }
                (_, true) if tag.held.len() < LONGEST => tag.held.push(byte),
                (_, _) => {}
            }
        }
        Goes::On
    }
}

/// `<password>` or `<digest>` in a query of `jabber:iq:auth` (XEP-0078 3).
fn is_old_login(tag: &[u8]) -> bool {
    tag == b"digest" || tag == b"password"
}
