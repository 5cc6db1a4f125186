//! The employer's guidance: what of it stays, and what it becomes, so that a redacted moment is judged by it as before.

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::{Level, Redactor};
use crate::guidance::{
    Clause, Contact, Destination, DnsRule, Endpoint, Guidance, PortalRule, ProbeTarget, TrustedNetwork, VpnIdentity,
    VpnRule,
};

/// What is the employer's, not the person's: names in lower case, and prefixes. Trusted places are left out: they may be homes.
pub(super) fn employers(guidance: &Guidance) -> (BTreeSet<String>, Vec<IpNet>) {
    let mut kept = BTreeSet::new();
    let mut prefixes: Vec<IpNet> = guidance.dns.resolvers.clone();
    let mut domain =
        |name: &str| kept.extend(name.to_lowercase().split('.').filter(|label| !label.is_empty()).map(str::to_owned));
    guidance.dns.domains.iter().for_each(|name| domain(name));
    for identity in &guidance.vpn.identities {
        identity.dns_suffixes.iter().for_each(|name| domain(name));
    }
    for identity in &guidance.vpn.identities {
        kept.insert(identity.name.to_lowercase());
        kept.extend(identity.peer_keys.iter().chain(&identity.networkmanager_uuids).map(|text| text.to_lowercase()));
        prefixes.extend(identity.endpoints.iter().map(|endpoint| IpNet::from(endpoint.ip())));
    }
    for destination in &guidance.destinations {
        kept.insert(destination.name.to_lowercase());
        prefixes.push(destination.address);
    }
    let pages = [&guidance.portal.first, &guidance.portal.second];
    kept.extend(pages.into_iter().flatten().map(|target| target.url.to_lowercase()));
    (kept, prefixes)
}

impl Redactor {
    /// The guidance in force at the moment. Whose files it came from is left out: their paths name a home.
    pub fn guidance(&self, guidance: &Guidance) -> Guidance {
        if self.level == Level::None {
            return guidance.clone();
        }
        let Guidance {
            name,
            version,
            title,
            source,
            contact,
            vpn,
            dns,
            destinations,
            trusted,
            portal,
            hours,
            attestations,
            severity,
            clauses,
            ignored: _,
            origins: _,
            locked: _,
        } = guidance;
        let public = self.level == Level::Public;
        // A document that everybody can read.
        let ours = name == &Guidance::built_in().name;
        let given = |kind, text: &String| if public && !ours { self.name(kind, text) } else { text.clone() };
        let VpnRule { required, extent, enforced, identities } = vpn;
        let DnsRule { resolvers, domains, encrypted } = dns;
        let PortalRule { first, second } = portal;
        Guidance {
            name: given("guidance", name),
            version: given("version", version),
            title: if public && !ours { String::new() } else { title.clone() },
            source: source.clone(),
            contact: if public { Contact::default() } else { contact.clone() },
            vpn: VpnRule {
                required: *required,
                extent: *extent,
                enforced: *enforced,
                identities: identities.iter().map(|identity| self.identity(identity)).collect(),
            },
            dns: DnsRule {
                resolvers: resolvers.iter().map(|net| self.net(*net)).collect(),
                domains: self.domains(domains),
                encrypted: *encrypted,
            },
            destinations: destinations
                .iter()
                .map(|Destination { name, address }| Destination {
                    name: self.name("work", name),
                    address: self.net(*address),
                })
                .collect(),
            trusted: trusted.iter().map(|place| self.place(place)).collect(),
            portal: PortalRule { first: self.target(first.as_ref()), second: self.target(second.as_ref()) },
            hours: hours.clone(),
            attestations: attestations.clone(),
            severity: severity.clone(),
            clauses: clauses
                .iter()
                .map(|Clause { id, source, text, checks }| Clause {
                    id: id.clone(),
                    source: if public { self.name("document", source) } else { source.clone() },
                    text: if public { "…".to_owned() } else { text.clone() },
                    checks: checks.clone(),
                })
                .collect(),
            ignored: Vec::new(),
            origins: std::collections::BTreeMap::new(),
            locked: Vec::new(),
        }
    }

    fn identity(&self, identity: &VpnIdentity) -> VpnIdentity {
        let VpnIdentity { name, peer_keys, endpoints, networkmanager_uuids, dns_suffixes, clients } = identity;
        VpnIdentity {
            name: self.name("vpn", name),
            peer_keys: peer_keys.iter().map(|key| self.key(key)).collect(),
            endpoints: endpoints
                .iter()
                .map(|endpoint| match endpoint {
                    Endpoint::Socket(socket) => Endpoint::Socket(self.socket(*socket)),
                    Endpoint::Address(address) => Endpoint::Address(self.address(*address)),
                })
                .collect(),
            networkmanager_uuids: networkmanager_uuids.iter().map(|uuid| self.uuid(uuid)).collect(),
            dns_suffixes: self.domains(dns_suffixes),
            clients: clients.clone(),
        }
    }

    fn place(&self, place: &TrustedNetwork) -> TrustedNetwork {
        let TrustedNetwork { name, ssid, security, gateway_mac, bssid_prefix, dhcp_server, subnet, domain } = place;
        TrustedNetwork {
            name: self.name("place", name),
            ssid: ssid.as_ref().map(|ssid| self.ssid(ssid)),
            security: security.clone(),
            gateway_mac: self.mac_option(gateway_mac.as_ref()),
            bssid_prefix: self.mac_option(bssid_prefix.as_ref()),
            dhcp_server: dhcp_server.map(|server| self.address(server)),
            subnet: subnet.map(|subnet| self.net(subnet)),
            domain: domain.as_ref().map(|domain| self.domain(domain)),
        }
    }

    fn target(&self, target: Option<&ProbeTarget>) -> Option<ProbeTarget> {
        let ProbeTarget { url, status, body } = target?;
        let mapped = self.url(url);
        let body = if mapped == *url { body.clone() } else { String::new() };
        Some(ProbeTarget { url: mapped, status: *status, body })
    }
}
