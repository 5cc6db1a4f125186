//! LDAP (RFC 4511), over TCP and, for domain controllers, over UDP.

use super::{ber, ntlm};
use crate::wire::labels;
use crate::wire::messages::{Message, Messages, Size};
use crate::wire::protocols::{Datagram, Dialogue, Goes, Next, Over, Seen, Side};

/// Operations that matter here, by their tags (RFC 4511 4.2, 4.14).
const BIND: u8 = 0x60;
const BIND_ANSWER: u8 = 0x61;
const EXTENDED: u8 = 0x77;
const EXTENDED_ANSWER: u8 = 0x78;

/// The name of StartTLS (RFC 4511 4.14.1).
const START_TLS: &[u8] = b"1.3.6.1.4.1.1466.20037";

/// LDAP's and the global catalogue's ports.
const PORTS: [u16; 2] = [389, 3268];

/// Longest message that is believed to be one.
const LONGEST: u64 = 1 << 26;

/// A message; on another port than LDAP's only a bind, which is strict in form.
pub(super) fn ldap(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let operation = Operation::of(data.bytes)?;
    let known = PORTS.iter().any(|port| data.on_port(*port));
    if !known && !operation.is_bind() {
        return None;
    }
    if data.over == Over::Tcp {
        return Some(Next::Talk(Box::new(Directory { known, ..Directory::default() })));
    }
    seen.see(labels::CLEARTEXT_LDAP);
    Some(Next::Decided)
}

/// A message's operation: its tag and content.
struct Operation<'a> {
    tag: u8,
    content: &'a [u8],
}

impl<'a> Operation<'a> {
    fn of(message: &'a [u8]) -> Option<Self> {
        let (0x30, content, _) = ber::element(message)? else { return None };
        let (0x02, number, rest) = ber::element(content)? else { return None };
        let (tag, content, _) = ber::element(rest)?;
        let known = matches!(tag, 0x42 | 0x4a | 0x50 | 0x60..=0x79);
        ((1..=4).contains(&number.len()) && number.first()? & 0x80 == 0 && known).then_some(Self { tag, content })
    }

    /// A bind of version 2 or 3 with a way to authenticate.
    fn is_bind(&self) -> bool {
        self.bind().is_some()
    }

    /// A bind's way to authenticate: its tag and content.
    fn bind(&self) -> Option<(u8, &'a [u8])> {
        if self.tag != BIND {
            return None;
        }
        let (0x02, &[1..=3], rest) = ber::element(self.content)? else { return None };
        let (0x04, _, rest) = ber::element(rest)? else { return None };
        // 0x80 simple, 0xa3 SASL; 9 to 11 are Microsoft's own (MS-ADTS 5.1.1.1.3).
        let (tag @ (0x80 | 0xa3 | 0x89..=0x8b | 0xa9..=0xab), content, _) = ber::element(rest)? else { return None };
        Some((tag, content))
    }
}

fn size(bytes: &[u8]) -> Size {
    match (bytes.first(), ber::header(bytes)) {
        (None, _) => Size::More,
        (Some(0x30), Some((_, length, start))) if length <= LONGEST => Size::Whole(length + start as u64),
        (Some(0x30), None) if bytes.len() < 6 => Size::More,
        _ => Size::Wrong,
    }
}

/// Both directions.
#[derive(Default)]
struct Directory {
    messages: [Messages; 2],
    /// The port is LDAP's, or the server has answered.
    known: bool,
    /// What was shown before that.
    held: Seen,
    /// StartTLS was asked for and not answered yet.
    asked: bool,
    /// SASL was begun: what follows its success may be wrapped.
    sasl: bool,
}

impl Dialogue for Directory {
    fn hear(&mut self, side: Side, bytes: &[u8], seen: &mut Seen) -> Goes {
        let Self { messages, known, held, asked, sasl } = self;
        let Some(messages) = messages.get_mut(side as usize) else { return Goes::Over };
        if matches!(bytes, [0x16, 3, 0..=4, ..]) && messages.unfinished().is_empty() {
            return Goes::Anew { rest: bytes.len() };
        }
        let mut rest = bytes;
        loop {
            let Message { start, .. } = match messages.next(&mut rest, size) {
                Ok(Some(message)) => message,
                Ok(None) => return Goes::On,
                // Wrapped by SASL, or the middle of something: the next segment may begin a message.
                Err(_) => return if *sasl { Goes::Over } else { Goes::On },
            };
            let Some(operation) = Operation::of(start) else { continue };
            if side == Side::Server && !*known {
                *known = true;
                held.iter().for_each(|label| seen.see(label));
            }
            let seen = if *known { &mut *seen } else { &mut *held };
            seen.see(labels::CLEARTEXT_LDAP);
            match operation.tag {
                BIND => {
                    *sasl = false;
                    match operation.bind() {
                        Some((0x80, password)) => {
                            seen.see(labels::CLEARTEXT_LDAP_SIMPLE);
                            // Without a password nobody logs in (RFC 4513 5.1.1, 5.1.2).
                            if !password.is_empty() {
                                seen.see(labels::CLEARTEXT_LDAP_PASSWORD);
                            }
                        }
                        Some((_, credentials)) => {
                            *sasl = true;
                            ntlm::show(credentials, seen);
                        }
                        None => {}
                    }
                }
                EXTENDED => {
                    let named = ber::element(operation.content);
                    *asked = named.is_some_and(|(tag, name, _)| tag == 0x80 && name == START_TLS);
                }
                EXTENDED_ANSWER if std::mem::take(asked) && is_success(operation.content) => {
                    return Goes::Anew { rest: rest.len() };
                }
                BIND_ANSWER if !is_success(operation.content) => *sasl = false,
                _ => {}
            }
        }
    }

    fn gap(&mut self, side: Side) {
        if let Some(messages) = self.messages.get_mut(side as usize) {
            messages.clear();
        }
    }
}

/// The result code is success (0) or, of a SASL bind, one more step (14).
fn is_success(content: &[u8]) -> bool {
    matches!(ber::element(content), Some((0x0a, [0 | 14], _)))
}
