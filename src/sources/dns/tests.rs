use super::*;
use crate::facts::dns::DnsLink;
use crate::facts::link::Interface;
use crate::facts::routes::{Lookup, Protocol, Way};

const NO_BUS: Reason = Reason::NotRunning { what: Thing::SystemBus };

fn links() -> Observed<Links> {
    let link = |index, name: &str| Interface { index, name: name.to_owned(), ..Interface::default() };
    Observed::Known(Links { interfaces: vec![link(1, "lo"), link(2, "wlan0"), link(7, "wg0")], routers: Vec::new() })
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn resolver(text: &str, link: Option<&str>) -> Resolver {
    let server = Server { address: address(text), zone: None };
    Resolver { configured_on: link.map(str::to_owned), ..plain(&server, &Observed::default()) }
}

fn file(text: &str) -> resolv_conf::File {
    resolv_conf::parse(text, None)
}

fn per_link() -> resolved::Settings {
    let link = |name: &str, server: &str| DnsLink {
        interface: Some(name.to_owned()),
        servers: vec![address(server)],
        ..DnsLink::default()
    };
    resolved::Settings {
        links: vec![DnsLink::default(), link("wlan0", "192.168.1.1"), link("wg0", "10.0.0.1")],
        resolvers: vec![resolver("192.168.1.1", Some("wlan0")), resolver("10.0.0.1", Some("wg0"))],
    }
}

fn composed(text: &str, resolved: Result<resolved::Settings, Reason>, nss: bool) -> Dns {
    let dns = compose(Ok(file(text)), resolved, nss, || None, &links());
    dns.known().expect("known").clone()
}

fn servers(dns: &Dns) -> Vec<(String, Option<&str>)> {
    dns.resolvers.iter().map(|r| (r.address.to_string(), r.configured_on.as_deref())).collect()
}

#[test]
fn the_stub_leads_to_the_links_servers() {
    let dns = composed("nameserver 127.0.0.53\n", Ok(per_link()), false);
    assert_eq!(dns.manager, Manager::Resolved);
    assert_eq!(servers(&dns), [("192.168.1.1".into(), Some("wlan0")), ("10.0.0.1".into(), Some("wg0"))]);
}

#[test]
fn a_file_of_ones_own_passes_resolved_by() {
    let dns = composed("nameserver 9.9.9.9\n", Ok(per_link()), false);
    assert_eq!(dns.manager, Manager::ResolvConf);
    assert_eq!(servers(&dns), [("9.9.9.9".into(), None)]);
    // The links' settings still tell who answers multicast.
    assert_eq!(dns.links.len(), 3);
}

#[test]
fn the_c_library_may_ask_resolved_whatever_the_file_says() {
    let dns = composed("nameserver 9.9.9.9\n", Ok(per_link()), true);
    assert_eq!(dns.manager, Manager::Resolved);
    assert_eq!(dns.resolvers.len(), 3);
}

#[test]
fn a_hanging_resolved_is_not_guessed_at() {
    let hangs = Reason::TimedOut { what: Thing::Resolved };
    let dns = compose(Ok(file("nameserver 127.0.0.53\n")), Err(hangs.clone()), false, || None, &links());
    assert_eq!(dns, Observed::Unknown(hangs));
}

#[test]
fn without_a_bus_the_stub_is_followed_to_its_file() {
    let behind = || {
        let server = |text: &str, zone: Option<&str>| Server { address: address(text), zone: zone.map(str::to_owned) };
        Some((vec![server("192.168.1.1", None), server("fe80::1", Some("2"))], Encryption::Opportunistic))
    };
    let dns = compose(Ok(file("nameserver 127.0.0.53\n")), Err(NO_BUS), false, behind, &links());
    let dns = dns.known().unwrap();
    assert_eq!(dns.manager, Manager::Resolved);
    assert_eq!(servers(dns), [("192.168.1.1".into(), None), ("fe80::1".into(), Some("wlan0"))]);
    assert!(dns.resolvers.iter().all(|resolver| resolver.encryption == Encryption::Opportunistic));
    // And a stub with nothing to be seen behind it is a forwarder.
    let dns = composed("nameserver 127.0.0.53\n", Err(NO_BUS), false);
    assert_eq!(dns.manager, Manager::LocalForwarder);
}

#[test]
fn a_forwarder_hides_its_servers() {
    let dns = composed("nameserver 127.0.0.1\n", Err(NO_BUS), false);
    assert_eq!(dns.manager, Manager::LocalForwarder);
}

#[test]
fn nothing_readable_is_unknown() {
    let gone = Reason::NotAvailable { what: Thing::ResolvConf };
    let dns = compose(Err(gone.clone()), Err(NO_BUS), false, || None, &links());
    assert_eq!(dns, Observed::Unknown(gone));
}

/// What the kernel says of one resolver, asked by a free socket and by one bound to a link.
fn routes(to: &str, free: &str, bound: &str) -> Observed<Routes> {
    let lookup = |interface: &str, bound: Option<&str>| Lookup {
        to: address(to),
        purpose: Purpose::Resolver,
        mark: None,
        bound: bound.map(str::to_owned),
        ipsec: None,
        answer: Answer::Via(Way {
            interface: interface.to_owned(),
            gateway: None,
            source: None,
            prefix: None,
            protocol: Protocol::Dhcp,
            table: 254,
        }),
    };
    Observed::Known(Routes { lookups: vec![lookup(free, None), lookup(bound, Some(bound))], ..Routes::default() })
}

fn interface_reached(manager: Manager, resolver: Resolver, routes: &Observed<Routes>) -> Option<String> {
    let dns = Dns { manager, resolvers: vec![resolver], ..Dns::default() };
    match &reached(Observed::Known(dns), routes).known()?.resolvers[0].reached {
        Observed::Known(Answer::Via(way)) => Some(way.interface.clone()),
        _ => None,
    }
}

#[test]
fn resolved_asks_by_the_link_whatever_the_routes_say() {
    let routes = routes("9.9.9.9", "wg0", "wlan0");
    let on = |link| resolver("9.9.9.9", link);
    let by = |manager, resolver| interface_reached(manager, resolver, &routes);
    assert_eq!(by(Manager::Resolved, on(Some("wlan0"))).as_deref(), Some("wlan0"));
    assert_eq!(by(Manager::Resolved, on(None)).as_deref(), Some("wg0"));
    assert_eq!(by(Manager::ResolvConf, on(Some("wlan0"))).as_deref(), Some("wg0"));
    assert_eq!(by(Manager::ResolvConf, resolver("9.9.9.10", None)), None);
}

#[test]
fn link_local_servers_leave_by_their_link() {
    let server = resolver("fe80::1", Some("wlan0"));
    let routes = routes("fe80::1", "eth0", "wlan0");
    assert_eq!(interface_reached(Manager::ResolvConf, server, &routes).as_deref(), Some("wlan0"));
}

#[test]
fn a_forwarder_on_this_machine_is_reached_on_this_machine() {
    let server = resolver("127.0.0.1", Some("wg0"));
    let routes = routes("127.0.0.1", "lo", "wg0");
    assert_eq!(interface_reached(Manager::Resolved, server, &routes).as_deref(), Some("lo"));
}
