//! DHCP leases as NetworkManager, systemd-networkd and dhclient leave them.

use crate::facts::Observed;
use crate::facts::dhcp::Dhcp;
use crate::facts::link::Links;

use super::machine::Machine;
use super::networkmanager::Snapshot;

/// Reads the leases.
pub async fn look(
    _machine: &Machine,
    _links: &Observed<Links>,
    _networkmanager: &Observed<Snapshot>,
) -> Observed<Dhcp> {
    Observed::default()
}
