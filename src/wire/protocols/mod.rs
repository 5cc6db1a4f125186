//! Protocols whose structure a pattern of bytes cannot show. One file each (or a family of them).
//!
//! A [`Recogniser`] is named by the signatures (`is = "dns"`) and sees a packet whose opening fits; it says which
//! [`labels`](super::labels) the packet shows, and how the flow goes on. A [`Dialogue`] follows a conversation
//! over TCP. Neither keeps content: what leaves them are labels.

mod access;
mod binary;
mod clear;
mod devices;
mod http;
mod names;
mod tls;
pub mod tunnel;
mod voice;
mod vpn;

use std::net::SocketAddr;

pub(in crate::wire) use names::Answers;
pub(in crate::wire) use tls::piece as tls_piece;

use super::labels::Label;

/// A packet's payload and where it goes.
#[derive(Clone, Copy, Debug)]
pub struct Datagram<'a> {
    /// UDP or TCP.
    pub over: Over,
    /// The payload, as much as was captured.
    pub bytes: &'a [u8],
    /// How long the payload was on the wire.
    pub length: usize,
    /// Who sent it.
    pub source: SocketAddr,
    /// To whom.
    pub destination: SocketAddr,
    /// Which side its sender is on, as far as it is known.
    pub side: Side,
}

impl Datagram<'_> {
    /// Whether either end has this port.
    pub const fn on_port(&self, port: u16) -> bool {
        self.source.port() == port || self.destination.port() == port
    }

    /// The port of the side that called.
    pub const fn client_port(&self) -> u16 {
        match self.side {
            Side::Client => self.source.port(),
            Side::Server => self.destination.port(),
        }
    }

    /// The port of the side that was called.
    pub const fn server_port(&self) -> u16 {
        match self.side {
            Side::Client => self.destination.port(),
            Side::Server => self.source.port(),
        }
    }
}

/// What carries a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Datagrams.
    Udp,
    /// A stream: the bytes are those of one segment.
    Tcp,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who opened the flow.
    Client = 0,
    /// Who was called.
    Server = 1,
}

impl Side {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }
}

/// The labels one packet shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    labels: [Option<Label>; 16],
    count: usize,
    /// What the same recogniser noted of the flow's packet before, by [`Next::Perhaps`]; 0 at first.
    pub note: u64,
    /// Which side the packet's sender is on, where the packet itself says so: of a flow whose start was not seen
    /// that is only a guess.
    pub sender: Option<Side>,
    /// Whether somebody has said before that RTP would come to one of the packet's ends.
    pub announced: bool,
    /// Where the packet says that RTP in the clear will come.
    media: Vec<SocketAddr>,
}

impl Seen {
    /// Notes a label, once; past sixteen no more are noted.
    pub fn see(&mut self, label: Label) {
        if !self.has(label)
            && let Some(place) = self.labels.get_mut(self.count)
        {
            *place = Some(label);
            self.count += 1;
        }
    }

    /// Notes where RTP in the clear will come; eight of a packet are believed.
    pub fn announce(&mut self, at: SocketAddr) {
        if self.media.len() < 8 && !self.media.contains(&at) {
            self.media.push(at);
        }
    }

    /// Where RTP in the clear will come.
    pub fn media(&self) -> &[SocketAddr] {
        &self.media
    }

    /// Whether this was noted.
    pub fn has(&self, label: Label) -> bool {
        self.iter().any(|seen| seen == label)
    }

    /// What was noted, in that order.
    pub fn iter(&self) -> impl Iterator<Item = Label> {
        self.labels.iter().filter_map(|label| *label)
    }
}

/// How a flow goes on once something was recognised in it.
pub enum Next {
    /// Nothing more is to be learned.
    Decided,
    /// Every further packet of it is for the same recogniser.
    Each,
    /// It is followed word by word, this packet first.
    Talk(Box<dyn Dialogue>),
    /// Recognised, but others may still say more of this flow.
    Open,
    /// Not sure yet: the flow's next packet is for the same recogniser, which finds this in [`Seen::note`]. It
    /// must come to an end by itself, and says itself what label is shown. When it answers `None` the flow is
    /// looked at as before, that packet first.
    Perhaps(u64),
    /// A tunnel, this packet first: what its packets carry is looked at in turn.
    Carries(&'static Carrier),
}

/// A tunnel over UDP or TCP.
pub struct Carrier {
    /// What each packet of it shows.
    pub label: Option<Label>,
    /// Finds what a packet carries; `None` for one that carries nothing.
    pub open: fn(&[u8]) -> Option<Carried<'_>>,
    /// Who is asked about packets that carry nothing.
    pub other: Option<Recogniser>,
}

/// What a tunnel's packet carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried<'a> {
    /// What it is.
    pub cargo: Cargo,
    /// The network within the tunnel, by its number.
    pub network: u32,
    /// The bytes.
    pub bytes: &'a [u8],
}

/// Kinds of what tunnels carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cargo {
    /// A packet by its ether type.
    Ether(u16),
    /// GRE.
    Gre,
    /// PPP, from its protocol field on.
    Ppp,
    /// An 802.11 frame.
    Wireless,
}

/// Tells whether a packet is of its protocol, and notes what it shows. `None`: it is not.
pub type Recogniser = fn(&Datagram<'_>, &mut Seen) -> Option<Next>;

/// Follows a conversation over TCP, in order, each byte once.
pub trait Dialogue: Send {
    /// Hears what one side says next.
    fn hear(&mut self, side: Side, bytes: &[u8], seen: &mut Seen) -> Goes;

    /// A piece is missing before what this side says next.
    fn gap(&mut self, side: Side) {
        let _ = side;
    }

    /// How many bytes of the conversation are listened to.
    fn patience(&self) -> u64 {
        1 << 20
    }
}

/// Whether a conversation is still worth following.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goes {
    /// It is.
    On,
    /// All is said.
    Over,
    /// It is not what its beginning looked like: others may look, at this packet first.
    Not,
    /// Another protocol follows in the same flow (after STARTTLS, CONNECT, SOCKS): it is looked at as a new
    /// flow would be, from the last `rest` bytes of what was heard on.
    Anew {
        /// How many of the bytes just heard belong to it.
        rest: usize,
    },
}

/// Recognisers by the names that signatures call them.
pub const ALL: &[&[(&str, Recogniser)]] = &[
    access::ALL,
    binary::ALL,
    clear::ALL,
    devices::ALL,
    http::ALL,
    names::ALL,
    tls::ALL,
    tunnel::ALL,
    voice::ALL,
    vpn::ALL,
];

/// The recogniser of this name.
pub fn named(name: &str) -> Option<Recogniser> {
    ALL.iter().copied().flatten().find(|(known, _)| *known == name).map(|(_, recogniser)| *recogniser)
}
