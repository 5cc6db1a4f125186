//! What is seen of the local network: ARP, DHCP, router advertisements, redirects; and who contradicts whom.

use super::Stamp;
use super::decode::{Ip, Lost, Pair};
use super::protocols::{Datagram, Seen};
use super::tally::{Place, Tally};

/// What the local network has said so far. Bounded.
#[derive(Debug, Default)]
pub struct Lan {}

impl Lan {
    /// A packet that is not IP.
    ///
    /// # Errors
    /// [`Lost`] when it cannot be read.
    pub fn packet(
        &mut self,
        kind: u16,
        bytes: &[u8],
        mac: Option<Pair>,
        at: Stamp,
        seen: &mut Seen,
    ) -> Result<(), Lost> {
        let _ = (kind, bytes, mac, at, seen);
        Err(Lost::Unsupported)
    }

    /// A PPP packet that is not IP.
    ///
    /// # Errors
    /// [`Lost`] when it cannot be read.
    pub fn ppp(&mut self, protocol: u16, bytes: &[u8], seen: &mut Seen) -> Result<(), Lost> {
        let _ = (protocol, bytes, seen);
        Ok(())
    }

    /// An IP packet that is neither TCP nor UDP.
    ///
    /// # Errors
    /// [`Lost`] when it cannot be read.
    pub fn ip(&mut self, protocol: u8, ip: &Ip<'_>, mac: Option<Pair>, at: Stamp, seen: &mut Seen) -> Result<(), Lost> {
        let _ = (protocol, ip, mac, at, seen);
        Ok(())
    }

    /// A payload over TCP or UDP, for what spans packets of many flows.
    pub fn payload(&mut self, data: &Datagram<'_>, mac: Option<Pair>, at: Stamp, tally: &mut Tally, place: &Place) {
        let _ = (data, mac, at, tally, place);
    }
}
