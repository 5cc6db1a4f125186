//! The contract's `connection`: what the connection is, in a few words. `None` is "could not be learned".

use std::net::IpAddr;

use crate::facts::link::Medium;
use crate::facts::text::Ssid;
use crate::facts::wifi::{Akm, Cipher};
use crate::facts::{Basis, Facts};
use crate::guidance::Guidance;
use crate::inference::place::PortalState;
use crate::inference::vpn::{Carriage, Level};
use crate::inference::wifi::Security;
use crate::inference::{dns, link, place, vpn, wifi};

/// What the connection is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The medium beneath any tunnel; `Some(None)` when there is no connection.
    pub medium: Option<Option<Medium>>,
    /// The interface that carries, or carries beneath the VPN, the traffic.
    pub interface: Option<String>,
    /// The Wi-Fi, when that is the medium and it is known.
    pub wifi: Option<WifiSummary>,
    /// The VPN.
    pub vpn: Option<VpnSummary>,
    /// Name look-ups.
    pub dns: Option<DnsSummary>,
    /// Whether the place is public, and why.
    pub hotspot: HotspotSummary,
}

/// The Wi-Fi in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WifiSummary {
    /// Its name.
    pub ssid: Ssid,
    /// The access point.
    pub bssid: String,
    /// Its class of protection.
    pub security: Security,
    /// How that is known.
    pub basis: WifiBasis,
    /// Key management agreed on.
    pub akm: Option<Akm>,
    /// Pairwise cipher agreed on.
    pub pairwise: Option<Cipher>,
    /// Group cipher agreed on.
    pub group: Option<Cipher>,
    /// Management frames protected.
    pub pmf: Option<bool>,
    /// The access point offers WPS.
    pub wps: bool,
}

/// How the Wi-Fi's protection is known: the words of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WifiBasis {
    /// From the association itself.
    Negotiated,
    /// From the beacon.
    Advertised,
    /// From the saved profile.
    Configured,
}

impl WifiBasis {
    /// The word of the contract.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Negotiated => "negotiated",
            Self::Advertised => "advertised",
            Self::Configured => "configured",
        }
    }

    /// The same as the basis of a piece of evidence.
    pub const fn evidence(self) -> Basis {
        match self {
            Self::Negotiated => Basis::Measured,
            Self::Advertised => Basis::Advertised,
            Self::Configured => Basis::Configured,
        }
    }
}

/// The VPN in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VpnSummary {
    /// The highest level shown to be reached.
    pub level: Level,
    /// Tunnels, by interface.
    pub tunnels: Vec<TunnelSummary>,
    /// How IPv4 leaves.
    pub ipv4: Option<Carriage>,
    /// How IPv6 leaves.
    pub ipv6: Option<Carriage>,
    /// What speaks against it, the worst first, where it carries traffic.
    pub doubt: Option<Doubt>,
}

/// Why a VPN that carries traffic is no good news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// This network draws part of the traffic around it.
    Detoured,
    /// Nothing comes back through it.
    Silent,
    /// It is of a kind people buy for themselves: its name.
    Personal(String),
}

/// A tunnel in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TunnelSummary {
    /// The interface; `None` for IPsec without one.
    pub interface: Option<String>,
    /// Its kind as the contract's JSON shows it.
    pub kind: String,
    /// Whether it is the employer's; `None` when that cannot be told.
    pub recognised: Option<bool>,
}

/// Name look-ups in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DnsSummary {
    /// Resolvers a look-up may be sent to.
    pub resolvers: Vec<ResolverSummary>,
    /// Whether look-ups that belong in the tunnel leave beside it; `None` when that cannot be told.
    pub leak: Option<bool>,
}

/// A resolver in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolverSummary {
    /// Its address.
    pub address: IpAddr,
    /// The interface a look-up to it leaves by.
    pub interface: Option<String>,
    /// Whether look-ups to it are encrypted for certain (strict DNS over TLS).
    pub encrypted: bool,
}

/// The place in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HotspotSummary {
    /// Public or not; `None` when that cannot be told.
    pub public: Option<bool>,
    /// The sign-in page.
    pub portal: PortalState,
    /// What speaks for a public place, strongest first: keys of the catalogue with arguments.
    pub signs: Vec<crate::checks::Message>,
}

/// Works out the connection from facts and guidance.
pub fn describe(facts: &Facts, guidance: &Guidance) -> Connection {
    let outward = link::outward(facts).ok();
    Connection {
        medium: outward.as_ref().map(|interface| interface.map(|interface| interface.medium)),
        interface: outward.flatten().map(|interface| interface.name.clone()),
        wifi: wifi::summary(facts),
        vpn: vpn::summary(facts, guidance),
        dns: dns::summary(facts, guidance),
        hotspot: place::summary(facts, guidance),
    }
}
