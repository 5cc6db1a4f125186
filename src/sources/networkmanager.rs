//! One reading of NetworkManager over D-Bus, shared by the topics that want its word.

use std::collections::BTreeMap;

use crate::facts::Observed;
use crate::facts::portal::Connectivity;
use crate::facts::profiles::Profiles;

use super::machine::Machine;

/// What NetworkManager knows, in this project's own types. Strings are untrusted text.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The manager's `Connectivity`.
    pub connectivity: Connectivity,
    /// `ConnectivityCheckAvailable` and `ConnectivityCheckEnabled`. Without them "full" is NetworkManager's guess
    /// from a default route, not a look (`nm-device.c`: "make an optimistic guess").
    pub connectivity_checked: bool,
    /// Devices, by interface name.
    pub devices: Vec<Device>,
    /// Active connections, by UUID.
    pub active: Vec<Active>,
    /// Saved Wi-Fi and VPN profiles, without secrets.
    pub profiles: Observed<Profiles>,
    /// `DnsManager`.
    pub dns: Option<DnsManager>,
}

/// A device.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// Interface name.
    pub interface: String,
    /// `NMDeviceType`: 1 Ethernet, 2 Wi-Fi, 6 Bluetooth, 8 modem, 16 tun, 23 PPP, 29 WireGuard.
    pub kind: u32,
    /// `Metered`: 1 yes, 2 no, 3 guessed yes, 4 guessed no.
    pub metered: u32,
    /// `Ip4Connectivity`.
    pub ipv4_connectivity: Option<Connectivity>,
    /// `Ip6Connectivity`.
    pub ipv6_connectivity: Option<Connectivity>,
    /// UUID of the active connection.
    pub active_uuid: Option<String>,
    /// `DHCP4Config.Options` (all strings), e.g. `rfc3442_classless_static_routes`, `wpad`, `dhcp_server_identifier`.
    pub dhcp4: BTreeMap<String, String>,
}

/// An active connection.
#[derive(Clone, Debug, Default)]
pub struct Active {
    /// UUID of its profile.
    pub uuid: String,
    /// The person's name for it.
    pub id: String,
    /// `vpn`, `wireguard`, `802-11-wireless`, `802-3-ethernet`, …
    pub kind: String,
    /// `Vpn` property.
    pub vpn: bool,
    /// `State`: 1 activating, 2 activated, 3 deactivating, 4 deactivated.
    pub state: u32,
    /// Holds the IPv4 default route.
    pub default4: bool,
    /// Holds the IPv6 default route.
    pub default6: bool,
    /// Interface names of its devices.
    pub devices: Vec<String>,
}

/// `DnsManager`.
#[derive(Clone, Debug, Default)]
pub struct DnsManager {
    /// `default`, `dnsmasq`, `systemd-resolved`, `none`.
    pub mode: String,
    /// `symlink`, `file`, `resolvconf`, `unmanaged`, …
    pub rc_manager: String,
    /// Entries in order of priority.
    pub entries: Vec<DnsEntry>,
}

/// One entry of `DnsManager.Configuration`.
#[derive(Clone, Debug, Default)]
pub struct DnsEntry {
    /// Resolver addresses.
    pub nameservers: Vec<String>,
    /// Domains; `~` before routing-only ones.
    pub domains: Vec<String>,
    /// Its interface.
    pub interface: Option<String>,
    /// Lower wins; negative excludes the others.
    pub priority: i32,
    /// It belongs to a VPN.
    pub vpn: bool,
}

/// Reads it.
pub async fn look(_machine: &Machine) -> Observed<Snapshot> {
    Observed::default()
}

/// The saved profiles.
pub fn profiles(_snapshot: &Observed<Snapshot>) -> Observed<Profiles> {
    Observed::default()
}
