//! Whether this place is public, and whether a sign-in page waits. What a network can forge only
//! ever raises suspicion.

use crate::facts::{Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::connection::HotspotSummary;

/// The sign-in page. The words of the contract's `hotspot.portal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortalState {
    /// There is none, shown by two agreeing looks or one that cannot be forged cheaply.
    Absent,
    /// It stands in the way now.
    Present,
    /// There is one, and it lets this machine through.
    Passed,
    /// Cannot tell.
    Unknown,
}

impl PortalState {
    /// The word of the contract.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Present => "present",
            Self::Passed => "passed",
            Self::Unknown => "unknown",
        }
    }
}

/// The state of the sign-in page.
///
/// # Errors
/// [`Missing`] when it cannot be told.
pub fn portal(_facts: &Facts) -> Result<PortalState, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}

/// Whether the place is public: `true` public or to be treated so, `false` vouched for or without
/// any sign of being public after all signs were looked for.
///
/// # Errors
/// [`Missing`] when it cannot be told.
pub fn is_public(_facts: &Facts, _guidance: &Guidance) -> Result<bool, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}

/// The guidance's name for this place, when it vouches for it.
pub fn trusted<'a>(_facts: &Facts, _guidance: &'a Guidance) -> Option<&'a str> {
    None
}

/// Whether the connection runs over a phone (USB, Bluetooth, or a Wi-Fi hotspot that shows it).
///
/// # Errors
/// [`Missing`] when the link is not known.
pub fn is_phone(_facts: &Facts) -> Result<bool, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}

/// The place for the contract's `connection.hotspot`.
pub fn summary(_facts: &Facts, _guidance: &Guidance) -> HotspotSummary {
    HotspotSummary { public: None, portal: PortalState::Unknown, signs: Vec::new() }
}
