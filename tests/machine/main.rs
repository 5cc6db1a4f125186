//! Recorded machines: their files in a folder, their D-Bus services played back.
//!
//! `recorded/wired-openvpn.json` was taken from NetworkManager 1.42.4 and systemd-resolved 252 of Debian 12, with an
//! OpenVPN connection up, in network namespaces; the leases from the same network by dhclient 4.4.3 and
//! systemd-networkd 252; the databases by dconf 0.40.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on stops"
)]

mod bus;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bus::{Reply, Services};
use homeward::facts::dhcp::Lease;
use homeward::facts::dns::{Encryption, Manager};
use homeward::facts::link::{Address, Interface, Links, Scope};
use homeward::facts::portal::Connectivity;
use homeward::facts::proxy::ProxyMode;
use homeward::facts::{Observed, Reason, Thing};
use homeward::sources::machine::Machine;
use homeward::sources::{Budget, bounded, dhcp, dns, networkmanager, proxy};
use zbus::zvariant::{StructureBuilder, Value};

const NETWORKMANAGER: &str = "org.freedesktop.NetworkManager";
const RESOLVED: &str = "org.freedesktop.resolve1";
const RECORDED: &str = include_str!("recorded/wired-openvpn.json");

fn budget() -> Budget {
    Budget { deadline: tokio::time::Instant::now() + Duration::from_secs(20), passive: true }
}

/// The interfaces of the recorded machine.
fn links() -> Observed<Links> {
    let link = |index, name: &str, address: &str| Interface {
        index,
        name: name.to_owned(),
        up: true,
        addresses: vec![Address { net: address.parse().unwrap(), scope: Scope::Global, peer: None }],
        ..Interface::default()
    };
    let interfaces = vec![
        link(1, "lo", "127.0.0.1/8"),
        link(2, "eth0", "192.168.77.78/24"),
        link(3, "eth1", "192.168.88.57/24"),
        link(4, "tun0", "10.66.0.2/32"),
    ];
    Observed::Known(Links { interfaces, routers: Vec::new() })
}

/// A machine with these files and services.
async fn machine(files: &[(&str, &[u8])], services: Services) -> (tempfile::TempDir, Machine) {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = root.path().join(path.trim_start_matches('/'));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let machine = Machine::at(root.path(), None, None).with_bus(services.connect().await);
    (root, machine)
}

fn link_to(root: &Path, from: &str, to: &str) {
    let from = root.join(from.trim_start_matches('/'));
    std::fs::create_dir_all(from.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(to, from).unwrap();
}

#[tokio::test]
async fn networkmanager_with_a_vpn() {
    let (_root, machine) = machine(&[], Services::recorded(RECORDED)).await;
    let snapshot = networkmanager::look(&machine).await;
    let snapshot = snapshot.known().expect("known");
    // It says "full" of itself, without having looked.
    assert_eq!(snapshot.connectivity, Connectivity::Full);
    assert!(!snapshot.connectivity_checked);

    let eth0 = snapshot.devices.iter().find(|device| device.interface == "eth0").unwrap();
    assert_eq!((eth0.kind, eth0.active_uuid.as_deref()), (20, Some("66666666-6666-4666-8666-666666666666")));
    assert_eq!(eth0.dhcp4["dhcp_server_identifier"], "192.168.77.1");
    assert!(eth0.dhcp4.keys().all(|key| !key.starts_with("requested_")));

    let vpn = snapshot.active.iter().find(|active| active.vpn).unwrap();
    assert_eq!((vpn.id.as_str(), vpn.kind.as_str(), vpn.state), ("Work VPN", "vpn", 2));
    // The tunnel, not the cable beneath it.
    assert_eq!(vpn.devices, ["tun0"]);

    let dns = snapshot.dns.as_ref().unwrap();
    assert_eq!(dns.mode, "systemd-resolved");
    assert!(dns.entries.iter().any(|entry| entry.vpn && entry.nameservers == ["10.66.0.1"]));
}

#[tokio::test]
async fn saved_profiles_without_secrets() {
    let (_root, machine) = machine(&[], Services::recorded(RECORDED)).await;
    let profiles = networkmanager::profiles(&networkmanager::look(&machine).await);
    let profiles = profiles.known().expect("known");
    let [office, cafe, home] = profiles.wifi.as_slice() else { panic!("{:?}", profiles.wifi) };
    let enterprise = office.enterprise.as_ref().unwrap();
    assert_eq!(enterprise.methods, ["peap"]);
    assert!(enterprise.ca_certificate && enterprise.name_checked);
    assert_eq!((cafe.ssid.0.as_slice(), cafe.key_management.as_deref()), (b"Caf\xe9".as_slice(), None));
    assert!(cafe.autoconnect && cafe.active_on.is_none());
    assert_eq!((home.key_management.as_deref(), home.autoconnect), (Some("wpa-psk"), false));
    let vpn: Vec<_> = profiles.vpn.iter().map(|vpn| (vpn.service.as_str(), vpn.gateway.as_deref())).collect();
    assert_eq!(
        vpn,
        [("org.freedesktop.NetworkManager.openvpn", Some("192.168.77.1")), ("wireguard", Some("vpn.own.example"))]
    );
}

#[tokio::test]
async fn resolvers_link_by_link() {
    let (root, machine) = machine(
        &[("/run/systemd/resolve/stub-resolv.conf", b"nameserver 127.0.0.53\nsearch corp.example\n")],
        Services::recorded(RECORDED),
    )
    .await;
    link_to(root.path(), "/etc/resolv.conf", "../run/systemd/resolve/stub-resolv.conf");
    let dns = dns::look(&machine, &links()).await;
    let dns = dns.known().expect("known");
    assert_eq!(dns.manager, Manager::Resolved);
    assert_eq!(dns.resolv_conf.known().unwrap().writer, "systemd-resolved-stub");
    let resolvers: Vec<_> =
        dns.resolvers.iter().map(|r| (r.address.to_string(), r.configured_on.as_deref().unwrap_or("-"))).collect();
    let expected = [("192.168.77.1", "eth0"), ("192.168.88.1", "eth1"), ("9.9.9.9", "eth1"), ("10.66.0.1", "tun0")];
    assert_eq!(resolvers, expected.map(|(address, link)| (address.to_owned(), link)));
    let default: Vec<_> = dns.links.iter().filter(|l| l.default_route).map(|l| l.interface.as_deref()).collect();
    assert_eq!(default, [Some("tun0")]);
    assert!(dns.links.iter().all(|link| link.encryption == Encryption::Off && link.llmnr.is_some()));
}

#[tokio::test]
async fn services_that_never_answer() {
    let silent = Services::default().silent(NETWORKMANAGER).silent(RESOLVED);
    let (_root, machine) = machine(&[("/etc/resolv.conf", b"nameserver 127.0.0.53\n")], silent).await;
    let what = Thing::NetworkManager;
    let snapshot = bounded(budget(), Duration::from_millis(300), what, networkmanager::look(&machine)).await;
    assert!(matches!(snapshot, Observed::Unknown(Reason::TimedOut { what: Thing::NetworkManager })), "{snapshot:?}");
    let dns = dns::look(&machine, &links()).await;
    assert_eq!(dns, Observed::Unknown(Reason::TimedOut { what: Thing::Resolved }));
}

#[tokio::test]
async fn services_that_are_not_there() {
    let (_root, machine) = machine(&[("/etc/resolv.conf", b"nameserver 192.0.2.1\n")], Services::default()).await;
    let snapshot = networkmanager::look(&machine).await;
    let gone = Reason::NotRunning { what: Thing::NetworkManager };
    assert!(matches!(&snapshot, Observed::Unknown(reason) if *reason == gone), "{snapshot:?}");
    assert_eq!(networkmanager::profiles(&snapshot), Observed::Unknown(gone));
    let dns = dns::look(&machine, &links()).await;
    let dns = dns::with_networkmanager(dns, &snapshot, &links());
    assert_eq!(dns.known().unwrap().manager, Manager::ResolvConf);
    assert_eq!(dns.known().unwrap().trail, ["rc=hand", "resolved=not-running"]);
}

#[tokio::test]
async fn services_that_answer_garbage() {
    let garbage = || Reply::Body(Arc::new(StructureBuilder::new().append_field(Value::from("what?")).build().unwrap()));
    let services = Services::default().with(
        NETWORKMANAGER,
        "/org/freedesktop",
        "org.freedesktop.DBus.ObjectManager",
        "GetManagedObjects",
        garbage(),
    );
    let (_root, machine) = machine(&[], services).await;
    let snapshot = networkmanager::look(&machine).await;
    assert!(matches!(snapshot, Observed::Unknown(Reason::Failed { what: Thing::NetworkManager, .. })), "{snapshot:?}");

    // Every property of another type than it should be: nothing is learned, nothing breaks.
    let odd = RECORDED
        .replace(r#"{"type":"u","data":"#, r#"{"type":"x","data":1"#)
        .replace(r#"{"type":"ao","data":["#, r#"{"type":"as","data":["#)
        .replace(r#"{"type":"b","data":true}"#, r#"{"type":"s","data":"true"}"#)
        .replace(r#"{"type":"as","data":["192.168.77.1"]}"#, r#"{"type":"(is)","data":[1,"x"]}"#);
    let (_root, machine) = self::machine(&[], Services::recorded(&odd)).await;
    let snapshot = networkmanager::look(&machine).await;
    let snapshot = snapshot.known().expect("known");
    assert_eq!(snapshot.connectivity, Connectivity::Unknown);
    assert!(snapshot.active.iter().all(|active| !active.vpn && !active.default4));
}

#[tokio::test]
async fn profiles_of_others_are_not_ours_to_see() {
    let settings = "org.freedesktop.NetworkManager.Settings.Connection";
    let mut services = Services::recorded(RECORDED);
    for number in 1..=20 {
        let path = format!("/org/freedesktop/NetworkManager/Settings/{number}");
        let refused = Reply::Error("org.freedesktop.DBus.Error.AccessDenied");
        services = services.with(NETWORKMANAGER, &path, settings, "GetSettings", refused);
    }
    let (_root, machine) = machine(&[], services).await;
    let snapshot = networkmanager::look(&machine).await;
    let refused = Reason::NotPermitted { what: Thing::NetworkManager };
    assert_eq!(networkmanager::profiles(&snapshot), Observed::Unknown(refused));
}

async fn leases(files: &[(&str, &[u8])], services: Services) -> Vec<Lease> {
    let (_root, machine) = machine(files, services).await;
    let snapshot = networkmanager::look(&machine).await;
    match dhcp::look(&machine, &links(), &snapshot).await {
        Observed::Known(dhcp) => dhcp.leases,
        Observed::Unknown(_) => Vec::new(),
    }
}

fn routes(lease: &Lease) -> Vec<(u8, String, String)> {
    lease.routes.iter().map(|r| (r.option, r.prefix.to_string(), r.router.to_string())).collect()
}

#[tokio::test]
async fn the_lease_networkmanager_holds() {
    let leases = leases(&[], Services::recorded(RECORDED)).await;
    let lease = leases.iter().find(|lease| lease.interface == "eth0").unwrap();
    assert_eq!(lease.source, "networkmanager");
    assert_eq!(lease.server.unwrap().to_string(), "192.168.77.1");
    assert_eq!(lease.lease_seconds, Some(3600));
    assert_eq!(lease.search, ["home.example", "lab.home.example"]);
    assert_eq!(lease.wpad.as_deref(), Some("http://wpad.home.example/wpad.dat"));
    let routes = routes(lease);
    assert!(routes.contains(&(121, "10.9.0.0/16".into(), "192.168.77.1".into())), "{routes:?}");
    assert!(routes.contains(&(249, "10.8.0.0/16".into(), "192.168.77.1".into())), "{routes:?}");
}

const DHCLIENT: &[u8] = include_bytes!("recorded/dhclient.eth1.leases");
const NETWORKD: &[u8] = include_bytes!("recorded/networkd.lease");

#[tokio::test]
async fn leases_in_files() {
    for (path, text, source) in [
        ("/var/lib/dhcp/dhclient.eth1.leases", DHCLIENT, "dhclient"),
        ("/run/systemd/netif/leases/3", NETWORKD, "systemd-networkd"),
    ] {
        let leases = leases(&[(path, text)], Services::default()).await;
        let [lease] = leases.as_slice() else { panic!("{source}: {leases:?}") };
        assert_eq!((lease.interface.as_str(), lease.source.as_str()), ("eth1", source));
        assert_eq!(lease.server.unwrap().to_string(), "192.168.88.1");
        assert_eq!(lease.lease_seconds, Some(3600));
        assert_eq!(lease.resolvers.len(), 2);
        assert_eq!(lease.domain.as_deref(), Some("second.example"));
        assert!(lease.android_metered);
        assert_eq!(lease.wpad.as_deref(), Some("http://wpad.second.example/wpad.dat"));
        let routes = routes(lease);
        for (option, prefix) in [(121, "10.9.0.0/16"), (121, "0.0.0.0/0"), (249, "10.8.0.0/16")] {
            assert!(routes.contains(&(option, prefix.into(), "192.168.88.1".into())), "{source}: {routes:?}");
        }
        assert!(routes.iter().any(|(option, ..)| *option == 33), "{source}: {routes:?}");
    }
    let leases = leases(&[("/var/lib/dhcp/dhclient.eth1.leases", DHCLIENT)], Services::default()).await;
    assert_eq!(leases[0].portal_api.as_deref(), Some("https://portal.second.example/api"));
    assert_eq!(leases[0].search, ["second.example", "lab.second.example"]);
}

#[tokio::test]
async fn a_lease_of_another_day_does_not_count() {
    let stale = String::from_utf8_lossy(DHCLIENT).replace("192.168.88.57", "172.16.4.4");
    let elsewhere = String::from_utf8_lossy(DHCLIENT).replace("eth1", "wlan7");
    for text in [stale, elsewhere] {
        let leases = leases(&[("/var/lib/dhcp/dhclient.leases", text.as_bytes())], Services::default()).await;
        assert_eq!(leases, []);
    }
}

async fn proxy_mode(files: &[(&str, &[u8])], desktop: &str, more: &[(&str, &str)]) -> Observed<ProxyMode> {
    let (_root, machine) = machine(files, Services::default()).await;
    let variables = [("HOME", "/home/someone"), ("XDG_CURRENT_DESKTOP", desktop)];
    let variables = variables.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    proxy::look(&machine.with_variables(variables)).await.map(|proxy| proxy.mode)
}

#[tokio::test]
async fn proxies_of_gnome() {
    const DATABASE: &str = "/home/someone/.config/dconf/user";
    let script = ProxyMode::Script("http://pac.corp.example/proxy.pac".into());
    let manual = ProxyMode::Manual("proxy.corp.example:3129".into());
    for (database, expected) in [
        (include_bytes!("dconf/wpad").as_slice(), ProxyMode::FromNetwork),
        (include_bytes!("dconf/script"), script.clone()),
        (include_bytes!("dconf/manual"), manual),
        (include_bytes!("dconf/none"), ProxyMode::None),
    ] {
        assert_eq!(proxy_mode(&[(DATABASE, database)], "ubuntu:GNOME", &[]).await, Observed::Known(expected));
    }
    assert!(matches!(proxy_mode(&[(DATABASE, b"junk")], "GNOME", &[]).await, Observed::Unknown(Reason::Failed { .. })));
    // The person set nothing; the administrator did.
    let files = [
        ("/etc/dconf/profile/user", b"user-db:user\nsystem-db:corp\n".as_slice()),
        (DATABASE, include_bytes!("dconf/none")),
        ("/etc/dconf/db/corp", include_bytes!("dconf/script")),
    ];
    assert_eq!(proxy_mode(&files, "GNOME", &[]).await, Observed::Known(script));
}

#[tokio::test]
async fn proxies_of_kde_and_the_environment() {
    const FILE: &str = "/home/someone/.config/kioslaverc";
    for (text, expected) in [
        ("[Proxy Settings]\nProxyType=3\n", ProxyMode::FromNetwork),
        (
            "[Proxy Settings]\nProxy Config Script=http://pac.example/\nProxyType=2\n",
            ProxyMode::Script("http://pac.example/".into()),
        ),
        (
            "[Proxy Settings]\nProxyType=1\nhttpProxy=http://user:secret@proxy.example 3128\n",
            ProxyMode::Manual("http://proxy.example:3128".into()),
        ),
        ("[$Version]\nProxyType=3\n[Proxy Settings]\nProxyType=0\n", ProxyMode::None),
    ] {
        assert_eq!(proxy_mode(&[(FILE, text.as_bytes())], "KDE", &[]).await, Observed::Known(expected));
    }
    let set = [("https_proxy", "http://user:secret@proxy.example:3128")];
    let expected = ProxyMode::Manual("http://proxy.example:3128".into());
    assert_eq!(proxy_mode(&[], "", &set).await, Observed::Known(expected));
    let nothing = Reason::NotAvailable { what: Thing::ProxySettings };
    assert_eq!(proxy_mode(&[], "", &[]).await, Observed::Unknown(nothing));
}
