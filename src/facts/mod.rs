//! KNOW: what was learned about this machine at one moment. Plain data, one file a topic.
//!
//! Nothing here does I/O, reads a clock or holds an opinion. Every topic is an [`Observed`]: it is
//! known, or it says why it is not. A whole moment serialises to one JSON document
//! (`homeward.facts/1`) that can be judged again anywhere.

pub mod attest;
pub mod dhcp;
pub mod dns;
pub mod firewall;
pub mod link;
pub mod met;
pub mod portal;
pub mod profiles;
pub mod proxy;
pub mod routes;
pub mod sensor;
pub mod text;
pub mod traffic;
pub mod vpn;
pub mod wifi;

use serde::{Deserialize, Serialize};

/// The format name every facts file starts with.
pub const FORMAT: &str = "homeward.facts/1";

/// Something that was looked for: known, or unknown for a reason that can be told to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Observed<T> {
    /// It was learned.
    Known(T),
    /// It was not, and this is why.
    Unknown(Reason),
}

impl<T> Default for Observed<T> {
    fn default() -> Self {
        Self::Unknown(Reason::NotRecorded)
    }
}

impl<T> Observed<T> {
    /// The value, or the reason it is missing as a [`Missing`] that a check can return with `?`.
    ///
    /// # Errors
    /// [`Missing`] when the fact is unknown.
    pub fn get(&self) -> Result<&T, Missing> {
        match self {
            Self::Known(value) => Ok(value),
            Self::Unknown(reason) => Err(Missing::new(reason.clone())),
        }
    }

    /// The value if it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }

    /// The same observation of something computed from the value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Observed<U> {
        match self {
            Self::Known(value) => Observed::Known(f(value)),
            Self::Unknown(reason) => Observed::Unknown(reason),
        }
    }
}

/// Why something could not be learned. The `what` of each is a [`Thing`], so that the words shown
/// to a person come from the catalogue and can be translated.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Reason {
    /// The facts file (or an older Homeward that wrote it) does not hold this.
    NotRecorded,
    /// This user may not read it; root, or the sensor, may.
    NotPermitted {
        /// What may not be read.
        what: Thing,
    },
    /// A service that would tell is not running here.
    NotRunning {
        /// The service.
        what: Thing,
    },
    /// This kernel or machine has no such thing to ask.
    NotAvailable {
        /// What is not there.
        what: Thing,
    },
    /// It can be learned only by sending something, and `--passive` forbids that.
    NotSent {
        /// The probe that was not sent.
        what: Thing,
    },
    /// No answer came in time.
    TimedOut {
        /// Who did not answer.
        what: Thing,
    },
    /// It was tried and went wrong.
    Failed {
        /// What was tried.
        what: Thing,
        /// The error as the system gave it (untrusted text: escape before showing).
        error: String,
    },
    /// It was looked at, and the evidence does not decide.
    Undecided {
        /// What could not be decided.
        what: Thing,
    },
    /// Other things of its kind were asked when the facts were taken, and this was not: they are
    /// judged by a guidance that was not in force then.
    NotAsked {
        /// What was not asked.
        what: Thing,
    },
    /// There is no connection of which it could be told.
    NoConnection,
    /// The person has not yet answered a question only a person can answer.
    NotAnswered {
        /// The question.
        what: Thing,
    },
    /// A question about the home is not put to a place that is not known to be it.
    HomeNotKnown,
    /// The person was asked and said that they do not know.
    SaidDontKnow {
        /// The check that asks.
        question: String,
    },
    /// The person's answer is older than the guidance lets it count.
    AnswerOld {
        /// The check that asks.
        question: String,
        /// Whole days since it was given.
        days: u64,
    },
}

impl Reason {
    /// Shorthand for [`Reason::Failed`].
    pub fn failed(what: Thing, error: impl std::fmt::Display) -> Self {
        Self::Failed { what, error: error.to_string() }
    }
}

macro_rules! things {
    ($($(#[$doc:meta])* $name:ident = $key:literal,)*) => {
        /// Something that can be asked, probed or read. Each has the words `thing-KEY` in the catalogue.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Thing { $($(#[$doc])* #[serde(rename = $key)] $name,)* }

        impl Thing {
            /// Every thing, in order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The kebab-case key in facts files and, after `thing-`, in the catalogue.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }
        }
    };
}

things! {
    /// The kernel's routing netlink socket.
    Netlink = "netlink",
    /// Kernel route look-ups (`RTM_GETROUTE`).
    RouteLookup = "route-lookup",
    /// The D-Bus system bus.
    SystemBus = "system-bus",
    /// The NetworkManager service.
    NetworkManager = "networkmanager",
    /// The systemd-resolved service.
    Resolved = "resolved",
    /// `/etc/resolv.conf`.
    ResolvConf = "resolv-conf",
    /// The kernel's Wi-Fi interface, nl80211.
    Nl80211 = "nl80211",
    /// What the Wi-Fi association really negotiated.
    WifiNegotiation = "wifi-negotiation",
    /// The saved network profiles.
    Profiles = "profiles",
    /// WireGuard peers and handshakes.
    WireguardPeers = "wireguard-peers",
    /// IPsec (XFRM) policies.
    XfrmPolicies = "xfrm-policies",
    /// nftables rules.
    Nftables = "nftables",
    /// The DHCP lease.
    DhcpLease = "dhcp-lease",
    /// The captive-portal probe.
    PortalProbe = "portal-probe",
    /// The DNS probe (a name that must not exist).
    DnsProbe = "dns-probe",
    /// The proxy settings of the desktop.
    ProxySettings = "proxy-settings",
    /// Whether this place is public.
    Place = "place",
    /// Whether a tunnel is the employer's.
    VpnIdentity = "vpn-identity",
    /// Whether the VPN encrypts what it carries.
    VpnProtection = "vpn-protection",
    /// Whether the VPN really carries the traffic.
    VpnUse = "vpn-use",
    /// The answers only the person can give.
    Attestation = "attestation",
    /// Destinations the guidance names that this facts file was not asked about.
    Destination = "destination",
    /// Whether this network passes IPv6 on although it gives addresses of local meaning alone.
    Ipv6Way = "ipv6-way",
    /// Who made a route that leads around the VPN.
    RouteAuthor = "route-author",
    /// Where name look-ups go.
    NameLookups = "name-lookups",
    /// The packet sensor, `homeward-sensor`.
    Sensor = "sensor",
    /// By which interface Homeward's own probes leave.
    Witness = "witness",
    /// What is remembered of networks met before.
    Memory = "memory",
    /// The folder for Homeward's own files.
    StateFolder = "state-folder",
}

/// A fact a check needed and did not have. Returned from a rule with `?`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Why it is missing.
    pub reason: Reason,
}

impl Missing {
    /// A missing fact for this reason.
    pub fn new(reason: Reason) -> Self {
        Self { reason }
    }
}

impl From<Reason> for Missing {
    fn from(reason: Reason) -> Self {
        Self { reason }
    }
}

/// How a piece of evidence is known, weakest first: the order is used to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The person said so.
    Attested,
    /// It follows from other facts, not from a reading of its own.
    Inferred,
    /// A setting on this machine says so.
    Configured,
    /// The network says so of itself (a beacon, a DHCP option).
    Advertised,
    /// A packet, a kernel look-up or a negotiated handshake shows it.
    Measured,
}

impl Basis {
    /// The word of the contract.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Attested => "attested",
            Self::Inferred => "inferred",
            Self::Configured => "configured",
            Self::Advertised => "advertised",
            Self::Measured => "measured",
        }
    }
}

/// One moment of this machine's connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Facts {
    /// Always [`FORMAT`].
    pub format: String,
    /// When it was looked at, RFC 3339 in UTC, whole seconds.
    pub taken_at: jiff::Timestamp,
    /// The program that looked.
    pub taken_by: Looker,
    /// Interfaces, addresses, neighbours.
    #[serde(default)]
    pub link: Observed<link::Links>,
    /// The Wi-Fi in use or in sight; `None` when this machine has no Wi-Fi interface.
    #[serde(default)]
    pub wifi: Observed<Option<wifi::Wifi>>,
    /// Tunnels and VPN connections.
    #[serde(default)]
    pub vpn: Observed<vpn::Vpn>,
    /// Where the kernel would send packets.
    #[serde(default)]
    pub routes: Observed<routes::Routes>,
    /// Who answers name look-ups.
    #[serde(default)]
    pub dns: Observed<dns::Dns>,
    /// What the DHCP server of each link said.
    #[serde(default)]
    pub dhcp: Observed<dhcp::Dhcp>,
    /// Whether a sign-in page stands in the way.
    #[serde(default)]
    pub portal: Observed<portal::Portal>,
    /// What the firewall would let through if the tunnel fell.
    #[serde(default)]
    pub firewall: Observed<firewall::Firewall>,
    /// The desktop's proxy settings.
    #[serde(default)]
    pub proxy: Observed<proxy::Proxy>,
    /// Saved Wi-Fi and VPN profiles.
    #[serde(default)]
    pub profiles: Observed<profiles::Profiles>,
    /// The answers only a person can give.
    #[serde(default)]
    pub attestations: Observed<attest::Attestations>,
    /// What is remembered of this network; `Known(None)` when it is new.
    #[serde(default)]
    pub met: Observed<Option<met::Met>>,
    /// What packets showed, from a capture or from the sensor.
    #[serde(default)]
    pub traffic: Observed<traffic::Traffic>,
    /// The sensor, and what it saw of Homeward's own probes.
    #[serde(default)]
    pub sensor: Observed<sensor::Sensor>,
}

/// The program that took the facts, and how far it could see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Looker {
    /// Homeward's version.
    pub homeward: String,
    /// Whether it ran as root.
    pub root: bool,
    /// Whether `--passive` kept it from sending anything.
    pub passive: bool,
}

impl Facts {
    /// The topics of which nothing could be learned, and why.
    pub fn not_learned(&self) -> Vec<(&'static str, &Reason)> {
        fn why<T>(observed: &Observed<T>) -> Option<&Reason> {
            match observed {
                Observed::Known(_) => None,
                Observed::Unknown(reason) => Some(reason),
            }
        }
        let topics = [
            ("link", why(&self.link)),
            ("wifi", why(&self.wifi)),
            ("vpn", why(&self.vpn)),
            ("routes", why(&self.routes)),
            ("dns", why(&self.dns)),
            ("dhcp", why(&self.dhcp)),
            ("portal", why(&self.portal)),
            ("firewall", why(&self.firewall)),
            ("proxy", why(&self.proxy)),
            ("profiles", why(&self.profiles)),
            ("attestations", why(&self.attestations)),
            ("met", why(&self.met)),
            ("traffic", why(&self.traffic)),
            ("sensor", why(&self.sensor)),
        ];
        topics.into_iter().filter_map(|(topic, reason)| Some((topic, reason?))).collect()
    }

    /// A moment of which nothing is known yet.
    pub fn unknown(taken_at: jiff::Timestamp, taken_by: Looker) -> Self {
        Self {
            format: FORMAT.to_owned(),
            taken_at,
            taken_by,
            link: Observed::default(),
            wifi: Observed::default(),
            vpn: Observed::default(),
            routes: Observed::default(),
            dns: Observed::default(),
            dhcp: Observed::default(),
            portal: Observed::default(),
            firewall: Observed::default(),
            proxy: Observed::default(),
            profiles: Observed::default(),
            attestations: Observed::default(),
            met: Observed::default(),
            traffic: Observed::default(),
            sensor: Observed::default(),
        }
    }
}
