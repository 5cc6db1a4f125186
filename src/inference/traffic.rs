//! What packets showed where others on the way could see it: not within a tunnel, and not long ago.

use crate::checks::Severity;
use crate::facts::link::Medium;
use crate::facts::traffic::{Example, Sighting, Traffic};
use crate::facts::{Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::{place, vpn};

/// How long what the sensor saw counts, in seconds: the hour before the look. A capture counts whole.
const RECENT: i64 = 3600;

/// How long it tells of now, in seconds: a VPN that is on may have been off before that.
const NOW: i64 = 60;

/// How often NetworkManager may look whether a link reaches the Internet, in seconds, with some to spare: it asks beside
/// the VPN on purpose (every 300 s by default).
const BESIDE_ON_PURPOSE: i64 = 660;

/// One label as it was seen where others could see it, over all interfaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open<'a> {
    /// Packets that showed it.
    pub packets: u64,
    /// Flows that showed it; packets, for what belongs to no flow.
    pub times: u64,
    /// Whether an end of one of them is on the Internet.
    pub outside: bool,
    /// Packets this machine sent, as far as that is known.
    pub sent: u64,
    /// Packets it received, likewise.
    pub received: u64,
    /// Packets it sent since it last received one.
    pub unanswered: u64,
    /// From the first to the last, in seconds.
    pub lasted: u64,
    /// Seconds from the last to the moment of the look.
    pub ago: i64,
    /// The first of them that tells something; where one is on the Internet, that one.
    pub example: Option<&'a Example>,
    /// Whether the example's number is that of a packet in a capture.
    pub numbered: bool,
}

/// The label as others could see it; `None` where it was not seen, or only within a tunnel.
///
/// # Errors
/// [`Missing`] when nothing watched packets.
pub fn open<'a>(facts: &'a Facts, label: &'a str) -> Result<Option<Open<'a>>, Missing> {
    let traffic = facts.traffic.get()?;
    let mut all: Option<Open<'a>> = None;
    for sighting in traffic.of(label).filter(|sighting| is_open(facts, traffic, sighting)) {
        let one = Open {
            packets: sighting.packets,
            times: if sighting.flows == 0 { sighting.packets } else { sighting.flows },
            outside: sighting.outside > 0,
            sent: sighting.sent,
            received: sighting.received,
            unanswered: sighting.unanswered,
            lasted: u64::try_from(sighting.last.duration_since(sighting.first).as_secs()).unwrap_or(0),
            ago: facts.taken_at.duration_since(sighting.last).as_secs(),
            example: sighting.examples.first(),
            numbered: sighting.interface.is_none(),
        };
        all = Some(match all {
            None => one,
            Some(so_far) => Open {
                packets: so_far.packets + one.packets,
                times: so_far.times + one.times,
                outside: so_far.outside || one.outside,
                sent: so_far.sent + one.sent,
                received: so_far.received + one.received,
                unanswered: so_far.unanswered + one.unanswered,
                lasted: so_far.lasted.max(one.lasted),
                ago: so_far.ago.min(one.ago),
                example: if one.outside && !so_far.outside { one.example } else { so_far.example.or(one.example) },
                numbered: so_far.numbered && one.numbered,
            },
        });
    }
    Ok(all)
}

/// Whether any of these labels was seen where others could see it.
///
/// # Errors
/// [`Missing`] when nothing watched packets.
pub fn any(facts: &Facts, labels: &[&str]) -> Result<bool, Missing> {
    let traffic = facts.traffic.get()?;
    Ok(labels.iter().any(|label| traffic.of(label).any(|sighting| is_open(facts, traffic, sighting))))
}

/// Whether packets were seen that could be read at all.
///
/// # Errors
/// [`Missing`] when nothing watched packets.
pub fn was_seen(facts: &Facts) -> Result<bool, Missing> {
    let traffic = facts.traffic.get()?;
    Ok(traffic.packets > traffic.malformed.saturating_add(traffic.unsupported))
}

impl Open<'_> {
    /// Whether it tells of now: a capture always, what the sensor saw for a minute.
    pub const fn is_current(&self) -> bool {
        self.numbered || self.ago <= NOW
    }
}

/// Whether this machine's readable look-ups were just seen to go into a tunnel, and none to go beside it for a while.
///
/// # Errors
/// [`Missing`] when nothing watched packets.
pub fn looks_up_in_tunnel(facts: &Facts) -> Result<Option<&str>, Missing> {
    let traffic = facts.traffic.get()?;
    let mut tunnel = None;
    for sighting in traffic.of("dns.do53") {
        let Some(interface) = sighting.interface.as_deref() else { continue };
        let ago = facts.taken_at.duration_since(sighting.last).as_secs();
        if vpn::is_tunnel(facts, interface) {
            if ago <= NOW && sighting.sent > 0 {
                tunnel = Some(interface);
            }
        } else if ago <= BESIDE_ON_PURPOSE {
            return Ok(None);
        }
    }
    Ok(tunnel)
}

/// Whether others could see it.
fn is_open(facts: &Facts, traffic: &Traffic, sighting: &Sighting) -> bool {
    if let Some(interface) = &sighting.interface {
        let old = facts.taken_at.duration_since(sighting.last).as_secs() > RECENT;
        let links = facts.link.known();
        let loopback =
            links.and_then(|links| links.named(interface)).is_some_and(|link| link.medium == Medium::Loopback);
        if old || loopback || vpn::is_tunnel(facts, interface) {
            return false;
        }
    }
    // The kernel shows what it took out of IPsec once more, on the interface it came by: received, never sent.
    let only_received = sighting.sent == 0 && sighting.received > 0;
    let with_ipsec = ["vpn.esp", "vpn.esp-udp"].iter().any(|label| traffic.of(label).next().is_some());
    !(only_received && with_ipsec)
}

/// How bad it is that something can be read: by strangers, by an unknown neighbourhood, by the household.
pub fn severity(facts: &Facts, guidance: &Guidance, outside: bool) -> Severity {
    if outside || place::is_public(facts, guidance) == Ok(true) {
        Severity::High
    } else if place::is_shown_private(facts, guidance) {
        Severity::Low
    } else {
        Severity::Medium
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Looker, Observed};

    fn sighting(label: &str, interface: Option<&str>, at: &str) -> Sighting {
        let at = at.parse().expect("a moment");
        Sighting {
            label: label.to_owned(),
            packets: 2,
            flows: 1,
            outside: 1,
            sent: 0,
            received: 0,
            unanswered: 0,
            interface: interface.map(str::to_owned),
            first: at,
            last: at,
            examples: Vec::new(),
        }
    }

    fn facts(sightings: Vec<Sighting>) -> Facts {
        let looker = Looker { homeward: "test".to_owned(), root: false, passive: true };
        let mut facts = Facts::unknown("2026-11-23T08:00:00Z".parse().expect("a moment"), looker);
        facts.traffic = Observed::Known(Traffic { packets: 9, sightings, ..Traffic::default() });
        facts
    }

    #[test]
    fn what_the_sensor_saw_hours_ago_is_over_and_a_capture_never_is() {
        let old = "2026-11-23T05:00:00Z";
        let seen = |interface| facts(vec![sighting("x.y", interface, old)]);
        assert_eq!(open(&seen(Some("eth0")), "x.y"), Ok(None));
        assert!(open(&seen(None), "x.y").expect("known").is_some());
    }

    #[test]
    fn what_came_out_of_ipsec_was_not_readable_on_the_way() {
        let now = "2026-11-23T07:59:00Z";
        let mut heard = sighting("x.y", Some("eth0"), now);
        heard.received = 2;
        let esp = sighting("vpn.esp", Some("eth0"), now);
        assert_eq!(open(&facts(vec![heard.clone(), esp.clone()]), "x.y"), Ok(None));
        assert!(open(&facts(vec![heard.clone()]), "x.y").expect("known").is_some());
        heard.sent = 1;
        assert!(open(&facts(vec![heard, esp]), "x.y").expect("known").is_some());
    }

    #[test]
    fn without_a_watcher_nothing_is_told() {
        let looker = Looker { homeward: "test".to_owned(), root: false, passive: true };
        let blind = Facts::unknown("2026-11-23T08:00:00Z".parse().expect("a moment"), looker);
        assert!(open(&blind, "x.y").is_err() && any(&blind, &["x.y"]).is_err() && was_seen(&blind).is_err());
    }
}
