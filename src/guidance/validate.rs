//! From a file as it is written to settings that can be relied on. Everything wrong is told at once.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;

use super::layers::{Draft, Layer, Setting};
use super::problem::{Fault, MOST, Problem};
use super::raw;
use super::{Clause, Destination, Guidance, ProbeTarget, TrustedNetwork, VpnIdentity, syntax};
use crate::checks;
use crate::facts::text::{Ssid, harmless};
use crate::signatures::vpn;

/// At most so many entries in a list: each destination is looked up, each place compared.
const ENTRIES: usize = 200;

/// Reads one file.
pub(super) fn layer(text: &str, file: &str) -> Result<Layer, Problem> {
    let (raw, faults) = raw::read(text);
    let blind = faults.iter().any(|fault| fault.key.is_none());
    let mut reader = Reader { text, faults, settings: Vec::new(), locked: Vec::new() };
    if !blind {
        reader.file(raw);
    }
    let Reader { mut faults, settings, locked, .. } = reader;
    if faults.is_empty() {
        return Ok(Layer { file: file.to_owned(), settings, locked });
    }
    faults.sort_by_key(|fault| fault.place.as_ref().map(|place| (place.line, place.column)));
    faults.truncate(MOST);
    Err(Problem { file: file.to_owned(), faults, denied: false })
}

struct Reader<'t> {
    text: &'t str,
    faults: Vec<Fault>,
    settings: Vec<Setting>,
    locked: Vec<String>,
}

impl Reader<'_> {
    fn fault(&mut self, span: &Range<usize>, key: &str, says: &str, help: Option<String>) {
        if self.faults.len() < MOST {
            let fault = raw::fault(self.text, span, Some(key.to_owned()), says);
            self.faults.push(Fault { help, ..fault });
        }
    }

    /// The value of a key through its parser; what it refuses is told.
    fn value<T>(&mut self, key: &str, set: &Spanned<String>, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let text = set.get_ref();
        match parse(text) {
            Ok(value) => Some(value),
            Err(why) => {
                self.fault(&set.span(), key, &format!("`{}` {why}", harmless(text, 60)), None);
                None
            }
        }
    }

    fn optional<T>(
        &mut self,
        key: &str,
        set: Option<&Spanned<String>>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        set.and_then(|set| self.value(key, set, parse))
    }

    fn list<T>(&mut self, key: &str, items: &[Spanned<String>], parse: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        self.bounded(key, items).iter().filter_map(|item| self.value(key, item, &parse)).collect()
    }

    fn bounded<'v, T>(&mut self, key: &str, items: &'v [Spanned<T>]) -> &'v [Spanned<T>] {
        match items.get(ENTRIES) {
            None => items,
            Some(first_too_many) => {
                let says = format!("has more than {ENTRIES} entries");
                self.fault(&first_too_many.span(), key, &says, None);
                items.get(..ENTRIES).unwrap_or_default()
            }
        }
    }

    /// What must be there; `within` is the table it is missing from.
    fn needed(&mut self, key: &str, field: &str, within: &Range<usize>, present: bool) {
        if !present {
            self.fault(within, key, &format!("`{field}` is missing"), None);
        }
    }

    fn set(&mut self, key: impl Into<String>, apply: impl FnOnce(&mut Guidance) + 'static) {
        self.settings.push(Setting { key: key.into(), apply: Box::new(|draft| apply(&mut draft.guidance)) });
    }

    fn file(&mut self, raw: raw::File) {
        if let Some(name) = self.optional("name", raw.name.as_ref(), |text| syntax::line(text, 60)) {
            // Another document: the number and the title beneath are not its own.
            self.set("name", |guidance| {
                guidance.name = name;
                "unnumbered".clone_into(&mut guidance.version);
                guidance.title.clear();
            });
        }
        if let Some(version) = self.optional("version", raw.version.as_ref(), |text| syntax::line(text, 60)) {
            self.set("version", |guidance| guidance.version = version);
        }
        if let Some(title) = self.optional("title", raw.title.as_ref(), |text| syntax::line(text, 200)) {
            self.set("title", |guidance| guidance.title = title);
        }
        self.contact(&raw.contact);
        self.vpn(raw.vpn);
        self.dns(&raw.dns);
        if let Some(destinations) = &raw.destination {
            self.destinations(destinations);
        }
        if let Some(trusted) = &raw.trusted {
            self.trusted(trusted);
        }
        self.portal(raw.portal);
        if let Some(hours) = &raw.work.hours {
            let hours = self.list("work.hours", hours, str::parse);
            self.set("work.hours", |guidance| guidance.hours = hours);
        }
        if let Some(valid_for) =
            self.optional("attestations.valid-for", raw.attestations.valid_for.as_ref(), syntax::duration)
        {
            self.set("attestations.valid-for", move |guidance| guidance.attestations.valid_for = valid_for);
        }
        if let Some(ask) = raw.attestations.ask {
            self.set("attestations.ask", move |guidance| guidance.attestations.ask = ask);
        }
        for (check, rule) in raw.severity {
            let key = format!("severity.{}", harmless(check.get_ref(), 60));
            if self.check(&key, &check) {
                self.set(key, move |guidance| {
                    guidance.severity.insert(check.into_inner(), rule);
                });
            }
        }
        if let Some(clauses) = &raw.clause {
            self.clauses(clauses);
        }
        for lock in raw.locked.into_iter().flat_map(|locked| locked.0) {
            self.lock(lock);
        }
    }

    fn contact(&mut self, raw: &raw::Contact) {
        if let Some(name) = self.optional("contact.name", raw.name.as_ref(), |text| syntax::line(text, 100)) {
            self.set("contact.name", |guidance| guidance.contact.name = Some(name));
        }
        if let Some(phone) = self.optional("contact.phone", raw.phone.as_ref(), |text| syntax::line(text, 60)) {
            self.set("contact.phone", |guidance| guidance.contact.phone = Some(phone));
        }
        let email = |text: &str| match text.split_once('@') {
            Some((user, host))
                if !user.is_empty() && syntax::domain(host).is_ok() && !text.contains(char::is_whitespace) =>
            {
                syntax::line(text, 200)
            }
            _ => Err("is not an e-mail address".to_owned()),
        };
        if let Some(email) = self.optional("contact.email", raw.email.as_ref(), email) {
            self.set("contact.email", |guidance| guidance.contact.email = Some(email));
        }
        if let Some(url) = self.optional("contact.url", raw.url.as_ref(), syntax::page) {
            self.set("contact.url", |guidance| guidance.contact.url = Some(url));
        }
    }

    fn vpn(&mut self, raw: raw::Vpn) {
        if let Some(required) = raw.required {
            self.set("vpn.required", move |guidance| guidance.vpn.required = required);
        }
        if let Some(extent) = raw.extent {
            self.set("vpn.extent", move |guidance| guidance.vpn.extent = extent);
        }
        if let Some(enforced) = raw.enforced {
            self.set("vpn.enforced", move |guidance| guidance.vpn.enforced = enforced);
        }
        let Some(raw) = raw.identity else { return };
        let mut identities = Vec::new();
        for spanned in self.bounded("vpn.identity", &raw) {
            let (span, raw) = (spanned.span(), spanned.get_ref());
            self.needed("vpn.identity", "name", &span, raw.name.is_some());
            let name = self.optional("vpn.identity.name", raw.name.as_ref(), |text| syntax::line(text, 100));
            let identity = VpnIdentity {
                name: name.unwrap_or_default(),
                peer_keys: self.list("vpn.identity.peer-keys", &raw.peer_keys, syntax::key),
                endpoints: self.list("vpn.identity.endpoints", &raw.endpoints, syntax::endpoint),
                networkmanager_uuids: self.list(
                    "vpn.identity.networkmanager-uuids",
                    &raw.networkmanager_uuids,
                    syntax::uuid,
                ),
                dns_suffixes: self.list("vpn.identity.dns-suffixes", &raw.dns_suffixes, syntax::domain),
                clients: self.clients(&raw.clients),
            };
            let marks = raw.peer_keys.len()
                + raw.endpoints.len()
                + raw.networkmanager_uuids.len()
                + raw.dns_suffixes.len()
                + raw.clients.len();
            if marks == 0 {
                self.fault(
                    &span,
                    "vpn.identity",
                    "says nothing to know the VPN by",
                    Some("give peer-keys, endpoints, networkmanager-uuids, dns-suffixes or clients".to_owned()),
                );
            }
            identities.push(identity);
        }
        self.set("vpn.identity", |guidance| guidance.vpn.identities = identities);
    }

    fn dns(&mut self, raw: &raw::Dns) {
        if let Some(resolvers) = &raw.resolvers {
            let resolvers = self.list("dns.resolvers", resolvers, syntax::net);
            self.set("dns.resolvers", |guidance| guidance.dns.resolvers = resolvers);
        }
        if let Some(domains) = &raw.domains {
            let domains = self.list("dns.domains", domains, syntax::domain);
            self.set("dns.domains", |guidance| guidance.dns.domains = domains);
        }
        if let Some(encrypted) = raw.encrypted {
            self.set("dns.encrypted", move |guidance| guidance.dns.encrypted = encrypted);
        }
    }

    /// Tells what was given before; `what` is the value in the form that is compared.
    fn twice(&mut self, seen: &mut BTreeMap<String, usize>, key: &str, set: &Spanned<String>, what: String) {
        let line = super::problem::Place::of(self.text, &set.span()).line;
        if let Some(first) = seen.get(&what) {
            let says = format!("`{}` is already given in line {first}", harmless(set.get_ref(), 60));
            self.fault(&set.span(), key, &says, None);
        } else {
            seen.insert(what, line);
        }
    }

    fn destinations(&mut self, raw: &[Spanned<raw::Destination>]) {
        let (mut names, mut addresses) = (BTreeMap::new(), BTreeMap::new());
        let mut destinations = Vec::new();
        for spanned in self.bounded("destination", raw) {
            let (span, raw) = (spanned.span(), spanned.get_ref());
            self.needed("destination", "name", &span, raw.name.is_some());
            self.needed("destination", "address", &span, raw.address.is_some());
            let name = self.optional("destination.name", raw.name.as_ref(), |text| syntax::line(text, 100));
            let address = self.optional("destination.address", raw.address.as_ref(), syntax::net);
            if let (Some(name), Some(set)) = (&name, &raw.name) {
                self.twice(&mut names, "destination.name", set, name.clone());
            }
            if let (Some(address), Some(set)) = (&address, &raw.address) {
                self.twice(&mut addresses, "destination.address", set, address.to_string());
            }
            if let (Some(name), Some(address)) = (name, address) {
                destinations.push(Destination { name, address });
            }
        }
        self.set("destination", |guidance| guidance.destinations = destinations);
    }

    fn trusted(&mut self, raw: &[Spanned<raw::Trusted>]) {
        let mut names = BTreeMap::new();
        let mut trusted = Vec::new();
        for spanned in self.bounded("trusted", raw) {
            let (span, raw) = (spanned.span(), spanned.get_ref());
            self.needed("trusted", "name", &span, raw.name.is_some());
            let name = self.optional("trusted.name", raw.name.as_ref(), |text| syntax::line(text, 100));
            if let (Some(name), Some(set)) = (&name, &raw.name) {
                self.twice(&mut names, "trusted.name", set, name.clone());
            }
            let given = [
                raw.ssid.is_some(),
                raw.security.is_some(),
                raw.gateway_mac.is_some(),
                raw.bssid_prefix.is_some(),
                raw.dhcp_server.is_some(),
                raw.subnet.is_some(),
                raw.domain.is_some(),
            ];
            let given = given.into_iter().filter(|given| *given).count();
            if given < 3 {
                let says = format!("a place is known by three elements or more, {given} given");
                let help = "of ssid, security, gateway-mac, bssid-prefix, dhcp-server, subnet, domain; each alone is easily imitated";
                self.fault(&span, "trusted", &says, Some(help.to_owned()));
            } else if (raw.ssid.is_some() || raw.bssid_prefix.is_some()) && raw.security.is_none() {
                let help = "give security, such as \"wpa2-personal\"; names and addresses are easily imitated";
                self.fault(&span, "trusted", "a Wi-Fi place is known by its security, too", Some(help.to_owned()));
            }
            trusted.push(TrustedNetwork {
                name: name.unwrap_or_default(),
                ssid: self.optional("trusted.ssid", raw.ssid.as_ref(), ssid),
                security: self.optional("trusted.security", raw.security.as_ref(), security),
                gateway_mac: self.optional("trusted.gateway-mac", raw.gateway_mac.as_ref(), syntax::mac),
                bssid_prefix: self.optional("trusted.bssid-prefix", raw.bssid_prefix.as_ref(), syntax::mac_prefix),
                dhcp_server: self.optional("trusted.dhcp-server", raw.dhcp_server.as_ref(), syntax::address),
                subnet: self.optional("trusted.subnet", raw.subnet.as_ref(), subnet),
                domain: self.optional("trusted.domain", raw.domain.as_ref(), syntax::domain),
            });
        }
        self.set("trusted", |guidance| guidance.trusted = trusted);
    }

    fn portal(&mut self, raw: raw::Portal) {
        if let Some(probe) = raw.probe {
            let apply = Box::new(move |draft: &mut Draft| draft.probe = probe);
            self.settings.push(Setting { key: "portal.probe".to_owned(), apply });
        }
        let first = raw.first.and_then(|raw| self.probe("portal.first", &raw));
        let second = raw.second.and_then(|raw| self.probe("portal.second", &raw));
        if let (Some((_, host, _)), Some((_, other, span))) = (&first, &second)
            && host == other
        {
            let says = format!("`{}` answers for portal.first already", harmless(other, 60));
            self.fault(span, "portal.second.url", &says, Some("name a page of another operator".to_owned()));
        }
        if let Some((target, ..)) = first {
            self.set("portal.first", |guidance| guidance.portal.first = Some(target));
        }
        if let Some((target, ..)) = second {
            self.set("portal.second", |guidance| guidance.portal.second = Some(target));
        }
    }

    /// A probe, the host it goes to, and where that is written.
    fn probe(&mut self, key: &str, raw: &Spanned<raw::Probe>) -> Option<(ProbeTarget, String, Range<usize>)> {
        let (span, raw) = (raw.span(), raw.get_ref());
        let Some(url) = &raw.url else {
            self.needed(key, "url", &span, false);
            return None;
        };
        let host = self.value(&format!("{key}.url"), url, |text| syntax::probe_url(text).map(str::to_owned))?;
        let status = match &raw.status {
            None => 200,
            Some(set) => {
                let status = u16::try_from(*set.get_ref()).ok().filter(|status| (200..=299).contains(status));
                let Some(status) = status else {
                    let says = format!("`{}` is not a status of a page that answers (200 to 299)", set.get_ref());
                    self.fault(&set.span(), &format!("{key}.status"), &says, None);
                    return None;
                };
                status
            }
        };
        let body = raw.body.as_ref().map(|body| body.get_ref().clone()).unwrap_or_default();
        if body.len() > 1000 {
            let span = raw.body.as_ref().map_or(span, Spanned::span);
            self.fault(&span, &format!("{key}.body"), "is longer than 1000 bytes", None);
            return None;
        }
        Some((ProbeTarget { url: url.get_ref().clone(), status, body }, host, url.span()))
    }

    /// Programs that `signatures/vpn.toml` knows; what it does not know would never match.
    fn clients(&mut self, raw: &[Spanned<String>]) -> Vec<String> {
        let known = || vpn::built_in().iter().map(|signature| signature.id.as_str());
        let mut clients = Vec::new();
        for client in self.bounded("vpn.identity.clients", raw) {
            let id = client.get_ref();
            if known().any(|known| known == id) {
                clients.push(id.clone());
                continue;
            }
            let help = syntax::nearest(id, known()).map_or_else(
                || format!("there are {}", known().collect::<Vec<_>>().join(", ")),
                |nearest| format!("did you mean `{nearest}`?"),
            );
            let says = format!("there is no VPN program `{}` in signatures/vpn.toml", harmless(id, 60));
            self.fault(&client.span(), "vpn.identity.clients", &says, Some(help));
        }
        clients
    }

    /// Whether a check of this name exists; told when not.
    fn check(&mut self, key: &str, id: &Spanned<String>) -> bool {
        if checks::find(id.get_ref()).is_some() {
            return true;
        }
        let says = format!("there is no check `{}`", harmless(id.get_ref(), 60));
        let nearest = syntax::nearest(id.get_ref(), checks::ALL.iter().map(|check| check.id));
        let help = nearest
            .map_or_else(|| "`homeward checks` lists them".to_owned(), |nearest| format!("did you mean `{nearest}`?"));
        self.fault(&id.span(), key, &says, Some(help));
        false
    }

    fn clauses(&mut self, raw: &[Spanned<raw::Clause>]) {
        let mut ids = BTreeMap::new();
        let mut clauses = Vec::new();
        for spanned in self.bounded("clause", raw) {
            let (span, raw) = (spanned.span(), spanned.get_ref());
            for (field, present) in [("id", &raw.id), ("source", &raw.source), ("text", &raw.text)] {
                self.needed("clause", field, &span, present.is_some());
            }
            let id = self.optional("clause.id", raw.id.as_ref(), |text| syntax::line(text, 60));
            let source = self.optional("clause.source", raw.source.as_ref(), |text| syntax::line(text, 120));
            let text = self.optional("clause.text", raw.text.as_ref(), |text| {
                syntax::line(&text.split_whitespace().collect::<Vec<_>>().join(" "), 2000)
            });
            if let (Some(id), Some(source), Some(set)) = (&id, &source, &raw.id) {
                self.twice(&mut ids, "clause.id", set, format!("{source} {id}"));
            }
            let checks: Vec<String> = self
                .bounded("clause.checks", &raw.checks)
                .iter()
                .filter(|check| self.check("clause.checks", check))
                .map(|check| check.get_ref().clone())
                .collect();
            if let (Some(id), Some(source), Some(text)) = (id, source, text) {
                clauses.push(Clause { id, source, text, checks });
            }
        }
        self.set("clause", |guidance| guidance.clauses = clauses);
    }

    fn lock(&mut self, lock: Spanned<String>) {
        let key = lock.get_ref();
        let known = match key.strip_prefix("severity.") {
            Some(check) => checks::find(check).is_some(),
            None => {
                KEYS.contains(&key.as_str())
                    || key == "*"
                    || KEYS.iter().any(|known| section(known) == Some(key.as_str()))
            }
        };
        if known {
            self.locked.push(lock.into_inner());
            return;
        }
        let checks: Vec<String> = checks::ALL.iter().map(|check| format!("severity.{}", check.id)).collect();
        let words = KEYS.iter().copied().chain(checks.iter().map(String::as_str));
        let help = syntax::nearest(key, words).map_or_else(
            || format!("keys: {}, severity.CHECK; or a whole section such as vpn; or *", KEYS.join(", ")),
            |nearest| format!("did you mean `{nearest}`?"),
        );
        let says = format!("there is no key `{}` to lock", harmless(key, 60));
        self.fault(&lock.span(), "locked", &says, Some(help));
    }
}

/// Every key that can be set and locked; beside them `severity.CHECK`.
pub(super) const KEYS: &[&str] = &[
    "name",
    "version",
    "title",
    "contact.name",
    "contact.phone",
    "contact.email",
    "contact.url",
    "vpn.required",
    "vpn.extent",
    "vpn.enforced",
    "vpn.identity",
    "dns.resolvers",
    "dns.domains",
    "dns.encrypted",
    "destination",
    "trusted",
    "portal.probe",
    "portal.first",
    "portal.second",
    "work.hours",
    "attestations.valid-for",
    "attestations.ask",
    "severity",
    "clause",
];

fn section(key: &str) -> Option<&str> {
    key.split_once('.').map(|(section, _)| section)
}

fn ssid(text: &str) -> Result<Ssid, String> {
    let ssid = Ssid::from_text(text);
    match ssid.0.len() {
        1..=32 => Ok(ssid),
        _ => Err("is not a Wi-Fi name (1 to 32 bytes)".to_owned()),
    }
}

/// The security words of the contract that say something of a place.
const SECURITY: &[&str] = &[
    "wpa2-personal",
    "wpa2-wpa3-personal",
    "wpa3-personal",
    "wpa2-enterprise",
    "wpa2-wpa3-enterprise",
    "wpa3-enterprise",
    "wpa3-enterprise-192",
    "passpoint",
    "dpp",
];

fn security(text: &str) -> Result<String, String> {
    if SECURITY.contains(&text) {
        return Ok(text.to_owned());
    }
    Err(format!("is not a protection a place is known by; one of {}", SECURITY.join(", ")))
}

fn subnet(text: &str) -> Result<ipnet::IpNet, String> {
    let net = syntax::net(text)?;
    let least = if net.addr().is_ipv4() { 8 } else { 16 };
    if net.prefix_len() < least {
        return Err(format!("is too wide to tell one place from another (at least /{least})"));
    }
    Ok(net)
}
