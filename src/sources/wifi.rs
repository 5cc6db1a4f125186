//! Wi-Fi by nl80211.

use crate::facts::Observed;
use crate::facts::wifi::Wifi;

use super::machine::Machine;
use super::networkmanager::Snapshot;

/// Reads the Wi-Fi interface, its association, and the access points of the same name.
pub async fn look(_machine: &Machine) -> Observed<Option<Wifi>> {
    Observed::default()
}

/// The same with what NetworkManager's profile says of the association.
pub fn with_networkmanager(
    wifi: Observed<Option<Wifi>>,
    _networkmanager: &Observed<Snapshot>,
) -> Observed<Option<Wifi>> {
    wifi
}
