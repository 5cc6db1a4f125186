//! By which way Homeward's own probes left, as the sensor saw them: the proof of what routes and settings promise.

use crate::facts::Facts;
use crate::facts::sensor::{Leaks, Trace};

use super::vpn;

/// What became of the probes, if they were sent and watched.
pub fn leaks(facts: &Facts) -> Option<&Leaks> {
    facts.sensor.known()?.witnessed.known()
}

/// An interface that is no tunnel, by which the probe left, readable.
pub fn beside<'a>(facts: &Facts, trace: &'a Trace) -> Option<&'a str> {
    trace.seen.iter().map(String::as_str).find(|interface| !vpn::is_tunnel(facts, interface))
}

/// The tunnel it left by, where it left by no other way.
pub fn inside<'a>(facts: &Facts, trace: &'a Trace) -> Option<&'a str> {
    if beside(facts, trace).is_some() { None } else { trace.seen.first().map(String::as_str) }
}
