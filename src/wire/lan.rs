//! What is seen of the local network: ARP, DHCP, router advertisements, redirects; and who contradicts whom.

mod arp;
mod bridge;
mod dhcp;
mod icmp;
mod ppp;
mod syn;

use std::net::Ipv4Addr;

pub(super) use ppp::is_pap_login;

use super::Stamp;
use super::decode::{Ip, Lost, Pair, Tcp, ether};
use super::labels;
use super::protocols::Seen;

/// Kinds of networks (untagged, tagged, in tunnels, of an access point) whose servers and routers are remembered.
const FORMS: usize = 256;

/// One network on which hosts hear each other: a VLAN, a tunnel, an access point's. What one says contradicts only
/// what is said on the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Domain(u64);

impl Domain {
    /// The network of this number within this one.
    #[must_use]
    pub const fn within(self, number: u64) -> Self {
        Self((self.0 ^ number.wrapping_add(1)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29))
    }
}

/// Where and when a packet was seen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Around {
    /// Its sender and receiver on the link, where it tells them.
    pub mac: Option<Pair>,
    /// When.
    pub at: Stamp,
    /// On which network.
    pub domain: Domain,
    /// The same for networks that are told apart by their number alone: VLANs, and those within one kind of tunnel.
    pub form: Domain,
    /// Whether the capture may hold one packet more than once, on several interfaces.
    pub several: bool,
}

impl Around {
    /// The same on the interface of this number.
    #[must_use]
    pub fn on_interface(self, number: u32) -> Self {
        let number = u64::from(number) | 1 << 32;
        Self { domain: self.domain.within(number), form: self.form.within(number), ..self }
    }

    /// The same in a VLAN of this number.
    #[must_use]
    pub fn in_vlan(self, number: u32) -> Self {
        let form = self.form.within(1);
        Self { domain: self.domain.within(u64::from(number)), form, ..self }
    }

    /// The same within a tunnel, in its network of this number.
    #[must_use]
    pub fn in_tunnel(self, number: u32) -> Self {
        let form = self.form.within(2);
        Self { mac: None, domain: self.domain.within(u64::from(number)), form, ..self }
    }

    /// The same in the network of this access point.
    #[must_use]
    pub fn in_cell(self, [a, b, c, d, e, f]: [u8; 6]) -> Self {
        let cell = u64::from_be_bytes([1, 0, a, b, c, d, e, f]);
        Self { domain: self.domain.within(cell), form: self.form.within(cell), ..self }
    }
}

/// What the local network has said so far. Bounded.
#[derive(Debug, Default)]
pub struct Lan {
    arp: arp::Memory,
    dhcp: dhcp::Memory,
    routers: icmp::Memory,
    syn: syn::Memory,
}

impl Lan {
    /// A packet that is neither IP nor an 802.3 frame; tells the address it is about, where there is one.
    ///
    /// # Errors
    /// [`Lost`] when it cannot be read.
    pub fn packet(
        &mut self,
        kind: u16,
        bytes: &[u8],
        around: &Around,
        seen: &mut Seen,
    ) -> Result<Option<Ipv4Addr>, Lost> {
        match kind {
            ether::ARP => self.arp.hear(bytes, around, seen),
            ether::LLDP => {
                seen.see(labels::L2_CDP_LLDP);
                Ok(None)
            }
            _ => Err(Lost::Unsupported),
        }
    }

    /// An 802.3 frame of a bridge's or a switch's own protocol.
    ///
    /// # Errors
    /// [`Lost`] when it is none.
    pub fn bridge(&self, llc: super::decode::Llc<'_>, seen: &mut Seen) -> Result<(), Lost> {
        bridge::hear(llc, seen)
    }

    /// A PPP packet that is not IP.
    pub fn ppp(&self, protocol: u16, bytes: &[u8], seen: &mut Seen) {
        ppp::hear(protocol, bytes, seen);
    }

    /// An IP packet that is neither TCP, UDP nor a tunnel.
    pub fn ip(&mut self, ip: &Ip<'_>, around: &Around, seen: &mut Seen) {
        match ip.protocol {
            1 if ip.source.is_ipv4() => icmp::v4(ip.payload, seen),
            58 if ip.source.is_ipv6() => self.routers.v6(ip, around, seen),
            // ESP: SPI and sequence number at the least.
            50 if ip.payload.len() >= 8 => seen.see(labels::VPN_ESP),
            _ => {}
        }
    }

    /// Whether a segment opens a connection as a port scanner does, one of many.
    pub fn opens_as_a_scan(&mut self, tcp: &Tcp<'_>) -> bool {
        self.syn.hear(tcp)
    }

    /// A datagram from one port to another: DHCP, which knows no flows.
    pub fn datagram(&mut self, ports: [u16; 2], bytes: &[u8], around: &Around) -> Option<Seen> {
        let mut seen = Seen::default();
        match ports {
            [67 | 68 | 4011, _] | [_, 67 | 68 | 4011] => self.dhcp.hear(bytes, around, &mut seen),
            [546 | 547, _] | [_, 546 | 547] => dhcp::v6(bytes, &mut seen),
            _ => return None,
        }
        Some(seen)
    }
}
