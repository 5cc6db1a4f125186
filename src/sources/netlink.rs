//! The one door to the kernel's netlink: requests as bytes, answers as bytes, refusals as errors.
//!
//! Messages are not decoded on the way: a decoder between the socket and its user would lose a
//! message it does not understand, and a link or route that silently is not there would read as
//! safety. Each topic reads the few attributes it needs with [`attributes`], which stops at what is
//! malformed and never panics. Numbers: Linux `include/uapi/linux/{netlink,genetlink}.h`.

use std::io;
use std::net::IpAddr;

use netlink_sys::{AsyncSocket as _, AsyncSocketExt as _, SocketAddr, TokioSocket};
use rustix::io::Errno;

use crate::facts::{Reason, Thing};

pub(super) use netlink_sys::protocols::{NETLINK_GENERIC, NETLINK_NETFILTER, NETLINK_ROUTE, NETLINK_XFRM};

/// `NLM_F_REQUEST`.
const REQUEST: u16 = 0x1;
/// `NLM_F_MULTI`: more messages follow, up to `NLMSG_DONE`.
const MULTI: u16 = 0x2;
/// `NLM_F_DUMP_INTR`: the list changed while it was read.
const INTERRUPTED: u16 = 0x10;
/// `NLM_F_DUMP`: the whole list, please.
pub(super) const DUMP: u16 = 0x300;
/// `NLMSG_ERROR`.
const ERROR: u16 = 2;
/// `NLMSG_DONE`.
const DONE: u16 = 3;
/// Types below are netlink's own.
const FIRST_KIND: u16 = 16;
/// The longest message the kernel builds is 32 KiB.
const BUFFER: usize = 64 * 1024;
/// More than any laptop has of anything; a list is cut here so that a million routes cost no memory.
const MOST: usize = 20_000;
/// How often a list that changes under the reader is read again.
const TRIES: u32 = 3;

/// Why the kernel did not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal(pub(super) Errno);

impl Refusal {
    /// The reason a fact is unknown for it.
    pub(super) fn reason(self, what: Thing) -> Reason {
        match self.0 {
            Errno::PERM | Errno::ACCESS => Reason::NotPermitted { what },
            Errno::NOENT | Errno::OPNOTSUPP | Errno::PROTONOSUPPORT | Errno::AFNOSUPPORT => {
                Reason::NotAvailable { what }
            }
            other => Reason::failed(what, other),
        }
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self(Errno::from_io_error(&error).unwrap_or(Errno::IO))
    }
}

/// A message of an answer. Its bytes may hold keys, so it is not shown.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Message {
    /// What follows the netlink header.
    pub(super) body: Vec<u8>,
}

impl Message {
    /// Overwrites the bytes.
    pub(super) fn forget(&mut self) {
        self.body.fill(0);
        std::hint::black_box(&self.body);
    }
}

/// An answer: one message, or the messages of a list.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// In the order they came.
    pub(super) messages: Vec<Message>,
    /// There were more than are kept.
    pub(super) cut_short: bool,
}

/// A netlink socket. One question at a time.
pub(super) struct Door {
    socket: TokioSocket,
    sequence: u32,
    buffer: Vec<u8>,
}

impl Door {
    /// Opens a socket of this protocol (`NETLINK_ROUTE`, …) in the network namespace of this process.
    ///
    /// # Errors
    /// When the kernel has no such protocol.
    pub(super) fn open(protocol: isize) -> Result<Self, Refusal> {
        let mut socket = TokioSocket::new(protocol)?;
        socket.socket_mut().bind_auto()?;
        Ok(Self { socket, sequence: 0, buffer: Vec::with_capacity(BUFFER) })
    }

    /// Asks, and waits for the whole answer. `flags` is [`DUMP`] for lists, else 0.
    ///
    /// # Errors
    /// The kernel's error number.
    pub(super) async fn ask(&mut self, kind: u16, flags: u16, body: &[u8]) -> Result<Answer, Refusal> {
        let mut tries = TRIES;
        loop {
            tries = tries.saturating_sub(1);
            let (answer, interrupted) = self.ask_once(kind, flags, body).await?;
            if !interrupted || tries == 0 {
                return Ok(answer);
            }
        }
    }

    async fn ask_once(&mut self, kind: u16, flags: u16, body: &[u8]) -> Result<(Answer, bool), Refusal> {
        self.sequence = self.sequence.wrapping_add(1);
        self.socket.send(&request(kind, flags, self.sequence, body)).await?;
        let mut answer = Answer::default();
        let mut interrupted = false;
        loop {
            self.buffer.clear();
            let from: SocketAddr = self.socket.recv_from(&mut self.buffer).await?;
            if from.port_number() != 0 {
                continue; // not from the kernel
            }
            for (header, body) in Messages(&self.buffer) {
                if header.sequence != self.sequence {
                    continue;
                }
                interrupted |= header.flags & INTERRUPTED != 0;
                match header.kind {
                    ERROR | DONE => {
                        return match body.first_chunk().map_or(0, |code| i32::from_ne_bytes(*code)) {
                            0.. => Ok((answer, interrupted)),
                            code => Err(Refusal(Errno::from_raw_os_error(code.saturating_neg()))),
                        };
                    }
                    kind if kind < FIRST_KIND => {}
                    _ if answer.messages.len() >= MOST => answer.cut_short = true,
                    _ => answer.messages.push(Message { body: body.to_vec() }),
                }
                if header.flags & MULTI == 0 {
                    return Ok((answer, interrupted));
                }
            }
        }
    }

    /// Overwrites what was last read; for answers that hold keys.
    pub(super) fn forget(&mut self) {
        self.buffer.resize(BUFFER, 0);
        self.buffer.fill(0);
        std::hint::black_box(&self.buffer);
    }

    /// The number of a generic netlink family.
    ///
    /// # Errors
    /// `ENOENT` when this kernel has no such family.
    pub(super) async fn family(&mut self, name: &str) -> Result<u16, Refusal> {
        const CTRL_ATTR_FAMILY_ID: u16 = 1;
        let description = self.describe(name).await?;
        attribute(&description, CTRL_ATTR_FAMILY_ID).and_then(u16_of).ok_or(Refusal(Errno::NOENT))
    }

    /// The attributes of a generic family.
    async fn describe(&mut self, name: &str) -> Result<Vec<u8>, Refusal> {
        const GENL_ID_CTRL: u16 = 16;
        const CTRL_CMD_GETFAMILY: u8 = 3;
        const CTRL_ATTR_FAMILY_NAME: u16 = 2;
        let mut body = vec![CTRL_CMD_GETFAMILY, 1, 0, 0];
        put(&mut body, CTRL_ATTR_FAMILY_NAME, &[name.as_bytes(), &[0]].concat());
        let answer = self.ask(GENL_ID_CTRL, 0, &body).await?;
        let message = answer.messages.first().ok_or(Refusal(Errno::NOENT))?;
        Ok(message.body.get(4..).unwrap_or_default().to_vec())
    }

    /// The number of a generic family's multicast group.
    ///
    /// # Errors
    /// When the kernel does not know the family, or it has no such group.
    pub(super) async fn group(&mut self, family: &str, name: &str) -> Result<u32, Refusal> {
        const CTRL_ATTR_MCAST_GROUPS: u16 = 7;
        const CTRL_ATTR_MCAST_GRP_NAME: u16 = 1;
        const CTRL_ATTR_MCAST_GRP_ID: u16 = 2;
        let description = self.describe(family).await?;
        let groups = attribute(&description, CTRL_ATTR_MCAST_GROUPS).unwrap_or_default();
        attributes(groups)
            .find(|(_, group)| attribute(group, CTRL_ATTR_MCAST_GRP_NAME).is_some_and(|found| text(found) == name))
            .and_then(|(_, group)| u32_of(attribute(group, CTRL_ATTR_MCAST_GRP_ID)?))
            .ok_or(Refusal(Errno::NOENT))
    }
}

/// Word of changes, to whoever subscribed. What changed is not read: who needs to know asks again.
pub(super) struct Events {
    socket: TokioSocket,
    buffer: Vec<u8>,
}

impl Events {
    /// Subscribes to multicast groups of a protocol, given as bits (`RTMGRP_*`).
    ///
    /// # Errors
    /// When the kernel has no such protocol or group.
    pub(super) fn open(protocol: isize, groups: u32) -> Result<Self, Refusal> {
        let mut socket = TokioSocket::new(protocol)?;
        socket.socket_mut().bind(&SocketAddr::new(0, groups))?;
        Ok(Self { socket, buffer: Vec::with_capacity(BUFFER) })
    }

    /// Joins another multicast group, by its number.
    ///
    /// # Errors
    /// When the kernel does not let it.
    pub(super) fn join(&mut self, group: u32) -> Result<(), Refusal> {
        Ok(self.socket.socket_mut().add_membership(group)?)
    }

    /// The messages of the last [`Events::changed`]: their kinds, and what follows the netlink header.
    pub(super) fn messages(&self) -> impl Iterator<Item = (u16, &[u8])> {
        Messages(&self.buffer).map(|(header, body)| (header.kind, body))
    }

    /// Waits for word of a change. May be given up at any time without losing one. Gives `false` when there was more
    /// than the socket could hold: something changed, and nobody can say what.
    ///
    /// # Errors
    /// The kernel's error number.
    pub(super) async fn changed(&mut self) -> Result<bool, Refusal> {
        loop {
            self.buffer.clear();
            match self.socket.recv_from(&mut self.buffer).await {
                Ok(from) if from.port_number() == 0 => return Ok(true),
                Ok(_) => {} // not from the kernel
                Err(error) => match Refusal::from(error) {
                    Refusal(Errno::NOBUFS) => return Ok(false),
                    Refusal(Errno::INTR) => {}
                    refusal => return Err(refusal),
                },
            }
        }
    }

    /// Forgets all that has come so far; how often there was more than the socket could hold.
    pub(super) fn forget(&mut self) -> u64 {
        use futures_util::FutureExt as _;
        let mut overruns = 0;
        for _ in 0..MOST {
            match self.changed().now_or_never() {
                Some(Ok(true)) => {}
                Some(Ok(false)) => overruns += 1,
                Some(Err(_)) | None => break,
            }
        }
        overruns
    }
}

/// A request with its netlink header.
fn request(kind: u16, flags: u16, sequence: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(16 + body.len()).unwrap_or(u32::MAX);
    let mut bytes = Vec::with_capacity(16 + body.len());
    bytes.extend_from_slice(&length.to_ne_bytes());
    bytes.extend_from_slice(&kind.to_ne_bytes());
    bytes.extend_from_slice(&(REQUEST | flags).to_ne_bytes());
    bytes.extend_from_slice(&sequence.to_ne_bytes());
    bytes.extend_from_slice(&0u32.to_ne_bytes());
    bytes.extend_from_slice(body);
    bytes
}

/// Appends an attribute to a request.
pub(super) fn put(body: &mut Vec<u8>, kind: u16, value: &[u8]) {
    let length = u16::try_from(4 + value.len()).unwrap_or(u16::MAX);
    body.extend_from_slice(&length.to_ne_bytes());
    body.extend_from_slice(&kind.to_ne_bytes());
    body.extend_from_slice(value);
    body.resize(body.len().next_multiple_of(4), 0);
}

/// The octets of an address, as attributes hold them.
pub(super) fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Header {
    kind: u16,
    flags: u16,
    sequence: u32,
}

/// The messages of one datagram; ends at the first that is malformed.
struct Messages<'a>(&'a [u8]);

impl<'a> Iterator for Messages<'a> {
    type Item = (Header, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let length = usize::try_from(u32_of(self.0)?).ok()?;
        let message = self.0.get(..length)?;
        let body = message.get(16..)?;
        let header = Header {
            kind: u16_of(message.get(4..)?)?,
            flags: u16_of(message.get(6..)?)?,
            sequence: u32_of(message.get(8..)?)?,
        };
        self.0 = self.0.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some((header, body))
    }
}

/// The attributes in these bytes, as kind and value; ends at the first that is malformed.
pub(super) fn attributes(bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    /// `NLA_TYPE_MASK`: the upper two bits say nested and byte order.
    const KIND: u16 = 0x3fff;
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let length = usize::from(u16_of(rest)?);
        let kind = u16_of(rest.get(2..)?)? & KIND;
        let value = rest.get(4..length)?;
        rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some((kind, value))
    })
}

/// The value of the first attribute of this kind.
pub(super) fn attribute(bytes: &[u8], kind: u16) -> Option<&[u8]> {
    attributes(bytes).find_map(|(found, value)| (found == kind).then_some(value))
}

/// A 16-bit number at the start, in this machine's byte order.
pub(super) fn u16_of(bytes: &[u8]) -> Option<u16> {
    bytes.first_chunk().map(|bytes| u16::from_ne_bytes(*bytes))
}

/// A 32-bit number at the start, in this machine's byte order.
pub(super) fn u32_of(bytes: &[u8]) -> Option<u32> {
    bytes.first_chunk().map(|bytes| u32::from_ne_bytes(*bytes))
}

/// A 64-bit number at the start, in this machine's byte order.
pub(super) fn u64_of(bytes: &[u8]) -> Option<u64> {
    bytes.first_chunk().map(|bytes| u64::from_ne_bytes(*bytes))
}

/// A 16-bit number at the start, in network byte order.
pub(super) fn u16_be(bytes: &[u8]) -> Option<u16> {
    bytes.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))
}

/// A 32-bit number at the start, in network byte order.
pub(super) fn u32_be(bytes: &[u8]) -> Option<u32> {
    bytes.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

/// Text up to the first NUL. Interface names may hold any byte; what is not UTF-8 is replaced.
pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.split(|byte| *byte == 0).next().unwrap_or_default()).into_owned()
}

/// An address by its length: 4 octets or 16.
pub(super) fn address(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(octets) = <[u8; 4]>::try_from(bytes) {
        return Some(octets.into());
    }
    <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from)
}

/// A hardware address, lower-case with colons; `None` unless it has six octets.
pub(super) fn mac(bytes: &[u8]) -> Option<String> {
    let octets = <[u8; 6]>::try_from(bytes).ok()?;
    Some(octets.map(|octet| format!("{octet:02x}")).join(":"))
}

/// The messages of one kind in a recording: lines of a word and hexadecimal digits.
#[cfg(test)]
pub(super) fn recorded(text: &str, word: &str) -> Vec<Vec<u8>> {
    let bytes = |digits: &str| -> Vec<u8> {
        let pairs = digits.as_bytes().chunks(2);
        pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
    };
    let lines = text.lines().filter_map(|line| line.split_once(' '));
    lines.filter(|(found, _)| *found == word).map(|(_, digits)| bytes(digits)).collect()
}

/// Recorded in a network namespace made for it; see the file's head.
#[cfg(test)]
pub(super) const POLICY_ROUTING: &str = include_str!("../../tests/machine/netlink/policy-routing.txt");

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn attributes_are_padded_to_four_and_end_at_nonsense() {
        let mut bytes = Vec::new();
        put(&mut bytes, 3, b"eth0\0");
        put(&mut bytes, 0x8000 | 0x12, &[1, 2, 3, 4]);
        let read: Vec<_> = attributes(&bytes).collect();
        assert_eq!(read, [(3, &b"eth0\0"[..]), (18, &[1, 2, 3, 4][..])]);
        assert_eq!(text(read[0].1), "eth0");
        // A length beyond the bytes, and one below its own header.
        assert_eq!(attributes(&[200, 0, 1, 0, 0]).count(), 0);
        assert_eq!(attributes(&[2, 0, 1, 0]).count(), 0);
    }

    #[test]
    fn a_request_is_read_back_as_one_message() {
        let bytes = request(26, DUMP, 7, &[2, 0, 0, 0]);
        let read: Vec<_> = Messages(&bytes).collect();
        assert_eq!(read, [(Header { kind: 26, flags: REQUEST | DUMP, sequence: 7 }, &[2, 0, 0, 0][..])]);
    }

    #[test]
    fn refusals_become_reasons() {
        let what = Thing::Netlink;
        assert_eq!(Refusal(Errno::PERM).reason(what), Reason::NotPermitted { what });
        assert_eq!(Refusal(Errno::NOENT).reason(what), Reason::NotAvailable { what });
        assert!(matches!(Refusal(Errno::NOBUFS).reason(what), Reason::Failed { .. }));
    }

    proptest! {
        #[test]
        fn noise_is_walked_to_its_end(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
            prop_assert!(attributes(&bytes).count() <= bytes.len() / 4 + 1);
            prop_assert!(Messages(&bytes).count() <= bytes.len() / 16 + 1);
        }
    }
}
