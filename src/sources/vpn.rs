//! Tunnels, WireGuard peers, IPsec policies, NetworkManager's VPN connections.

use crate::facts::Observed;
use crate::facts::link::Links;
use crate::facts::routes::Routes;
use crate::facts::vpn::Vpn;

use super::machine::Machine;
use super::networkmanager::Snapshot;

/// Reads what is or could be a VPN.
pub async fn look(
    _machine: &Machine,
    _links: &Observed<Links>,
    _networkmanager: &Observed<Snapshot>,
    _now: jiff::Timestamp,
) -> Observed<Vpn> {
    Observed::default()
}

/// The same with the programs that the routing rules, tables and marks give away (`signatures/vpn.toml`).
pub fn recognised(vpn: Observed<Vpn>, _routes: &Observed<Routes>) -> Observed<Vpn> {
    vpn
}
