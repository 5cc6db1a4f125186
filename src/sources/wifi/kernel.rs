//! The kernel's word, by nl80211: interfaces, networks heard, stations. Foreign types stay here.

use futures_util::{StreamExt as _, TryStream, TryStreamExt as _};
use netlink_packet_generic::GenlMessage;
use tokio::task::JoinHandle;
use wl_nl80211::{
    Ieee80211CapabilityInfo, Nl80211Attr, Nl80211BssInfo, Nl80211Error, Nl80211Handle, Nl80211InterfaceType,
    Nl80211Message, Nl80211StationFlags, Nl80211StationInfo,
};

use crate::facts::text::Ssid;
use crate::facts::wifi::{Bss, Mode};
use crate::facts::{Reason, Thing};
use crate::wire::ieee80211::elements;

/// Most networks that are read: a crowded place has some hundreds.
const NETWORKS: usize = 2048;
/// `ENOENT`: the kernel has no family of that name, thus no Wi-Fi.
const ENOENT: i32 = 2;
/// `NL80211_BSS_STATUS`: 1 associated, 2 joined to an ad-hoc network.
const JOINED: [u32; 2] = [1, 2];

/// One Wi-Fi interface.
#[derive(Clone, Debug, Default)]
pub(super) struct Interface {
    /// Its name.
    pub(super) name: String,
    /// How it takes part.
    pub(super) mode: Mode,
    /// The name of the joined network, where the kernel tells it.
    pub(super) ssid: Option<Ssid>,
    /// Networks heard lately, the joined one among them.
    pub(super) networks: Vec<Network>,
    /// Stations: for one that is joined, its access point.
    pub(super) stations: Vec<Station>,
}

/// A network that was heard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Network {
    /// What it says of itself.
    pub(super) bss: Bss,
    /// This machine is joined to it.
    pub(super) joined: bool,
}

/// The flags of an association.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Station {
    /// The access point's address.
    pub(super) mac: String,
    /// The handshake is finished.
    pub(super) authorized: Option<bool>,
    /// Management frames are protected.
    pub(super) management_protected: Option<bool>,
}

/// The task that serves the socket; it ends with this.
struct Served(JoinHandle<()>);

impl Drop for Served {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Reads all Wi-Fi interfaces of this network namespace, by name; none when the kernel has no Wi-Fi.
pub(super) async fn read() -> Result<Vec<Interface>, Reason> {
    let (connection, handle, _) =
        wl_nl80211::new_connection().map_err(|error| Reason::failed(Thing::Nl80211, error))?;
    let _served = Served(tokio::spawn(connection));
    if !has_wifi(&handle).await? {
        return Ok(Vec::new());
    }
    let mut interfaces = Vec::new();
    for message in collect(handle.interface().get(Vec::new()).execute().await, usize::MAX).await? {
        if let Some((index, interface)) = interface(message) {
            interfaces.push((index, interface));
        }
    }
    for (index, interface) in &mut interfaces {
        let networks = collect(handle.scan().dump(*index).execute().await, NETWORKS).await?;
        interface.networks = networks.into_iter().filter_map(network).collect();
        if interface.networks.iter().any(|network| network.joined) {
            let stations = collect(handle.station().dump(*index).execute().await, NETWORKS).await?;
            interface.stations = stations.into_iter().filter_map(station).collect();
        }
    }
    let mut interfaces: Vec<Interface> = interfaces.into_iter().map(|(_, interface)| interface).collect();
    interfaces.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(interfaces)
}

async fn has_wifi(handle: &Nl80211Handle) -> Result<bool, Reason> {
    match handle.handle.resolve_family::<Nl80211Message>().await {
        Ok(_) => Ok(true),
        Err(genetlink::GenetlinkError::NetlinkError(error)) if error.raw_os_error() == Some(ENOENT) => Ok(false),
        Err(error) => Err(Reason::failed(Thing::Nl80211, error)),
    }
}

/// The messages of a dump. One that this version cannot decode is left out; an error of the kernel ends it.
async fn collect(
    stream: impl TryStream<Ok = GenlMessage<Nl80211Message>, Error = Nl80211Error>,
    most: usize,
) -> Result<Vec<Vec<Nl80211Attr>>, Reason> {
    let mut messages = Vec::new();
    let mut stream = std::pin::pin!(stream.into_stream());
    while let Some(message) = stream.next().await {
        match message {
            Ok(message) => messages.push(message.payload.attributes),
            Err(Nl80211Error::NetlinkError(error)) => return Err(Reason::failed(Thing::Nl80211, error)),
            Err(Nl80211Error::RequestFailed(error)) => return Err(Reason::failed(Thing::Nl80211, error)),
            Err(_) => {}
        }
        if messages.len() >= most {
            break;
        }
    }
    Ok(messages)
}

fn interface(attributes: Vec<Nl80211Attr>) -> Option<(u32, Interface)> {
    let mut index = None;
    let mut interface = Interface { mode: Mode::Other, ..Interface::default() };
    for attribute in attributes {
        match attribute {
            Nl80211Attr::IfIndex(number) => index = Some(number),
            Nl80211Attr::IfName(name) => interface.name = name,
            Nl80211Attr::SsidRaw(ssid) => interface.ssid = Some(Ssid(ssid)),
            Nl80211Attr::IfType(kind) => {
                interface.mode = match kind {
                    Nl80211InterfaceType::Station => Mode::Station,
                    Nl80211InterfaceType::Adhoc => Mode::AdHoc,
                    Nl80211InterfaceType::MeshPoint => Mode::Mesh,
                    Nl80211InterfaceType::P2pClient => Mode::P2pClient,
                    Nl80211InterfaceType::Ap | Nl80211InterfaceType::ApVlan | Nl80211InterfaceType::P2pGo => {
                        Mode::AccessPoint
                    }
                    _ => Mode::Other,
                };
            }
            _ => {}
        }
    }
    // A P2P device has neither index nor name: it is no network interface.
    (!interface.name.is_empty()).then_some((index?, interface))
}

fn network(attributes: Vec<Nl80211Attr>) -> Option<Network> {
    let details = attributes.into_iter().find_map(|attribute| match attribute {
        Nl80211Attr::Bss(details) => Some(details),
        _ => None,
    })?;
    let mut network = Network::default();
    let mut heard: Vec<u8> = Vec::new();
    let mut beacon: Vec<u8> = Vec::new();
    for detail in details {
        match detail {
            Nl80211BssInfo::Bssid(bssid) => network.bss.bssid = super::mac(bssid),
            Nl80211BssInfo::Frequency(frequency) => network.bss.frequency = frequency,
            Nl80211BssInfo::Capability(capability) => {
                network.bss.privacy = capability.contains(Ieee80211CapabilityInfo::Privacy);
            }
            Nl80211BssInfo::Status(status) => network.joined = JOINED.contains(&status),
            Nl80211BssInfo::RawInformationElements(bytes) => heard = bytes,
            Nl80211BssInfo::RawBeaconInformationElements(bytes) => beacon = bytes,
            _ => {}
        }
    }
    elements::read_both(&heard, &beacon, &mut network.bss);
    (!network.bss.bssid.is_empty()).then_some(network)
}

fn station(attributes: Vec<Nl80211Attr>) -> Option<Station> {
    let mut station = Station::default();
    for attribute in attributes {
        match attribute {
            Nl80211Attr::Mac(mac) => station.mac = super::mac(mac),
            Nl80211Attr::StationInfo(details) => {
                for detail in details {
                    if let Nl80211StationInfo::StationFlags(flags) = detail {
                        let flag = |flag| flags.mask.contains(flag).then(|| flags.set.contains(flag));
                        if flag(Nl80211StationFlags::TdlsPeer) == Some(true) {
                            return None;
                        }
                        station.authorized = flag(Nl80211StationFlags::Authorized);
                        station.management_protected = flag(Nl80211StationFlags::Mfp);
                    }
                }
            }
            _ => {}
        }
    }
    (!station.mac.is_empty()).then_some(station)
}
