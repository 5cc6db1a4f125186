use super::*;
use crate::facts::dns::Domain;

fn link(interface: Option<&str>, server: &str, domains: &[&str], default_route: bool) -> DnsLink {
    DnsLink {
        interface: interface.map(str::to_owned),
        servers: vec![server.parse().unwrap()],
        domains: domains
            .iter()
            .map(|text| Domain { name: text.trim_start_matches('~').to_owned(), routing_only: text.starts_with('~') })
            .collect(),
        default_route,
        ..DnsLink::default()
    }
}

/// The links a name goes to, by interface; `-` for the machine-wide setting.
fn goes_to(links: Vec<DnsLink>, name: &str) -> Vec<String> {
    let dns = Dns { manager: Manager::Resolved, links, ..Dns::default() };
    let mut chosen = Vec::new();
    choose(&dns, name, &mut chosen);
    chosen.into_iter().map(|link| link.interface.clone().unwrap_or_else(|| "-".to_owned())).collect()
}

#[test]
fn the_most_specific_domain_wins() {
    let links = || {
        vec![
            link(Some("wlan0"), "192.168.1.1", &["lan"], true),
            link(Some("wg0"), "10.0.0.1", &["corp.example"], false),
            link(Some("wg1"), "10.1.0.1", &["~hk.corp.example"], false),
        ]
    };
    assert_eq!(goes_to(links(), "www.corp.example"), ["wg0"]);
    assert_eq!(goes_to(links(), "a.hk.corp.example"), ["wg1"]);
    assert_eq!(goes_to(links(), "hk.corp.example"), ["wg1"]);
    assert_eq!(goes_to(links(), "xhk.corp.example"), ["wg0"]);
    assert_eq!(goes_to(links(), "notcorp.example"), ["wlan0"]);
    assert_eq!(goes_to(links(), "example.com"), ["wlan0"]);
}

#[test]
fn the_root_domain_beats_the_default_route_and_ties_ask_all() {
    let wifi = |domains: &[&str]| link(Some("wlan0"), "192.168.1.1", domains, true);
    let tunnel = || link(Some("wg0"), "10.0.0.1", &["~."], false);
    assert_eq!(goes_to(vec![wifi(&[]), tunnel()], "example.com"), ["wg0"]);
    assert_eq!(goes_to(vec![wifi(&["~."]), tunnel()], "example.com"), ["wlan0", "wg0"]);
    // A name that the Wi-Fi claims goes there all the same.
    assert_eq!(goes_to(vec![wifi(&["lan"]), tunnel()], "printer.lan"), ["wlan0"]);
}

#[test]
fn unclaimed_names_go_to_default_links_and_the_machine_wide_resolvers() {
    let links = vec![
        link(None, "9.9.9.9", &[], false),
        link(Some("wlan0"), "192.168.1.1", &[], true),
        link(Some("eth0"), "192.168.2.1", &[], true),
        link(Some("wg0"), "10.0.0.1", &["corp.example"], false),
    ];
    assert_eq!(goes_to(links, "example.com"), ["-", "wlan0", "eth0"]);
}

#[test]
fn a_link_without_resolvers_claims_nothing() {
    let mut empty = link(Some("wg0"), "10.0.0.1", &["~."], true);
    empty.servers.clear();
    assert_eq!(goes_to(vec![empty, link(Some("wlan0"), "192.168.1.1", &[], true)], "example.com"), ["wlan0"]);
}

#[test]
fn guidance_may_write_a_domain_as_people_do() {
    for text in ["corp.example", ".corp.example", "~corp.example", "*.Corp.Example."] {
        assert_eq!(plain(text), "corp.example");
    }
}
