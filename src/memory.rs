//! Networks met before: several independent elements of each, as keyed hashes, so that who reads the file learns neither
//! names nor addresses. Pure: bytes in, bytes out, time is an argument.
//!
//! What is weaker than ever before is not learned until the person says that it is right: an imitation cannot make itself
//! known. Everything else is: another access point of a mesh, a new router, other addresses.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::facts::met::{Likeness, Met};
use crate::inference::place::{Elements, weaker};

/// The format's name.
pub const FORMAT: &str = "homeward.networks/1";

/// More networks are not remembered: the one not met for longest goes, those the person trusts last.
const NETWORKS: usize = 200;
/// Of each element, so many of the latest.
const OF_ONE: usize = 16;
/// What was not met for so long is forgotten, unless it is trusted.
const DAYS: i64 = 400;
/// Elements that must be known of a network before a person can trust it: a name alone proves nothing (CVE-2023-52424).
pub const ENOUGH: usize = 3;

/// The key of the hashes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key([u8; 32]);

impl From<[u8; 32]> for Key {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

/// All of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Memory {
    format: String,
    key: Key,
    networks: Vec<Network>,
}

/// One network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Network {
    /// What it is known by: a hash of its name, or of its router.
    pub id: String,
    /// Its name in clear, for those the person trusts.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether it is a Wi-Fi.
    pub wifi: bool,
    /// The person said that it is known to them.
    pub trusted: bool,
    /// On how many days it was met.
    pub days: u32,
    /// The first time.
    pub first: Timestamp,
    /// The last time.
    pub last: Timestamp,
    /// The last day, by the person's calendar.
    pub day: Date,
    /// The weakest protection it ever had.
    #[serde(default)]
    pub weakest: Option<String>,
    #[serde(default)]
    routers: Vec<String>,
    #[serde(default)]
    makers: Vec<String>,
    #[serde(default)]
    servers: Vec<String>,
    #[serde(default)]
    subnets: Vec<String>,
    #[serde(default)]
    domains: Vec<String>,
}

impl Memory {
    /// Nothing remembered yet.
    pub fn new(key: Key) -> Self {
        Self { format: FORMAT.to_owned(), key, networks: Vec::new() }
    }

    /// Reads what was kept.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let memory: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if memory.format != FORMAT {
            return Err(format!("the format is not {FORMAT}"));
        }
        Ok(memory)
    }

    /// The networks, those met last first.
    pub fn networks(&self) -> &[Network] {
        &self.networks
    }

    /// A key for another purpose, from which nobody learns this one.
    pub fn key_for(&self, purpose: &str) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(self.key.0);
        digest.update(b"key for ");
        digest.update(purpose.as_bytes());
        digest.finalize().into()
    }

    /// How this network compares with what is remembered of it; `None` when it is new.
    pub fn met(&self, now: &Elements) -> Option<Met> {
        let known = self.networks.iter().find(|network| Some(&network.id) == self.id(now).as_ref())?;
        let like = |kind: &str, value: Option<&str>, known: &[String]| match value {
            Some(value) if !known.is_empty() => {
                if known.contains(&self.hash(kind, value)) {
                    Likeness::Same
                } else {
                    Likeness::Other
                }
            }
            _ => Likeness::Unknown,
        };
        Some(Met {
            days: known.days,
            trusted: known.trusted,
            weakest: known.weakest.clone(),
            router: like("router", now.router.as_deref(), &known.routers),
            maker: like("maker", now.maker.as_deref(), &known.makers),
            server: like("server", now.server.as_deref(), &known.servers),
            subnet: like("subnet", now.subnet.as_deref(), &known.subnets),
            domain: like("domain", now.domain.as_deref(), &known.domains),
        })
    }

    /// Learns of the network one is in, unless it is weaker than it ever was.
    pub fn learn(&mut self, now: &Elements, at: Timestamp, today: Date) {
        let weaker = self.met(now).is_some_and(|met| is_weaker(&met, now));
        if !weaker {
            self.take_in(now, at, today);
        }
    }

    /// The person says that this network is one they know, as it is now. Gives `false` when too little is known of it.
    pub fn trust(&mut self, now: &Elements, at: Timestamp, today: Date) -> bool {
        if now.known() < ENOUGH {
            return false;
        }
        self.take_in(now, at, today);
        let id = self.id(now);
        if let Some(network) = self.networks.iter_mut().find(|network| Some(&network.id) == id.as_ref()) {
            network.trusted = true;
            network.name.clone_from(&now.name);
            network.weakest = now.security.map(str::to_owned).or_else(|| network.weakest.clone());
        }
        true
    }

    /// Forgets the network of this id.
    pub fn forget(&mut self, id: &str) {
        self.networks.retain(|network| network.id != id);
    }

    /// The id of the network one is in.
    pub fn id(&self, now: &Elements) -> Option<String> {
        match (&now.name, &now.router) {
            (Some(name), _) => Some(self.hash("name", name)),
            (None, Some(router)) => Some(self.hash("cable", router)),
            (None, None) => None,
        }
    }

    fn take_in(&mut self, now: &Elements, at: Timestamp, today: Date) {
        let Some(id) = self.id(now) else { return };
        let place = self.networks.iter().position(|network| network.id == id);
        let mut network =
            place.map_or_else(|| Network::new(id, now.name.is_some(), at, today), |at| self.networks.remove(at));
        for (kind, value, known) in [
            ("router", &now.router, &mut network.routers),
            ("maker", &now.maker, &mut network.makers),
            ("server", &now.server, &mut network.servers),
            ("subnet", &now.subnet, &mut network.subnets),
            ("domain", &now.domain, &mut network.domains),
        ] {
            if let Some(value) = value {
                let hash = self.hash(kind, value);
                known.retain(|known| *known != hash);
                known.insert(0, hash);
                known.truncate(OF_ONE);
            }
        }
        if let Some(now) = now.security
            && network.weakest.as_deref().is_none_or(|before| weaker(now, before))
        {
            network.weakest = Some(now.to_owned());
        }
        if network.day != today {
            network.day = today;
            network.days = network.days.saturating_add(1);
        }
        network.last = at;
        self.networks.insert(0, network);
        self.networks.retain(|network| network.trusted || at.duration_since(network.last).as_hours() < DAYS * 24);
        while self.networks.len() > NETWORKS {
            let last = self.networks.iter().rposition(|network| !network.trusted).unwrap_or(NETWORKS);
            self.networks.remove(last);
        }
    }

    /// The first 80 bits of SHA-256 over the key, the kind and the value.
    fn hash(&self, kind: &str, value: &str) -> String {
        let mut digest = Sha256::new();
        digest.update(self.key.0);
        digest.update(kind.as_bytes());
        digest.update([0]);
        digest.update(value.as_bytes());
        digest.finalize().iter().take(10).fold(String::new(), |mut text, byte| {
            use std::fmt::Write as _;
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

impl Network {
    fn new(id: String, wifi: bool, at: Timestamp, today: Date) -> Self {
        Self {
            id,
            name: None,
            wifi,
            trusted: false,
            days: 1,
            first: at,
            last: at,
            day: today,
            weakest: None,
            routers: Vec::new(),
            makers: Vec::new(),
            servers: Vec::new(),
            subnets: Vec::new(),
            domains: Vec::new(),
        }
    }
}

fn is_weaker(met: &Met, now: &Elements) -> bool {
    matches!((now.security, &met.weakest), (Some(now), Some(before)) if weaker(now, before))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i8) -> (Timestamp, Date) {
        let date = jiff::civil::date(2026, 11, day);
        (date.at(9, 0, 0, 0).to_zoned_datetime(jiff::tz::TimeZone::UTC).unwrap().timestamp(), date)
    }

    fn home() -> Elements {
        let text = |text: &str| Some(text.to_owned());
        Elements {
            name: text("family"),
            security: Some("wpa2-personal"),
            maker: text("02:11:22"),
            router: text("02:11:22:33:44:55"),
            server: text("192.168.1.1"),
            subnet: text("192.168.1.0/24"),
            domain: None,
        }
    }

    fn familiar() -> Memory {
        let mut memory = Memory::new([7; 32].into());
        for day in 1..6 {
            let (now, today) = at(day);
            memory.learn(&home(), now, today);
            memory.learn(&home(), now, today);
        }
        memory
    }

    #[test]
    fn a_network_is_known_again_and_its_name_is_not_in_the_file() {
        let memory = familiar();
        let met = memory.met(&home()).unwrap();
        assert_eq!(
            (met.days, met.router, met.maker, met.domain),
            (5, Likeness::Same, Likeness::Same, Likeness::Unknown)
        );
        let kept = serde_json::to_string(&memory).unwrap();
        for secret in ["family", "02:11:22", "192.168.1"] {
            assert!(!kept.contains(secret), "{secret} is in the file");
        }
        assert_eq!(Memory::parse(kept.as_bytes()).unwrap(), memory);
        // With another key the same network has another name.
        let mut other = Memory::new([8; 32].into());
        let (now, today) = at(1);
        other.learn(&home(), now, today);
        assert_ne!(other.networks()[0].id, memory.networks()[0].id);
    }

    #[test]
    fn a_new_router_is_learned_and_an_imitation_is_not() {
        let mut memory = familiar();
        let (now, today) = at(7);
        let new_router =
            Elements { router: Some("02:99:99:00:00:01".to_owned()), maker: Some("02:99:99".to_owned()), ..home() };
        assert_eq!(memory.met(&new_router).unwrap().router, Likeness::Other);
        memory.learn(&new_router, now, today);
        assert_eq!(memory.met(&new_router).unwrap().router, Likeness::Same);
        let imitation = Elements { security: Some("open"), router: Some("02:66:66:00:00:01".to_owned()), ..home() };
        let before = memory.clone();
        memory.learn(&imitation, now, today);
        assert_eq!(memory, before, "what is weaker than ever is not learned");
        assert!(memory.trust(&imitation, now, today), "unless the person says so");
        assert_eq!(memory.met(&imitation).unwrap().weakest.as_deref(), Some("open"));
    }

    #[test]
    fn a_name_alone_is_not_trusted() {
        let mut memory = Memory::new([7; 32].into());
        let (now, today) = at(1);
        let name = Elements { maker: None, router: None, server: None, subnet: None, ..home() };
        assert!(!memory.trust(&name, now, today));
        assert!(memory.networks().is_empty());
    }

    #[test]
    fn memory_is_bounded_and_one_can_be_forgotten() {
        let mut memory = familiar();
        let (now, today) = at(8);
        assert!(memory.trust(&home(), now, today));
        for number in 0..400 {
            memory.learn(&Elements { name: Some(format!("cafe {number}")), ..home() }, now, today);
        }
        assert_eq!(memory.networks().len(), NETWORKS);
        assert!(memory.met(&home()).is_some(), "the trusted one stays");
        for number in 0..40 {
            memory.learn(&Elements { subnet: Some(format!("10.0.{number}.0/24")), ..home() }, now, today);
        }
        assert!(memory.networks()[0].subnets.len() <= OF_ONE);
        let id = memory.id(&home()).unwrap();
        memory.forget(&id);
        assert!(memory.met(&home()).is_none());
        assert_eq!(memory.networks().len(), NETWORKS - 1);
    }

    #[test]
    fn what_is_broken_is_refused_in_words() {
        for broken in ["", "{}", "[]", "{\"format\":\"homeward.networks/2\",\"key\":[],\"networks\":[]}", "\u{0}"] {
            assert!(Memory::parse(broken.as_bytes()).is_err(), "{broken}");
        }
    }
}
