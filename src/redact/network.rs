//! What the network and the desktop say: names, leases, sign-in pages, proxies, saved profiles, networks met before.

use super::Redactor;
use crate::facts::dhcp::{Dhcp, Lease, LeaseRoute};
use crate::facts::dns::{Dns, DnsLink, Domain, Nonsense, ResolvConf, Resolver};
use crate::facts::met::Met;
use crate::facts::portal::{Portal, PortalApi, Probe, ProbeOutcome};
use crate::facts::profiles::{Profiles, VpnProfile, WifiProfile};
use crate::facts::proxy::{Proxy, ProxyMode};

impl Redactor {
    pub(super) fn dns(&self, dns: &Dns) -> Dns {
        let Dns { manager, trail, resolv_conf, resolvers, links, nonsense } = dns;
        Dns {
            manager: *manager,
            trail: self.words(trail),
            resolv_conf: self.observed(resolv_conf, |me, ResolvConf { target, writer, nameservers, search }| {
                ResolvConf {
                    target: target.as_ref().map(|target| me.path(target)),
                    writer: me.word(writer),
                    nameservers: me.addresses(nameservers),
                    search: me.domains(search),
                }
            }),
            resolvers: resolvers.iter().map(|resolver| self.resolver(resolver)).collect(),
            links: links.iter().map(|link| self.dns_link(link)).collect(),
            nonsense: self.observed(nonsense, |me, nonsense| match nonsense {
                Nonsense::NoSuchName => Nonsense::NoSuchName,
                Nonsense::Addresses(addresses) => Nonsense::Addresses(me.addresses(addresses)),
                Nonsense::Refused(error) => Nonsense::Refused(me.error(error)),
            }),
        }
    }

    /// Where a link of the system's leads; elsewhere may be in someone's home.
    fn path(&self, path: &str) -> String {
        const SYSTEMS: [&str; 8] = [
            "/run/systemd/resolve/stub-resolv.conf",
            "/run/systemd/resolve/resolv.conf",
            "/run/resolvconf/resolv.conf",
            "/run/NetworkManager/resolv.conf",
            "/run/NetworkManager/no-stub-resolv.conf",
            "/etc/resolv.conf",
            "/usr/lib/systemd/resolv.conf",
            "/run/connman/resolv.conf",
        ];
        let shown = path.trim_start_matches("..").trim_start_matches("/..");
        if SYSTEMS.iter().any(|known| path == *known || shown == *known) {
            path.to_owned()
        } else {
            self.pseudonym("path", path)
        }
    }

    fn resolver(&self, resolver: &Resolver) -> Resolver {
        let Resolver { address, port, configured_on, server_name, encryption, reached } = resolver;
        Resolver {
            address: self.address(*address),
            port: *port,
            configured_on: self.interface_option(configured_on.as_ref()),
            server_name: server_name.as_ref().map(|name| self.domain(name)),
            encryption: *encryption,
            reached: self.observed(reached, Self::answer),
        }
    }

    fn dns_link(&self, link: &DnsLink) -> DnsLink {
        let DnsLink { interface, servers, domains, default_route, encryption, dnssec, llmnr, mdns } = link;
        let word = |text: &Option<String>| text.as_ref().map(|text| self.word(text));
        DnsLink {
            interface: self.interface_option(interface.as_ref()),
            servers: self.addresses(servers),
            domains: domains
                .iter()
                .map(|Domain { name, routing_only }| Domain { name: self.domain(name), routing_only: *routing_only })
                .collect(),
            default_route: *default_route,
            encryption: *encryption,
            dnssec: word(dnssec),
            llmnr: word(llmnr),
            mdns: word(mdns),
        }
    }

    pub(super) fn dhcp(&self, dhcp: &Dhcp) -> Dhcp {
        let Dhcp { leases } = dhcp;
        Dhcp { leases: leases.iter().map(|lease| self.lease(lease)).collect() }
    }

    fn lease(&self, lease: &Lease) -> Lease {
        let Lease {
            interface,
            source,
            server,
            lease_seconds,
            routers,
            resolvers,
            domain,
            search,
            android_metered,
            portal_api,
            wpad,
            routes,
        } = lease;
        Lease {
            interface: self.interface(interface),
            source: self.word(source),
            server: server.map(|server| self.v4(server)),
            lease_seconds: *lease_seconds,
            routers: routers.iter().map(|router| self.v4(*router)).collect(),
            resolvers: resolvers.iter().map(|resolver| self.v4(*resolver)).collect(),
            domain: domain.as_ref().map(|domain| self.domain(domain)),
            search: self.domains(search),
            android_metered: *android_metered,
            portal_api: self.url_option(portal_api.as_ref()),
            wpad: self.url_option(wpad.as_ref()),
            routes: routes
                .iter()
                .map(|LeaseRoute { option, prefix, router }| LeaseRoute {
                    option: *option,
                    prefix: self.v4_net(*prefix),
                    router: self.v4(*router),
                })
                .collect(),
        }
    }

    pub(super) fn portal(&self, portal: &Portal) -> Portal {
        let Portal { interface, networkmanager, api, probe, second } = portal;
        Portal {
            interface: self.interface_option(interface.as_ref()),
            networkmanager: self.observed(networkmanager, |_, connectivity| *connectivity),
            api: self.observed(api, |me, api| {
                api.as_ref().map(|PortalApi { uri, captive, user_portal_url, seconds_remaining }| PortalApi {
                    uri: me.url(uri),
                    captive: *captive,
                    user_portal_url: me.url_option(user_portal_url.as_ref()),
                    seconds_remaining: *seconds_remaining,
                })
            }),
            probe: self.observed(probe, Self::probe),
            second: self.observed(second, Self::probe),
        }
    }

    fn probe(&self, probe: &Probe) -> Probe {
        let Probe { url, address, outcome } = probe;
        Probe {
            url: self.url(url),
            address: address.map(|address| self.address(address)),
            outcome: match outcome {
                ProbeOutcome::Redirected { status, location_host } => {
                    ProbeOutcome::Redirected { status: *status, location_host: self.host(location_host) }
                }
                ProbeOutcome::NoName(error) => ProbeOutcome::NoName(self.error(error)),
                ProbeOutcome::FalseName(address) => ProbeOutcome::FalseName(self.address(*address)),
                ProbeOutcome::NoAnswer(error) => ProbeOutcome::NoAnswer(self.error(error)),
                ProbeOutcome::Expected | ProbeOutcome::Altered { .. } | ProbeOutcome::AuthenticationRequired => {
                    outcome.clone()
                }
            },
        }
    }

    pub(super) fn proxy(&self, proxy: &Proxy) -> Proxy {
        let Proxy { mode, source } = proxy;
        let mode = match mode {
            ProxyMode::Manual(host) => {
                ProxyMode::Manual(if host.contains("://") { self.url(host) } else { self.host(host) })
            }
            ProxyMode::Script(url) => ProxyMode::Script(self.url(url)),
            ProxyMode::None | ProxyMode::FromNetwork => mode.clone(),
        };
        Proxy { mode, source: self.word(source) }
    }

    pub(super) fn profiles(&self, profiles: &Profiles) -> Profiles {
        let Profiles { wifi, vpn } = profiles;
        Profiles {
            wifi: wifi.iter().map(|profile| self.wifi_profile(profile)).collect(),
            vpn: vpn.iter().map(|profile| self.vpn_profile(profile)).collect(),
        }
    }

    fn wifi_profile(&self, profile: &WifiProfile) -> WifiProfile {
        let WifiProfile { uuid, name, ssid, key_management, autoconnect, active_on, enterprise } = profile;
        let network = self.ssid(ssid);
        WifiProfile {
            uuid: self.uuid(uuid),
            // A profile is mostly called as its network is.
            name: if *name == ssid.to_text() { network.to_text() } else { self.name("profile", name) },
            ssid: network,
            key_management: key_management.as_ref().map(|word| self.word(word)),
            autoconnect: *autoconnect,
            active_on: self.interface_option(active_on.as_ref()),
            enterprise: enterprise.as_ref().map(|enterprise| self.enterprise(enterprise)),
        }
    }

    fn vpn_profile(&self, profile: &VpnProfile) -> VpnProfile {
        let VpnProfile { uuid, name, service, gateway, autoconnect } = profile;
        VpnProfile {
            uuid: self.uuid(uuid),
            name: self.name("connection", name),
            service: self.service(service),
            gateway: gateway.as_ref().map(|gateway| self.host(gateway)),
            autoconnect: *autoconnect,
        }
    }

    /// How often a network was met, and how it compares: no name, no address.
    pub(super) fn met(&self, met: Option<&Met>) -> Option<Met> {
        let Met { days, trusted, weakest, router, maker, server, subnet, domain } = met?;
        Some(Met {
            days: *days,
            trusted: *trusted,
            weakest: weakest.as_ref().map(|word| self.word(word)),
            router: *router,
            maker: *maker,
            server: *server,
            subnet: *subnet,
            domain: *domain,
        })
    }
}
