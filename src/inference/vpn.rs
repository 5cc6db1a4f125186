//! How far a VPN is in use (levels L0–L6), and which family leaves by it.

use crate::facts::{Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::connection::VpnSummary;

/// The highest level shown to be reached. The words of the contract's `vpn.level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// No tunnel, no policy, no connection object.
    None,
    /// A profile exists and is not active.
    Configured,
    /// A tunnel link is up, or a policy installed.
    Present,
    /// Packets come back, or a handshake is recent.
    Alive,
    /// The kernel sends public or work destinations into it.
    Used,
    /// Nothing else leaves but what must. Needs packets to be shown.
    Exclusive,
    /// It would stay so if the tunnel fell.
    Enforced,
}

impl Level {
    /// The word of the contract.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Configured => "configured",
            Self::Present => "present",
            Self::Alive => "alive",
            Self::Used => "used",
            Self::Exclusive => "exclusive",
            Self::Enforced => "enforced",
        }
    }
}

/// How one address family leaves this machine. The words of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carriage {
    /// All of it by a tunnel (or blocked, which leaks nothing).
    Tunnel,
    /// All of it beside any tunnel.
    Direct,
    /// Some of it by a tunnel, some beside.
    Mixed,
    /// None of it: no route.
    None,
}

impl Carriage {
    /// The word of the contract.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tunnel => "tunnel",
            Self::Direct => "direct",
            Self::Mixed => "mixed",
            Self::None => "none",
        }
    }
}

/// How IPv4 leaves.
///
/// # Errors
/// [`Missing`] when routes or links could not be read, or IPsec policies that could carry the
/// traffic without an interface may not be read here.
pub fn ipv4(_facts: &Facts) -> Result<Carriage, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}

/// How IPv6 leaves.
///
/// # Errors
/// As [`ipv4`].
pub fn ipv6(_facts: &Facts) -> Result<Carriage, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}

/// Whether everything that leaves does so by a tunnel: both families [`Carriage::Tunnel`] or none,
/// and not both none.
///
/// # Errors
/// As [`ipv4`].
pub fn is_full(_facts: &Facts) -> Result<bool, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}

/// Whether any tunnel carries public or work destinations.
///
/// # Errors
/// As [`ipv4`].
pub fn is_used(_facts: &Facts) -> Result<bool, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}

/// Whether this interface is a tunnel that may be a VPN.
pub fn is_tunnel(_facts: &Facts, _interface: &str) -> bool {
    false
}

/// The VPN for the contract's `connection.vpn`; `None` when links could not be read.
pub fn summary(_facts: &Facts, _guidance: &Guidance) -> Option<VpnSummary> {
    None
}
