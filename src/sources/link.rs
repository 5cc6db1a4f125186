//! Interfaces, addresses and routers by rtnetlink, and what each interface is made of.
//!
//! An interface is judged by its kernel kind, its bus and its driver, never by its name. Numbers:
//! Linux `include/uapi/linux/{if_link,if_addr,neighbour,rtnetlink,nl80211}.h`.

pub mod follow;

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::facts::link::{Address, Interface, Links, Medium, Neighbour, Scope, TunMode};
use crate::facts::{Observed, Reason, Thing};

use super::machine::Machine;
use super::netlink::{
    DUMP, Door, NETLINK_GENERIC, NETLINK_ROUTE, Refusal, address, attribute, attributes, mac, text, u32_of, u64_of,
};

const RTM_GETLINK: u16 = 18;
const RTM_GETADDR: u16 = 22;
const RTM_GETNEIGH: u16 = 30;
const IFF_UP: u32 = 0x1;
const ARPHRD_ETHER: u16 = 1;
const ARPHRD_PPP: u16 = 512;
const ARPHRD_RAWIP: u16 = 519;
const ARPHRD_LOOPBACK: u16 = 772;

/// Reads interfaces, addresses, and the hardware addresses of routers.
pub async fn look(machine: &Machine) -> Observed<Links> {
    match read(machine).await {
        Ok(links) => Observed::Known(links),
        Err(reason) => Observed::Unknown(reason),
    }
}

async fn read(machine: &Machine) -> Result<Links, Reason> {
    let failed = |refusal: Refusal| refusal.reason(Thing::Netlink);
    let mut door = Door::open(NETLINK_ROUTE).map_err(failed)?;
    let mut raw = links(&mut door).await.map_err(failed)?;
    let asked = door.ask(RTM_GETADDR, DUMP, &[0; 8]).await.map_err(failed)?;
    for (index, address) in asked.messages.iter().filter_map(|message| parse_address(&message.body)) {
        if let Some(link) = raw.iter_mut().find(|link| link.interface.index == index) {
            link.interface.addresses.push(address);
        }
    }

    let wifi = if raw.iter().any(RawLink::may_be_wifi) { wifi_indexes().await } else { BTreeSet::new() };
    for link in &mut raw {
        link.look_at_device(machine);
        link.interface.medium = link.own_medium(wifi.contains(&link.interface.index));
    }
    look_beneath(&mut raw);

    // Routers are the gateways of default routes; the rest of the neighbour table is nobody's business.
    let gateways = super::routes::gateways(&mut door).await.map_err(failed)?;
    let asked = door.ask(RTM_GETNEIGH, DUMP, &[0; 12]).await.map_err(failed)?;
    let neighbours: Vec<_> = asked.messages.iter().filter_map(|message| parse_neighbour(&message.body)).collect();
    let interfaces: Vec<_> = raw.into_iter().map(|link| link.interface).collect();
    let routers = gateways
        .into_iter()
        .filter_map(|(index, address)| {
            let interface = interfaces.iter().find(|interface| interface.index == index)?.name.clone();
            let mac = neighbours
                .iter()
                .find(|neighbour| (neighbour.0, neighbour.1) == (index, address))
                .and_then(|neighbour| neighbour.2.clone());
            Some(Neighbour { interface, address, mac })
        })
        .collect();
    Ok(Links { interfaces, routers })
}

/// Every link, ordered by index.
pub(super) async fn links(door: &mut Door) -> Result<Vec<RawLink>, Refusal> {
    let answer = door.ask(RTM_GETLINK, DUMP, &[0; 16]).await?;
    let mut links: Vec<_> = answer.messages.iter().filter_map(|message| parse_link(&message.body)).collect();
    links.sort_by_key(|link| link.interface.index);
    Ok(links)
}

/// Every interface as far as rtnetlink alone tells: without addresses and drivers, Wi-Fi like a cable.
async fn bare(door: &mut Door) -> Result<Vec<Interface>, Refusal> {
    let mut raw = links(door).await?;
    for link in &mut raw {
        link.interface.medium = link.own_medium(false);
    }
    look_beneath(&mut raw);
    Ok(raw.into_iter().map(|link| link.interface).collect())
}

/// Indexes of the interfaces nl80211 drives in this network namespace; none where there is no Wi-Fi.
async fn wifi_indexes() -> BTreeSet<u32> {
    const NL80211_CMD_GET_INTERFACE: u8 = 5;
    const NL80211_ATTR_IFINDEX: u16 = 3;
    let ask = async {
        let mut door = Door::open(NETLINK_GENERIC)?;
        let family = door.family("nl80211").await?;
        door.ask(family, DUMP, &[NL80211_CMD_GET_INTERFACE, 0, 0, 0]).await
    };
    let answer = ask.await.unwrap_or_default();
    let indexes = answer.messages.iter().filter_map(|message| message.body.get(4..));
    indexes.filter_map(|body| u32_of(attribute(body, NL80211_ATTR_IFINDEX)?)).collect()
}

/// A link as the kernel tells it, with what is needed to see beneath it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RawLink {
    pub(super) interface: Interface,
    /// Far end, where the kernel's link names it.
    pub(super) remote: Option<IpAddr>,
    /// `IFLA_MTU`.
    pub(super) mtu: u32,
    /// IPv6's own MTU, which a router advertisement may lower (`DEVCONF_MTU6`).
    pub(super) mtu6: u32,
    /// `IFLA_LINK`, unless it lies in another network namespace.
    parent: Option<u32>,
    /// A bond's active member.
    active_member: Option<u32>,
    /// Bus and name of the device behind it.
    device: Option<(String, String)>,
    /// `DEVTYPE` of its uevent, where sysfs shows this very interface.
    device_type: Option<String>,
}

/// Reads an `ifinfomsg` and its attributes.
pub(super) fn parse_link(body: &[u8]) -> Option<RawLink> {
    const IFLA_ADDRESS: u16 = 1;
    const IFLA_IFNAME: u16 = 3;
    const IFLA_MTU: u16 = 4;
    const IFLA_LINK: u16 = 5;
    const IFLA_MASTER: u16 = 10;
    const IFLA_LINKINFO: u16 = 18;
    const IFLA_STATS64: u16 = 23;
    const IFLA_AF_SPEC: u16 = 26;
    const IFLA_CARRIER: u16 = 33;
    const IFLA_LINK_NETNSID: u16 = 37;
    const IFLA_PARENT_DEV_NAME: u16 = 56;
    const IFLA_PARENT_DEV_BUS_NAME: u16 = 57;

    let mut link = RawLink::default();
    let interface = &mut link.interface;
    interface.hardware = super::netlink::u16_of(body.get(2..)?)?;
    interface.index = u32_of(body.get(4..)?)?;
    interface.up = u32_of(body.get(8..)?)? & IFF_UP != 0;
    let (mut elsewhere, mut bus, mut device) = (false, None, None);
    for (kind, value) in attributes(body.get(16..)?) {
        match kind {
            IFLA_ADDRESS => interface.mac = mac(value),
            IFLA_IFNAME => interface.name = text(value),
            IFLA_MTU => link.mtu = u32_of(value)?,
            IFLA_LINK => link.parent = u32_of(value),
            IFLA_MASTER => interface.master = u32_of(value),
            IFLA_LINKINFO => parse_kind(value, interface, &mut link.remote, &mut link.active_member),
            IFLA_STATS64 => {
                interface.rx_bytes = value.get(16..).and_then(u64_of).unwrap_or_default();
                interface.tx_bytes = value.get(24..).and_then(u64_of).unwrap_or_default();
            }
            IFLA_AF_SPEC => link.mtu6 = parse_mtu6(value).unwrap_or_default(),
            IFLA_CARRIER if interface.up => interface.carrier = value.first().map(|carrier| *carrier != 0),
            IFLA_LINK_NETNSID => elsewhere = true,
            IFLA_PARENT_DEV_NAME => device = Some(text(value)),
            IFLA_PARENT_DEV_BUS_NAME => bus = Some(text(value)),
            _ => {}
        }
    }
    if elsewhere {
        link.parent = None;
    }
    link.device = bus.zip(device);
    Some(link)
}

/// Reads `IFLA_LINKINFO`: the kernel kind and the few settings of a kind that matter here.
fn parse_kind(info: &[u8], interface: &mut Interface, remote: &mut Option<IpAddr>, active: &mut Option<u32>) {
    const IFLA_INFO_KIND: u16 = 1;
    const IFLA_INFO_DATA: u16 = 2;
    const IFLA_TUN_TYPE: u16 = 3;
    const IFLA_BOND_ACTIVE_SLAVE: u16 = 2;
    const IFLA_IPTUN_REMOTE: u16 = 3;
    const IFLA_GRE_REMOTE: u16 = 7;
    const IFLA_VTI_REMOTE: u16 = 5;

    let Some(kind) = attribute(info, IFLA_INFO_KIND).map(text) else { return };
    let data = attribute(info, IFLA_INFO_DATA).unwrap_or_default();
    let far_end = |kind| attribute(data, kind).and_then(address).filter(|address| !address.is_unspecified());
    match kind.as_str() {
        "tun" => {
            interface.tun_mode = match attribute(data, IFLA_TUN_TYPE).and_then(|value| value.first()) {
                Some(2) => Some(TunMode::Tap),
                None if interface.hardware == ARPHRD_ETHER => Some(TunMode::Tap),
                Some(_) | None => Some(TunMode::Tun),
            };
        }
        "bond" => *active = attribute(data, IFLA_BOND_ACTIVE_SLAVE).and_then(u32_of),
        "ipip" | "sit" | "ip6tnl" => *remote = far_end(IFLA_IPTUN_REMOTE),
        "gre" | "gretap" | "ip6gre" | "ip6gretap" | "erspan" | "ip6erspan" => *remote = far_end(IFLA_GRE_REMOTE),
        "vti" | "vti6" => *remote = far_end(IFLA_VTI_REMOTE),
        _ => {}
    }
    interface.kind = Some(kind);
}

/// IPv6's MTU out of `IFLA_AF_SPEC`.
fn parse_mtu6(spec: &[u8]) -> Option<u32> {
    const AF_INET6: u16 = 10;
    const IFLA_INET6_CONF: u16 = 2;
    const DEVCONF_MTU6: usize = 2;
    u32_of(attribute(attribute(spec, AF_INET6)?, IFLA_INET6_CONF)?.get(DEVCONF_MTU6 * 4..)?)
}

/// Reads an `ifaddrmsg`: the interface's index and the address.
fn parse_address(body: &[u8]) -> Option<(u32, Address)> {
    const IFA_ADDRESS: u16 = 1;
    const IFA_LOCAL: u16 = 2;
    let (length, scope) = (*body.get(1)?, *body.get(3)?);
    let index = u32_of(body.get(4..)?)?;
    let rest = body.get(8..)?;
    let remote = attribute(rest, IFA_ADDRESS).and_then(address);
    let local = attribute(rest, IFA_LOCAL).and_then(address).or(remote)?;
    let scope = match scope {
        0 => Scope::Global,
        253 => Scope::Link,
        254 | 255 => Scope::Host,
        _ => Scope::Site,
    };
    let net = IpNet::new(local, length).ok()?;
    Some((index, Address { net, scope, peer: remote.filter(|remote| *remote != local) }))
}

/// Reads an `ndmsg`: interface, address and hardware address of a neighbour.
fn parse_neighbour(body: &[u8]) -> Option<(u32, IpAddr, Option<String>)> {
    const NDA_DST: u16 = 1;
    const NDA_LLADDR: u16 = 2;
    let index = u32_of(body.get(4..)?)?;
    let rest = body.get(12..)?;
    let address = attribute(rest, NDA_DST).and_then(address)?;
    Some((index, address, attribute(rest, NDA_LLADDR).and_then(mac)))
}

impl RawLink {
    /// Whether nl80211 could drive it.
    fn may_be_wifi(&self) -> bool {
        self.interface.kind.is_none() && self.interface.hardware == ARPHRD_ETHER
    }

    /// Finds driver and `DEVTYPE`. Devices on a bus are the machine's, whatever network namespace this
    /// process is in; `/sys/class/net` may show another namespace and is believed only where index
    /// and hardware address agree with netlink.
    fn look_at_device(&mut self, machine: &Machine) {
        if self.interface.kind.is_some() || self.interface.hardware == ARPHRD_LOOPBACK {
            return;
        }
        let name_of = |path: String| {
            Some(std::fs::read_link(machine.path(&path)).ok()?.file_name()?.to_string_lossy().into_owned())
        };
        let plain = |part: &str| !part.is_empty() && !part.contains('/') && part != "." && part != "..";
        if let Some((bus, device)) = &self.device
            && plain(bus)
            && plain(device)
        {
            self.interface.driver = name_of(format!("/sys/bus/{bus}/devices/{device}/driver"));
        }
        if !plain(&self.interface.name) {
            return;
        }
        let folder = format!("/sys/class/net/{}", self.interface.name);
        let read = |file: &str| {
            let content = std::fs::read_to_string(machine.path(&format!("{folder}/{file}"))).ok()?;
            Some(content.trim().to_owned())
        };
        let same_index = read("ifindex").and_then(|index| index.parse().ok()) == Some(self.interface.index);
        if !same_index || (self.interface.mac.is_some() && read("address") != self.interface.mac) {
            return;
        }
        self.device_type = read("uevent").and_then(|uevent| device_type(&uevent));
        if self.device.is_none() {
            // Kernels before 5.14 do not name the device by netlink.
            let bus = name_of(format!("{folder}/device/subsystem"));
            let device = name_of(format!("{folder}/device"));
            self.device = bus.zip(device);
            self.interface.driver = name_of(format!("{folder}/device/driver"));
        }
    }

    /// What this interface is made of, as far as it can be told without looking beneath it.
    fn own_medium(&self, wifi: bool) -> Medium {
        let interface = &self.interface;
        if interface.hardware == ARPHRD_LOOPBACK {
            return Medium::Loopback;
        }
        if let Some(kind) = &interface.kind {
            return match kind.as_str() {
                "tun" if interface.tun_mode == Some(TunMode::Tun) => Medium::Tunnel,
                "wireguard" | "ovpn" | "ovpn-dco" | "xfrm" | "vti" | "vti6" | "ppp" | "ipip" | "ip6tnl" | "gre"
                | "gretap" | "ip6gre" | "ip6gretap" | "erspan" | "ip6erspan" | "sit" => Medium::Tunnel,
                "wwan" | "rmnet" => Medium::Cellular,
                _ => Medium::Virtual,
            };
        }
        let on_bus = |bus: &str| self.device.as_ref().is_some_and(|device| device.0 == bus);
        let of_type = |name: &str| self.device_type.as_deref() == Some(name);
        if wifi {
            return Medium::Wifi;
        }
        if on_bus("bluetooth") || of_type("bluetooth") {
            return Medium::Bluetooth;
        }
        if of_type("wwan") || interface.hardware == ARPHRD_RAWIP {
            return Medium::Cellular;
        }
        match interface.driver.as_deref() {
            Some(
                "qmi_wwan" | "qmi_wwan_q" | "cdc_mbim" | "huawei_cdc_ncm" | "sierra_net" | "hso" | "mhi_net"
                | "mhi_wwan_mbim" | "bam-dmux" | "ipa",
            ) => Medium::Cellular,
            Some("rndis_host" | "ipheth") => Medium::UsbPhone,
            // Phones make up their hardware address (the locally administered bit is set); docks and
            // modem sticks with the same drivers bear their maker's.
            Some("cdc_ether" | "cdc_ncm") if interface.mac.as_deref().is_some_and(made_up) => Medium::UsbPhone,
            _ if interface.hardware == ARPHRD_PPP => Medium::Tunnel,
            _ if interface.hardware == ARPHRD_ETHER && self.device.is_some() => Medium::Ethernet,
            _ => Medium::Virtual,
        }
    }
}

/// Whether a hardware address was made up on the spot: the locally administered bit (IEEE 802).
fn made_up(mac: &str) -> bool {
    mac.get(..2).and_then(|octet| u8::from_str_radix(octet, 16).ok()).is_some_and(|octet| octet & 2 != 0)
}

/// `DEVTYPE` of a uevent file.
fn device_type(uevent: &str) -> Option<String> {
    uevent.lines().find_map(|line| line.strip_prefix("DEVTYPE=")).map(str::to_owned)
}

/// Looks beneath VLANs, bridges and bonds: fills `lower`, and gives each the medium of what carries it.
fn look_beneath(links: &mut [RawLink]) {
    /// A VLAN on a bond of bridges is as deep as anyone goes.
    const DEEPEST: usize = 8;
    let members: Vec<_> =
        links.iter().filter_map(|link| Some((link.interface.master?, link.interface.index))).collect();
    for link in links.iter_mut() {
        let index = link.interface.index;
        link.interface.lower = match link.interface.kind.as_deref() {
            Some("vlan" | "macvlan" | "macvtap" | "ipvlan" | "ipvtap" | "macsec") => {
                link.parent.filter(|parent| *parent != index).into_iter().collect()
            }
            Some("bridge" | "bond" | "team") => {
                let mine = members.iter().filter(|(master, _)| *master == index).map(|(_, member)| *member);
                let active = link.active_member;
                let mut mine: Vec<_> = mine.collect();
                mine.sort_by_key(|member| (Some(*member) != active, *member));
                mine
            }
            _ => Vec::new(),
        };
    }
    for _ in 0..DEEPEST {
        let known: Vec<_> = links.iter().map(|link| (link.interface.index, link.interface.medium)).collect();
        for link in links.iter_mut() {
            let beneath =
                link.interface.lower.iter().filter_map(|lower| known.iter().find(|(index, _)| index == lower));
            let physical = |medium: Medium| !matches!(medium, Medium::Virtual | Medium::Tunnel | Medium::Loopback);
            if let Some((_, medium)) = beneath.clone().find(|(_, medium)| physical(*medium)) {
                link.interface.medium = *medium;
            }
        }
    }
}

#[cfg(test)]
#[cfg(target_endian = "little")]
mod tests {
    use super::*;
    use crate::sources::netlink::{POLICY_ROUTING, recorded};
    use proptest::prelude::*;

    fn hardware(driver: &str, mac: &str) -> RawLink {
        RawLink {
            interface: Interface {
                index: 2,
                name: "x0".to_owned(),
                hardware: ARPHRD_ETHER,
                driver: Some(driver.to_owned()),
                mac: Some(mac.to_owned()),
                ..Interface::default()
            },
            device: Some(("usb".to_owned(), "1-2:1.0".to_owned())),
            ..RawLink::default()
        }
    }

    #[test]
    fn recorded_links_are_read() {
        let mut links: Vec<_> = recorded(POLICY_ROUTING, "link").iter().filter_map(|body| parse_link(body)).collect();
        links.sort_by_key(|link| link.interface.index);
        let told: Vec<_> = links
            .iter()
            .map(|link| (link.interface.name.as_str(), link.interface.kind.as_deref(), link.own_medium(false)))
            .collect();
        let (veth, tun) = (Some("veth"), Some("tun"));
        assert_eq!(
            told,
            [
                ("lo", None, Medium::Loopback),
                ("p0", veth, Medium::Virtual),
                ("eth0", veth, Medium::Virtual),
                ("tun9", tun, Medium::Tunnel)
            ]
        );
        assert_eq!(links[2].interface.mac.as_deref(), Some("02:00:00:00:00:01"));
        assert_eq!((links[2].interface.up, links[2].mtu), (true, 1500));
        assert_eq!(links[3].interface.tun_mode, Some(TunMode::Tun));
    }

    #[test]
    fn recorded_addresses_and_neighbours_are_read() {
        let addresses: Vec<_> =
            recorded(POLICY_ROUTING, "addr").iter().filter_map(|body| parse_address(body)).collect();
        let on_eth0 = addresses.iter().find(|(index, _)| *index == 3).map(|(_, address)| address).unwrap();
        assert_eq!((on_eth0.net.to_string().as_str(), on_eth0.scope), ("192.168.1.23/24", Scope::Global));
        let neighbours: Vec<_> =
            recorded(POLICY_ROUTING, "neigh").iter().filter_map(|body| parse_neighbour(body)).collect();
        assert_eq!(neighbours, [(3, "192.168.1.1".parse().unwrap(), Some("c8:0e:14:01:02:03".to_owned()))]);
    }

    #[test]
    fn a_phone_is_told_by_its_driver_and_a_dock_is_no_phone() {
        let (made_up, makers) = ("02:1a:11:00:00:01", "00:e0:4c:68:00:01");
        let medium = |driver, mac| hardware(driver, mac).own_medium(false);
        assert_eq!(medium("rndis_host", made_up), Medium::UsbPhone);
        assert_eq!(medium("ipheth", makers), Medium::UsbPhone);
        assert_eq!(medium("cdc_ncm", made_up), Medium::UsbPhone);
        assert_eq!(medium("cdc_ncm", makers), Medium::Ethernet);
        assert_eq!(medium("r8152", makers), Medium::Ethernet);
        assert_eq!(medium("cdc_mbim", makers), Medium::Cellular);
        assert_eq!(hardware("iwlwifi", makers).own_medium(true), Medium::Wifi);
        let modem = RawLink { device_type: Some("wwan".to_owned()), ..hardware("cdc_ncm", made_up) };
        assert_eq!(modem.own_medium(false), Medium::Cellular);
        let bluetooth =
            RawLink { device: Some(("bluetooth".to_owned(), "hci0:256".to_owned())), ..hardware("", makers) };
        assert_eq!(bluetooth.own_medium(false), Medium::Bluetooth);
        // Neither a bus nor a kind: a driver from outside the kernel tree, e.g. a hypervisor's.
        let nobody = RawLink { device: None, ..hardware("", makers) };
        assert_eq!(nobody.own_medium(false), Medium::Virtual);
    }

    #[test]
    fn a_bridge_is_what_its_cable_is() {
        let link = |index, kind: Option<&str>, master, medium| RawLink {
            interface: Interface { index, kind: kind.map(str::to_owned), master, medium, ..Interface::default() },
            ..RawLink::default()
        };
        let mut links = vec![
            link(2, None, Some(5), Medium::Ethernet),
            link(3, Some("tun"), Some(5), Medium::Virtual),
            link(5, Some("bridge"), None, Medium::Virtual),
            link(6, Some("bridge"), None, Medium::Virtual),
            link(7, Some("veth"), Some(6), Medium::Virtual),
            RawLink { parent: Some(5), ..link(8, Some("vlan"), None, Medium::Virtual) },
            // A bond with the Wi-Fi active.
            RawLink { active_member: Some(11), ..link(9, Some("bond"), None, Medium::Virtual) },
            link(10, None, Some(9), Medium::Ethernet),
            link(11, None, Some(9), Medium::Wifi),
        ];
        look_beneath(&mut links);
        let medium = |index| links.iter().find(|link| link.interface.index == index).unwrap().interface.medium;
        assert_eq!(medium(5), Medium::Ethernet);
        assert_eq!(medium(6), Medium::Virtual);
        assert_eq!(medium(8), Medium::Ethernet);
        assert_eq!(medium(9), Medium::Wifi);
        assert_eq!(links[2].interface.lower, [2, 3]);
    }

    proptest! {
        #[test]
        fn noise_is_no_link(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
            let _ = (parse_link(&bytes), parse_address(&bytes), parse_neighbour(&bytes));
            let _ = (device_type(&text(&bytes)), made_up(&text(&bytes)));
        }
    }
}
