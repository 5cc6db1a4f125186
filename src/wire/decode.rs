//! Frames to packets: link layers, IP, UDP and TCP headers, each read with checked slices alone.
//!
//! Own code, where a library was meant: etherparse 0.21 reads outside its slice on an authentication header that
//! says it is shorter than twelve bytes (undefined behaviour on one hostile packet), and pnet's parsers panic.
//!
//! Link types are numbered as in tcpdump.org's LINKTYPE list, ether types as in IEEE's.

mod ip;
mod link;

pub use ip::{Ip, Part, Tcp, Udp, ip, tcp, udp};
pub use link::{Llc, ethernet, interface, link, llc, ppp_protocol, sent};

/// Ether types that matter here.
pub mod ether {
    /// IPv4.
    pub const IPV4: u16 = 0x0800;
    /// ARP.
    pub const ARP: u16 = 0x0806;
    /// IPv6.
    pub const IPV6: u16 = 0x86dd;
    /// 802.1X.
    pub const EAPOL: u16 = 0x888e;
    /// `PPPoE` discovery.
    pub const PPPOE_DISCOVERY: u16 = 0x8863;
    /// `PPPoE` session.
    pub const PPPOE_SESSION: u16 = 0x8864;
    /// PPP, as GRE and Linux cooked captures carry it.
    pub const PPP: u16 = 0x880b;
    /// Ethernet in GRE.
    pub const TRANSPARENT_ETHERNET: u16 = 0x6558;
    /// VLAN tags: 802.1Q, 802.1ad and the older `QinQ` numbers.
    pub const VLANS: [u16; 4] = [0x8100, 0x88a8, 0x9100, 0x9200];
    /// MPLS, to one receiver and to many.
    pub const MPLS: [u16; 2] = [0x8847, 0x8848];
    /// 802.1X before a station roams.
    pub const PREAUTHENTICATION: u16 = 0x88c7;
    /// LLDP.
    pub const LLDP: u16 = 0x88cc;
    /// Not an ether type: an 802.3 frame with a length, its LLC header follows.
    pub const LLC: u16 = 0;
}

/// What the link layer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content<'a> {
    /// A packet of the network layer by its ether type; [`ether::LLC`] for 802.3 frames.
    Packet {
        /// Source and destination, where the link layer has them.
        mac: Option<Pair>,
        /// The VLAN, where a tag was there; of a stack of tags, all of them.
        vlan: Option<u32>,
        /// Ether type of what follows.
        kind: u16,
        /// What follows.
        bytes: &'a [u8],
    },
    /// An 802.11 frame, after any capture header.
    Wireless(Air<'a>),
    /// A PPP frame, from its protocol field on.
    Ppp(&'a [u8]),
}

/// An 802.11 frame as it was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Air<'a> {
    /// The frame; without its check sum where the capture said that there was one.
    pub frame: &'a [u8],
    /// Whether the receiver put the body at a multiple of four bytes.
    pub padded: bool,
    /// The check sum that was cut off.
    pub sum: Option<[u8; 4]>,
    /// Whether one may still stand at its end.
    pub unsure: bool,
    /// Whether the receiver found it damaged.
    pub damaged: bool,
    /// Whether the two bytes of its frame control may have changed places, as access points of Cisco's have it in
    /// CAPWAP.
    pub swapped: bool,
}

impl<'a> Air<'a> {
    /// A frame of which nothing more is known.
    pub const fn bare(frame: &'a [u8]) -> Self {
        Self { frame, padded: false, sum: None, unsure: true, damaged: false, swapped: false }
    }
}

/// Source and destination of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Who sent it.
    pub source: [u8; 6],
    /// For whom.
    pub destination: [u8; 6],
}

/// Why a frame tells nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// Too short for its headers, or they contradict themselves.
    Malformed,
    /// A link type or ether type that is not read here.
    Unsupported,
}
