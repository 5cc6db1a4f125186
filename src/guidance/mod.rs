//! ASK: what the employer asks. A file, read strictly, to a [`Guidance`] every part can rely on.

pub mod clauses;
pub mod coverage;
pub mod hours;
pub mod layers;
mod problem;
mod raw;
mod remarks;
mod syntax;
mod validate;
pub mod written;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::LazyLock;
use std::time::Duration;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::checks::Severity;
use crate::facts::text::Ssid;
use crate::verdict::ClauseRef;

pub use layers::{Moment, Places, alone, load};
pub use problem::{Fault, Place, Problem};
pub use remarks::{Remark, remarks};
pub use syntax::nearest;

/// What the employer asks of a connection, validated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guidance {
    /// Short name, e.g. `pcpd-2020`.
    pub name: String,
    /// Its version, free text.
    pub version: String,
    /// One line for a person.
    pub title: String,
    /// Where it came from.
    pub source: Source,
    /// Whom to ask for help; shown in advice.
    pub contact: Contact,
    /// The VPN.
    pub vpn: VpnRule,
    /// Name look-ups.
    pub dns: DnsRule,
    /// Addresses that are work.
    pub destinations: Vec<Destination>,
    /// Places the employer vouches for.
    pub trusted: Vec<TrustedNetwork>,
    /// How a sign-in page is looked for.
    pub portal: PortalRule,
    /// When the person is at work; empty: whenever the computer is on. The history is kept only then.
    pub hours: Vec<hours::Hours>,
    /// The questions only a person can answer.
    pub attestations: AttestationRule,
    /// Severities moved, by check id.
    pub severity: BTreeMap<String, SeverityRule>,
    /// The employer's own clauses.
    pub clauses: Vec<Clause>,
    /// What was set in a lower layer although a higher one locks it; told, not applied.
    pub ignored: Vec<Ignored>,
    /// The file each key was last set by; a key that is not here is as the built-in has it.
    pub origins: BTreeMap<String, String>,
    /// What the employer's file (or the one file that was validated) locks.
    pub locked: Vec<String>,
}

/// Where guidance came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Compiled in.
    BuiltIn,
    /// Read from these files, the one that says most first.
    Files(Vec<String>),
}

/// Whom to ask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Contact {
    /// E.g. "IT helpdesk".
    #[serde(default)]
    pub name: Option<String>,
    /// Telephone.
    #[serde(default)]
    pub phone: Option<String>,
    /// E-mail.
    #[serde(default)]
    pub email: Option<String>,
    /// Page.
    #[serde(default)]
    pub url: Option<String>,
}

/// When a VPN must carry the traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Required {
    /// Never.
    Never,
    /// On public networks, and on any other that cannot be told from one.
    OnPublic,
    /// Always.
    Always,
}

/// How much of the traffic the VPN must carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// The work destinations at least (split tunnel allowed).
    Split,
    /// Everything (full tunnel).
    Full,
}

/// What is asked of the VPN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VpnRule {
    /// When.
    pub required: Required,
    /// How much, whenever a VPN is in use.
    pub extent: Extent,
    /// Whether traffic must stay blocked when the tunnel falls (kill switch).
    pub enforced: bool,
    /// How the employer's VPN is known. Empty: any VPN that is not of a personal kind.
    pub identities: Vec<VpnIdentity>,
}

/// How the employer's VPN is known. Any one match is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct VpnIdentity {
    /// A name for people.
    pub name: String,
    /// WireGuard public keys of its servers, base64.
    #[serde(default)]
    pub peer_keys: Vec<String>,
    /// Addresses (with optional port) of its servers.
    #[serde(default)]
    pub endpoints: Vec<Endpoint>,
    /// UUIDs of NetworkManager connections.
    #[serde(default)]
    pub networkmanager_uuids: Vec<String>,
    /// DNS suffixes its link is given.
    #[serde(default)]
    pub dns_suffixes: Vec<String>,
    /// Programs by their id in `signatures/vpn.toml`.
    #[serde(default)]
    pub clients: Vec<String>,
}

/// A server's address, with a port or without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Endpoint {
    /// Address and port.
    Socket(SocketAddr),
    /// Any port of this address.
    Address(IpAddr),
}

impl Endpoint {
    /// Its address.
    pub const fn ip(&self) -> IpAddr {
        match self {
            Self::Socket(socket) => socket.ip(),
            Self::Address(address) => *address,
        }
    }
}

/// What is asked of name look-ups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DnsRule {
    /// Resolvers that may be used; empty: any.
    pub resolvers: Vec<IpNet>,
    /// Domains that are work and belong in the tunnel.
    pub domains: Vec<String>,
    /// Whether look-ups must be encrypted where no tunnel carries them.
    pub encrypted: bool,
}

/// An address that is work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Destination {
    /// A name for people.
    pub name: String,
    /// Address or prefix; of a prefix its first host is asked about.
    pub address: IpNet,
}

/// A place the employer or the person vouches for. At least three of the elements must be given,
/// and all that are given must match; the name alone never does (CVE-2023-52424).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TrustedNetwork {
    /// A name for people.
    pub name: String,
    /// Wi-Fi name.
    #[serde(default)]
    pub ssid: Option<Ssid>,
    /// Security word of the contract, at least this strong.
    #[serde(default)]
    pub security: Option<String>,
    /// Hardware address of the router.
    #[serde(default)]
    pub gateway_mac: Option<String>,
    /// First three octets of the access point's address.
    #[serde(default)]
    pub bssid_prefix: Option<String>,
    /// DHCP server.
    #[serde(default)]
    pub dhcp_server: Option<IpAddr>,
    /// Prefix of this machine's address there.
    #[serde(default)]
    pub subnet: Option<IpNet>,
    /// DNS domain given by DHCP.
    #[serde(default)]
    pub domain: Option<String>,
}

/// How a sign-in page is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortalRule {
    /// The first probe; `None`: none is sent.
    pub first: Option<ProbeTarget>,
    /// The second opinion, of another operator.
    pub second: Option<ProbeTarget>,
}

/// A plain-HTTP page whose answer is known beforehand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ProbeTarget {
    /// `http://…`
    pub url: String,
    /// The status of the real answer.
    #[serde(default = "status_ok")]
    pub status: u16,
    /// How the body of the real answer begins; empty: any.
    #[serde(default)]
    pub body: String,
}

const fn status_ok() -> u16 {
    200
}

/// The questions only a person can answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttestationRule {
    /// After this long an answer must be given again.
    pub valid_for: Duration,
    /// Whether they are asked at all.
    pub ask: bool,
}

/// A severity as guidance moves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeverityRule {
    /// The check is not asked.
    Off,
    /// Never changes the verdict.
    Info,
    /// Attention.
    Low,
    /// Attention.
    Medium,
    /// Not ok.
    High,
    /// Not ok.
    Critical,
}

impl SeverityRule {
    /// The severity; `None` for [`SeverityRule::Off`].
    pub const fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Info => Some(Severity::Info),
            Self::Low => Some(Severity::Low),
            Self::Medium => Some(Severity::Medium),
            Self::High => Some(Severity::High),
            Self::Critical => Some(Severity::Critical),
        }
    }
}

/// A clause of the employer's own document, and the checks that serve it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Clause {
    /// Its id, e.g. `4.2`.
    pub id: String,
    /// The document's name for people.
    pub source: String,
    /// What it asks, in the employer's words.
    pub text: String,
    /// Ids of the checks that serve it.
    #[serde(default)]
    pub checks: Vec<String>,
}

/// A key that was set but is locked above.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// Dotted key.
    pub key: String,
    /// The file that set it.
    pub file: String,
    /// The file that locks it.
    pub locked_by: String,
}

impl Guidance {
    /// The severity the guidance gives a check, if it does.
    pub fn severity_of(&self, check: &str) -> Option<SeverityRule> {
        self.severity.get(check).copied()
    }

    /// Whether the person is at work, by the clock on their wall.
    pub fn at_work(&self, now: jiff::civil::DateTime) -> bool {
        self.hours.is_empty() || self.hours.iter().any(|hours| hours.hold(now))
    }

    /// The employer's own clauses that name a check.
    pub fn clauses_naming<'a>(&'a self, check: &'a str) -> impl Iterator<Item = ClauseRef> + 'a {
        self.clauses
            .iter()
            .filter(move |clause| clause.checks.iter().any(|named| named == check))
            .map(|clause| ClauseRef { source: clause.source.clone(), clause: clause.id.clone() })
    }
}

impl Guidance {
    /// The guidance compiled in: `service/guidance/pcpd-2020.toml`.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: LazyLock<Guidance> = LazyLock::new(|| {
            let text = include_str!("../../service/guidance/pcpd-2020.toml");
            match validate::layer(text, "pcpd-2020.toml") {
                Ok(layer) => layers::lay(Guidance::bare(), vec![layer], None),
                // A test reads the same text: this cannot reach a person.
                Err(problem) => unreachable!("the built-in guidance: {problem}"),
            }
            .compiled_in()
        });
        &BUILT_IN
    }

    fn compiled_in(mut self) -> Self {
        self.source = Source::BuiltIn;
        self.origins.clear();
        self
    }

    /// What stands where the built-in file says nothing.
    fn bare() -> Self {
        Self {
            name: String::new(),
            version: String::new(),
            title: String::new(),
            source: Source::BuiltIn,
            contact: Contact::default(),
            vpn: VpnRule {
                required: Required::OnPublic,
                extent: Extent::Full,
                enforced: false,
                identities: Vec::new(),
            },
            dns: DnsRule::default(),
            destinations: Vec::new(),
            trusted: Vec::new(),
            portal: PortalRule { first: None, second: None },
            hours: Vec::new(),
            attestations: AttestationRule { valid_for: Duration::from_secs(180 * 86400), ask: true },
            severity: BTreeMap::new(),
            clauses: Vec::new(),
            ignored: Vec::new(),
            origins: BTreeMap::new(),
            locked: Vec::new(),
        }
    }
}

/// Reads one text of guidance laid over the built-in.
///
/// # Errors
/// A [`Problem`] with every fault's file, line and column.
pub fn parse(text: &str, file: &str) -> Result<Guidance, Problem> {
    Ok(layers::lay(Guidance::built_in().clone(), vec![validate::layer(text, file)?], None))
}
