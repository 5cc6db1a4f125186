use super::*;
use crate::facts::portal::{Connectivity, Portal, PortalApi, Probe, ProbeOutcome};
use crate::facts::{Looker, Observed};

fn facts(probe: Option<ProbeOutcome>, second: Option<ProbeOutcome>, nm: Connectivity, api: Option<PortalApi>) -> Facts {
    let observed = |outcome: Option<ProbeOutcome>| {
        outcome.map_or_else(Observed::default, |outcome| {
            Observed::Known(Probe { url: "http://page.example/".to_owned(), address: None, outcome })
        })
    };
    let looker = Looker { homeward: String::new(), root: false, passive: false };
    let mut facts = Facts::unknown(jiff::Timestamp::UNIX_EPOCH, looker);
    facts.portal = Observed::Known(Portal {
        interface: Some("eth0".to_owned()),
        networkmanager: Observed::Known(nm),
        api: Observed::Known(api),
        probe: observed(probe),
        second: observed(second),
    });
    facts
}

fn api(uri: &str, captive: Option<bool>) -> PortalApi {
    PortalApi { uri: uri.to_owned(), captive, user_portal_url: None, seconds_remaining: None }
}

#[test]
fn witnesses_are_weighed() {
    use ProbeOutcome::{Altered, AuthenticationRequired, Expected, NoAnswer};
    let altered = || Some(Altered { status: 200 });
    let silent = || Some(NoAnswer("timed out".to_owned()));
    let said = |probe, second, nm, api| portal(&facts(probe, second, nm, api)).ok();
    let service = |captive| Some(api("https://portal.example/", captive));
    let (unknown, full, in_portal) = (Connectivity::Unknown, Connectivity::Full, Connectivity::Portal);

    assert_eq!(said(Some(Expected), None, unknown, None), Some(PortalState::Absent));
    assert_eq!(said(Some(Expected), None, unknown, service(None)), Some(PortalState::Passed));
    assert_eq!(said(altered(), altered(), unknown, None), Some(PortalState::Present));
    assert_eq!(said(altered(), Some(AuthenticationRequired), full, None), Some(PortalState::Present));
    assert_eq!(said(altered(), Some(Expected), unknown, None), Some(PortalState::Absent));
    assert_eq!(said(altered(), silent(), unknown, None), None);
    assert_eq!(said(altered(), silent(), in_portal, None), Some(PortalState::Present));
    assert_eq!(said(altered(), silent(), unknown, service(None)), Some(PortalState::Present));
    assert_eq!(said(silent(), silent(), full, None), None);
    assert_eq!(said(silent(), silent(), in_portal, None), None);
    assert_eq!(said(Some(Expected), None, in_portal, None), None);
    assert_eq!(said(silent(), None, unknown, service(Some(true))), Some(PortalState::Present));
    // RFC 8910's "there is none" is no announcement of one.
    let none = Some(api("urn:ietf:params:capport:unrestricted", None));
    assert_eq!(said(Some(Expected), None, unknown, none), Some(PortalState::Absent));
}
