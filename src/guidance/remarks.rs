//! What is allowed and yet hardly meant: told by `guidance validate` and `guidance show`, never refused.

use super::{Extent, Guidance, Required};

/// Something a person who writes guidance would want to know of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remark {
    /// A VPN may carry work alone, and nothing says what is work.
    SplitWithoutDestinations,
    /// A VPN is asked for, and nothing says which.
    AnyVpn,
    /// The VPN's rule is locked, and the checks that look at it may be switched off.
    SeverityNotLocked,
    /// The VPN's rule is locked, and places where it does not hold may be added.
    TrustedNotLocked,
    /// A probe has no second opinion: one broken page would pass for a sign-in page.
    NoSecondProbe,
}

impl Remark {
    /// The key of its sentence in the catalogue.
    pub const fn key(self) -> &'static str {
        match self {
            Self::SplitWithoutDestinations => "guidance-remark-split",
            Self::AnyVpn => "guidance-remark-any-vpn",
            Self::SeverityNotLocked => "guidance-remark-severity",
            Self::TrustedNotLocked => "guidance-remark-trusted",
            Self::NoSecondProbe => "guidance-remark-second",
        }
    }
}

/// What is to be remarked of this guidance.
pub fn remarks(guidance: &Guidance) -> Vec<Remark> {
    let vpn = &guidance.vpn;
    let asked = vpn.required != Required::Never;
    let lock = |wanted: &str| {
        let section = wanted.split('.').next().unwrap_or(wanted);
        guidance.locked.iter().any(|lock| lock == "*" || lock == wanted || lock == section)
    };
    let vpn_locked = lock("vpn.required") && asked;
    let mut remarks = Vec::new();
    let mut remark = |applies: bool, remark: Remark| {
        if applies {
            remarks.push(remark);
        }
    };
    remark(asked && vpn.extent == Extent::Split && guidance.destinations.is_empty(), Remark::SplitWithoutDestinations);
    remark(vpn.required == Required::Always && vpn.identities.is_empty(), Remark::AnyVpn);
    remark(vpn_locked && !lock("severity"), Remark::SeverityNotLocked);
    remark(vpn_locked && vpn.required == Required::OnPublic && !lock("trusted"), Remark::TrustedNotLocked);
    remark(guidance.portal.first.is_some() && guidance.portal.second.is_none(), Remark::NoSecondProbe);
    remarks
}
