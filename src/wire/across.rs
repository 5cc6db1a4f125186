//! What one flow tells of another, or two packets together: answers that differ, calls that were announced.

use std::net::SocketAddr;

use super::Stamp;
use super::labels;
use super::protocols::{Answers, Datagram, Over, Seen};
use super::recent::Recent;

/// Announced streams that are remembered.
const ANNOUNCED: usize = 4096;

/// What is remembered across flows. Bounded.
pub(super) struct Across {
    answers: Answers,
    announced: Recent<SocketAddr, ()>,
    any: bool,
}

impl Default for Across {
    fn default() -> Self {
        Self { answers: Answers::default(), announced: Recent::new(ANNOUNCED), any: false }
    }
}

impl Across {
    /// What is to be known of a packet before it is looked at.
    pub(super) fn before(&mut self, data: &Datagram<'_>, seen: &mut Seen) {
        seen.announced = self.any
            && data.over == Over::Udp
            && [data.destination, data.source].iter().any(|end| self.announced.get_mut(end).is_some());
    }

    /// What follows from what a packet showed.
    pub(super) fn after(&mut self, data: &Datagram<'_>, at: Stamp, seen: &mut Seen) {
        for end in seen.media() {
            self.announced.entry(*end, || ());
            self.any = true;
        }
        if data.over == Over::Udp
            && data.source.port() == 53
            && seen.has(labels::DNS_DO53)
            && self.answers.differ(data, at)
        {
            seen.see(labels::DNS_CONFLICTING_ANSWERS);
        }
    }
}
