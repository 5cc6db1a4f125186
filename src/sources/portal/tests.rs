use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;
use crate::facts::Looker;
use crate::facts::dhcp::{Dhcp, Lease};
use crate::facts::dns::{Dns, DnsLink, ResolvConf};
use crate::facts::link::{Interface, Links, Medium};
use crate::facts::routes::{Lookup, Protocol, Route, Routes, Way};
use crate::guidance::PortalRule;

fn unknown() -> Facts {
    Facts::unknown(jiff::Timestamp::UNIX_EPOCH, Looker { homeward: String::new(), root: false, passive: false })
}

fn connected() -> Facts {
    let mut facts = unknown();
    let eth0 =
        Interface { index: 2, name: "eth0".to_owned(), medium: Medium::Ethernet, up: true, ..Interface::default() };
    facts.link = Observed::Known(Links { interfaces: vec![eth0], routers: Vec::new() });
    facts.routes = Observed::Known(Routes {
        defaults: vec![Route {
            prefix: "0.0.0.0/0".parse().unwrap(),
            interface: "eth0".to_owned(),
            gateway: None,
            protocol: Protocol::Dhcp,
            table: 254,
            metric: 100,
        }],
        ..Routes::default()
    });
    facts
}

fn questions(first: &str) -> Questions {
    let target = ProbeTarget { url: first.to_owned(), status: 200, body: "success".to_owned() };
    Questions { destinations: Vec::new(), portal: PortalRule { first: Some(target), second: None } }
}

async fn looked(facts: &Facts, questions: &Questions, passive: bool) -> Portal {
    let budget = Budget { deadline: Instant::now() + Duration::from_secs(1), passive };
    let nm = Observed::Unknown(Reason::NotRunning { what: Thing::NetworkManager });
    match look(&Machine::this(), facts, &nm, questions, budget).await {
        Observed::Known(portal) => portal,
        Observed::Unknown(reason) => panic!("{reason:?}"),
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// A server that answers one request with these bytes.
async fn server(answer: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 1024];
        let read = stream.read(&mut request).await.unwrap();
        assert!(request[..read].starts_with(b"GET /x HTTP/1.1\r\nHost: 127.0.0.1"));
        stream.write_all(answer).await.unwrap();
    });
    port
}

#[test]
fn a_page_is_asked_and_told() {
    runtime().block_on(async {
        let port = server(b"HTTP/1.1 302 Found\r\nLocation: http://sign.example/\r\n\r\n").await;
        let portal = looked(&connected(), &questions(&format!("http://127.0.0.1:{port}/x")), false).await;
        assert_eq!(portal.interface.as_deref(), Some("eth0"));
        let probe = portal.probe.known().unwrap();
        let location_host = "sign.example".to_owned();
        assert_eq!(probe.outcome, ProbeOutcome::Redirected { status: 302, location_host });
        assert_eq!(probe.address, Some("127.0.0.1".parse().unwrap()));
    });
}

#[test]
fn passive_or_offline_nothing_is_sent() {
    runtime().block_on(async {
        // The port is taken and nobody answers: a request would be seen as a time-out.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://127.0.0.1:{}/x", listener.local_addr().unwrap().port());
        let portal = looked(&connected(), &questions(&url), true).await;
        assert_eq!(portal.probe, Observed::Unknown(Reason::NotSent { what: Thing::PortalProbe }));
        let mut offline = connected();
        offline.routes = Observed::Known(Routes::default());
        let portal = looked(&offline, &questions(&url), false).await;
        assert_eq!(portal.probe, Observed::Unknown(Reason::NotAvailable { what: Thing::PortalProbe }));
        assert!(tokio::time::timeout(Duration::from_millis(50), listener.accept()).await.is_err());
    });
}

#[test]
fn a_silent_server_is_left_in_time() {
    runtime().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://127.0.0.1:{}/x", listener.local_addr().unwrap().port());
        let began = Instant::now();
        let portal = looked(&connected(), &questions(&url), false).await;
        assert!(began.elapsed() < Duration::from_secs(2));
        assert_eq!(portal.probe.known().unwrap().outcome, ProbeOutcome::NoAnswer("timed out".to_owned()));
    });
}

#[test]
fn the_links_own_resolvers_come_first() {
    let mut facts = connected();
    let mut dns = Dns {
        resolv_conf: Observed::Known(ResolvConf {
            nameservers: vec!["127.0.0.53".parse().unwrap(), "10.66.0.1".parse().unwrap()],
            ..ResolvConf::default()
        }),
        ..Dns::default()
    };
    let said = |facts: &Facts| servers(facts, "eth0").iter().map(ToString::to_string).collect::<Vec<_>>();
    facts.dns = Observed::Known(dns.clone());
    assert_eq!(said(&facts), ["10.66.0.1"]);
    let lease =
        Lease { interface: "eth0".to_owned(), resolvers: vec!["192.168.1.1".parse().unwrap()], ..Lease::default() };
    facts.dhcp = Observed::Known(Dhcp { leases: vec![lease] });
    assert_eq!(said(&facts), ["192.168.1.1"]);
    dns.links.push(DnsLink {
        interface: Some("eth0".to_owned()),
        servers: vec!["192.168.1.2".parse().unwrap(), "192.168.1.1".parse().unwrap()],
        ..DnsLink::default()
    });
    facts.dns = Observed::Known(dns);
    assert_eq!(said(&facts), ["192.168.1.2", "192.168.1.1"]);
    assert_eq!(said(&unknown()), [""; 0]);
}

#[test]
fn a_resolver_inside_a_tunnel_is_none_of_the_links() {
    let mut facts = connected();
    let resolver: IpAddr = "10.66.0.1".parse().unwrap();
    facts.dns = Observed::Known(Dns {
        resolv_conf: Observed::Known(ResolvConf { nameservers: vec![resolver], ..ResolvConf::default() }),
        ..Dns::default()
    });
    let Observed::Known(links) = &mut facts.link else { panic!() };
    links.interfaces.push(Interface { name: "tun0".to_owned(), medium: Medium::Tunnel, ..Interface::default() });
    let Observed::Known(routes) = &mut facts.routes else { panic!() };
    routes.lookups.push(Lookup {
        to: resolver,
        purpose: Purpose::Resolver,
        mark: None,
        bound: None,
        ipsec: None,
        answer: Answer::Via(Way {
            interface: "tun0".to_owned(),
            gateway: None,
            source: None,
            prefix: None,
            protocol: Protocol::Boot,
            table: 254,
        }),
    });
    assert_eq!(servers(&facts, "eth0"), [] as [IpAddr; 0]);
    assert_eq!(servers(&facts, "tun0"), [resolver], "a line that is drawn as a tunnel");
}

#[test]
fn addresses_no_server_of_the_internet_has_are_known() {
    for text in [
        "0.0.0.0",
        "10.8.4.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.1.1",
        "198.18.0.5",
        "239.1.1.1",
        "::",
        "::1",
        "fc00::1",
        "fe80::1",
        "::ffff:10.0.0.1",
    ] {
        assert!(!is_public(text.parse().unwrap()), "{text}");
    }
    for text in ["8.43.85.30", "34.107.221.82", "2600:1901:0:38d7::", "64:ff9b::822:551e"] {
        assert!(is_public(text.parse().unwrap()), "{text}");
    }
    assert!(is_local_host("10.8.4.1".parse().unwrap()) && !is_local_host("0.0.0.0".parse().unwrap()));
}
