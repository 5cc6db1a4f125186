//! Who answers name look-ups: systemd-resolved, else NetworkManager, else `/etc/resolv.conf`.

use crate::facts::Observed;
use crate::facts::dns::{Dns, Nonsense};
use crate::facts::link::Links;
use crate::facts::routes::Routes;

use super::Budget;
use super::machine::Machine;
use super::networkmanager::Snapshot;

/// Reads `resolv.conf` and systemd-resolved.
pub async fn look(_machine: &Machine, _links: &Observed<Links>) -> Observed<Dns> {
    Observed::default()
}

/// The same with NetworkManager's word, where systemd-resolved does not decide.
pub fn with_networkmanager(
    dns: Observed<Dns>,
    _networkmanager: &Observed<Snapshot>,
    _links: &Observed<Links>,
) -> Observed<Dns> {
    dns
}

/// The same with the way each resolver is reached by.
pub fn reached(dns: Observed<Dns>, _routes: &Observed<Routes>) -> Observed<Dns> {
    dns
}

/// Looks up a random name that cannot exist, by the system's own resolver path.
pub async fn nonsense(_machine: &Machine, _dns: &Observed<Dns>, _budget: Budget) -> Observed<Nonsense> {
    Observed::default()
}
