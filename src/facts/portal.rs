//! Whether a sign-in page stands between this machine and the Internet.

use serde::{Deserialize, Serialize};

use super::Observed;

/// Everything that speaks for or against a captive portal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Portal {
    /// The interface the evidence is about.
    #[serde(default)]
    pub interface: Option<String>,
    /// NetworkManager's own verdict.
    #[serde(default)]
    pub networkmanager: Observed<Connectivity>,
    /// The captive-portal API's answer (RFC 8908), where DHCP announced one (RFC 8910).
    #[serde(default)]
    pub api: Observed<Option<PortalApi>>,
    /// The probe of the guidance's URL.
    #[serde(default)]
    pub probe: Observed<Probe>,
    /// The second opinion, asked only when the first probe was not what it should be.
    #[serde(default)]
    pub second: Observed<Probe>,
}

/// NetworkManager's `Connectivity`: 0 unknown, 1 none, 2 portal, 3 limited, 4 full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Connectivity {
    /// 0: checking is off or has not happened.
    Unknown,
    /// 1.
    None,
    /// 2.
    Portal,
    /// 3.
    Limited,
    /// 4.
    Full,
}

/// The answer of a captive-portal API. Strings are untrusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PortalApi {
    /// The announced URI.
    pub uri: String,
    /// `captive` of RFC 8908; `None` when the API could not be read.
    #[serde(default)]
    pub captive: Option<bool>,
    /// `user-portal-url`.
    #[serde(default)]
    pub user_portal_url: Option<String>,
    /// `seconds-remaining`.
    #[serde(default)]
    pub seconds_remaining: Option<u64>,
}

/// What came back from one plain HTTP request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Probe {
    /// The URL asked for.
    pub url: String,
    /// The address that was asked, as the network's resolvers gave it.
    #[serde(default)]
    pub address: Option<std::net::IpAddr>,
    /// What came back.
    pub outcome: ProbeOutcome,
}

/// What came back from a probe. Strings are untrusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum ProbeOutcome {
    /// Exactly what the real server says.
    Expected,
    /// A redirection, not followed.
    Redirected {
        /// HTTP status.
        status: u16,
        /// Host of the `Location`.
        location_host: String,
    },
    /// Something other than the real server's answer.
    Altered {
        /// HTTP status; 0 when what came back was not HTTP.
        status: u16,
    },
    /// 511 Network Authentication Required (RFC 6585).
    AuthenticationRequired,
    /// The name of the server could not be looked up.
    NoName(String),
    /// The answer to the look-up was an address that cannot be the real server's (private, loopback, zero), and
    /// nothing there answered with a page of its own.
    FalseName(std::net::IpAddr),
    /// Nothing came back in time, or the connection was refused or forbidden.
    NoAnswer(String),
}
