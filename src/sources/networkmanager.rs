//! One reading of NetworkManager over D-Bus, shared by the topics that want its word.
//!
//! One round trip brings every object; a second, concurrent, the saved profiles. Secrets are never
//! asked for, and NetworkManager is not started to be asked.

mod convert;
mod settings;

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;

use crate::facts::portal::Connectivity;
use crate::facts::profiles::Profiles;
use crate::facts::{Observed, Reason, Thing};

use super::bus::{Objects, Properties, Service, texts};
use super::machine::Machine;

/// What NetworkManager knows, in this project's own types. Strings are untrusted text.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The manager's `Connectivity`.
    pub connectivity: Connectivity,
    /// `ConnectivityCheckAvailable` and `ConnectivityCheckEnabled`. Without them "full" is NetworkManager's guess
    /// from a default route, not a look (`nm-device.c`: "make an optimistic guess").
    pub connectivity_checked: bool,
    /// Devices, ordered by interface name.
    pub devices: Vec<Device>,
    /// Active connections, ordered by UUID.
    pub active: Vec<Active>,
    /// Saved Wi-Fi and VPN profiles, without secrets.
    pub profiles: Observed<Profiles>,
    /// `DnsManager`.
    pub dns: Option<DnsManager>,
}

/// A device.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// Name of the interface that carries its IP packets (for a modem, not its control port).
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
    /// Interface names of its devices. For a VPN plugin's connection: the tunnel, known by its
    /// address; empty when it has none of its own (IPsec by policy).
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
pub async fn look(machine: &Machine) -> Observed<Snapshot> {
    read(machine).await.unwrap_or_else(Observed::Unknown)
}

/// The saved profiles.
pub fn profiles(snapshot: &Observed<Snapshot>) -> Observed<Profiles> {
    match snapshot {
        Observed::Known(snapshot) => snapshot.profiles.clone(),
        Observed::Unknown(reason) => Observed::Unknown(reason.clone()),
    }
}

/// Asks `NetworkManager` to connect a saved profile, by its UUID. It asks the person for what is missing.
///
/// # Errors
/// When there is no `NetworkManager`, no such profile, or this person may not.
pub async fn connect(machine: &Machine, uuid: &str) -> Result<(), Reason> {
    use zbus::zvariant::{ObjectPath, OwnedObjectPath};
    let bus = machine.system_bus().await?;
    let service = Service::new(bus, "org.freedesktop.NetworkManager", Thing::NetworkManager);
    let path: OwnedObjectPath = service
        .call(
            "/org/freedesktop/NetworkManager/Settings",
            "org.freedesktop.NetworkManager.Settings",
            "GetConnectionByUuid",
            &(uuid,),
        )
        .await?;
    let any = ObjectPath::from_static_str_unchecked("/");
    let _active: OwnedObjectPath = service
        .call(
            "/org/freedesktop/NetworkManager",
            "org.freedesktop.NetworkManager",
            "ActivateConnection",
            &(path, &any, &any),
        )
        .await?;
    Ok(())
}

/// More saved profiles than this are not looked at.
const PROFILES: usize = 512;

/// How long the saved profiles may take, so that slow ones do not cost the rest.
const PROFILES_WAIT: Duration = Duration::from_secs(1);

async fn read(machine: &Machine) -> Result<Observed<Snapshot>, Reason> {
    let bus = machine.system_bus().await?;
    let service = Service::new(bus, "org.freedesktop.NetworkManager", Thing::NetworkManager);
    let objects = service.objects("/org/freedesktop").await?;
    let mut snapshot = convert::snapshot(&objects);
    let saved = tokio::time::timeout(PROFILES_WAIT, saved(service, &objects)).await;
    snapshot.profiles = match saved {
        Ok(Ok(saved)) => Observed::Known(settings::profiles(&saved, &snapshot.active)),
        Ok(Err(reason)) => Observed::Unknown(reason),
        Err(_) => Observed::Unknown(Reason::TimedOut { what: Thing::Profiles }),
    };
    Ok(Observed::Known(snapshot))
}

/// The settings of every saved profile this user may see, without secrets.
async fn saved(service: Service<'_>, objects: &Objects) -> Result<Vec<BTreeMap<String, Properties>>, Reason> {
    let Some(settings) = objects.values().find_map(|object| object.get("org.freedesktop.NetworkManager.Settings"))
    else {
        return Err(Reason::NotAvailable { what: Thing::Profiles });
    };
    let paths: Vec<_> = texts(settings, "Connections").into_iter().take(PROFILES).collect();
    let asked = paths
        .iter()
        .map(|path| service.call(path, "org.freedesktop.NetworkManager.Settings.Connection", "GetSettings", &()));
    let answers: Vec<Result<BTreeMap<String, Properties>, Reason>> = join_all(asked).await;
    // A profile of another user answers "permission denied": it is not ours to see. When none answers,
    // nothing was learned.
    let refused = answers.iter().find_map(|answer| answer.as_ref().err()).cloned();
    let seen: Vec<_> = answers.into_iter().flatten().collect();
    match refused {
        Some(reason) if seen.is_empty() => Err(reason),
        _ => Ok(seen),
    }
}
