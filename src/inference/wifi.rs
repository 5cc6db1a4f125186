//! The class of protection of a Wi-Fi association: judged by what was negotiated where that is
//! known, and never called more than the basis allows.

use crate::facts::{Facts, Missing};
use crate::inference::connection::{WifiBasis, WifiSummary};

/// The security words of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Security {
    /// No encryption.
    Open,
    /// No encryption; an OWE sibling exists.
    OpenOweTransition,
    /// Encrypted, unauthenticated.
    Owe,
    /// WEP of any kind.
    Wep,
    /// WPA1 with a password.
    WpaPersonal,
    /// WPA1 with 802.1X.
    WpaEnterprise,
    /// WPA1 and WPA2 side by side, with a password.
    WpaWpa2Personal,
    /// WPA2 with TKIP only.
    Wpa2PersonalTkip,
    /// WPA2 with AES and a password.
    Wpa2Personal,
    /// WPA2 and WPA3 side by side.
    Wpa2Wpa3Personal,
    /// WPA3 with a password.
    Wpa3Personal,
    /// WPA2 with 802.1X.
    Wpa2Enterprise,
    /// WPA2 and WPA3 with 802.1X.
    Wpa2Wpa3Enterprise,
    /// WPA3 with 802.1X.
    Wpa3Enterprise,
    /// WPA3 with 802.1X, 192-bit.
    Wpa3Enterprise192,
    /// Hotspot 2.0 with 802.1X.
    Passpoint,
    /// Wi-Fi Easy Connect.
    Dpp,
    /// WAPI.
    Wapi,
    /// Protection this version does not know. Never "open".
    Unrecognised,
}

impl Security {
    /// The word of the contract.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::OpenOweTransition => "open-owe-transition",
            Self::Owe => "owe",
            Self::Wep => "wep",
            Self::WpaPersonal => "wpa-personal",
            Self::WpaEnterprise => "wpa-enterprise",
            Self::WpaWpa2Personal => "wpa-wpa2-personal",
            Self::Wpa2PersonalTkip => "wpa2-personal-tkip",
            Self::Wpa2Personal => "wpa2-personal",
            Self::Wpa2Wpa3Personal => "wpa2-wpa3-personal",
            Self::Wpa3Personal => "wpa3-personal",
            Self::Wpa2Enterprise => "wpa2-enterprise",
            Self::Wpa2Wpa3Enterprise => "wpa2-wpa3-enterprise",
            Self::Wpa3Enterprise => "wpa3-enterprise",
            Self::Wpa3Enterprise192 => "wpa3-enterprise-192",
            Self::Passpoint => "passpoint",
            Self::Dpp => "dpp",
            Self::Wapi => "wapi",
            Self::Unrecognised => "unrecognised",
        }
    }
}

/// The protection of the Wi-Fi that carries the traffic, and how it is known; `Ok(None)` when the
/// traffic is not carried by Wi-Fi or there is no association.
///
/// # Errors
/// [`Missing`] when it cannot be told.
pub fn security(_facts: &Facts) -> Result<Option<(Security, WifiBasis)>, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}

/// The Wi-Fi for the contract's `connection.wifi`; `None` when the medium is another or unknown.
pub fn summary(_facts: &Facts) -> Option<WifiSummary> {
    None
}
