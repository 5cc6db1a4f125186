//! What was seen lately on each link: a classifier for each, and a tally that forgets.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::facts::sensor::Heard;
use crate::facts::traffic::Traffic;
use crate::wire::Frame;
use crate::wire::classify::{Classifier, Count};
use crate::wire::learned::Learned;
use crate::wire::live::links::Followed;
use crate::wire::matcher::Matcher;
use crate::wire::tally::Tally;

/// A tally is begun anew after this time, and the one before is kept: a report tells of the last half hour to hour.
const TURN: Duration = Duration::from_secs(1800);

/// Flows that are remembered of each link: twice as many as this.
const FLOWS: usize = 4096;

/// What is ours of it: that the filter cuts packets, and that they come with a head of their own.
const CUT: &str = "truncated.snaplen";

/// All links that are heard.
pub struct Sight<'m> {
    matcher: &'m Matcher,
    links: BTreeMap<u32, Link<'m>>,
    /// Packets at which a classifier failed.
    faults: u64,
}

struct Link<'m> {
    name: String,
    classifier: Classifier<'m>,
    earlier: (Tally, Count),
    /// When the tally was begun, and the one before it.
    begun: Moment,
    earlier_begun: Moment,
}

/// A moment by both clocks: the one that people set, and the one that nobody sets.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// By the clock on the wall.
    pub wall: jiff::Timestamp,
    /// By the steady one.
    pub steady: Instant,
}

impl Moment {
    /// Now.
    pub fn now() -> Self {
        Self { wall: super::now(), steady: Instant::now() }
    }

    /// A moment earlier by so much.
    fn before(self, by: Duration) -> Self {
        let wall = self.wall.checked_sub(jiff::SignedDuration::try_from(by).unwrap_or_default());
        Self { wall: wall.unwrap_or(self.wall), steady: self.steady.checked_sub(by).unwrap_or(self.steady) }
    }
}

impl<'m> Sight<'m> {
    /// Nothing is heard yet.
    pub const fn new(matcher: &'m Matcher) -> Self {
        Self { matcher, links: BTreeMap::new(), faults: 0 }
    }

    /// Hears exactly these links from now on. What a link showed is forgotten when it goes; whether anything changed.
    pub fn follow(&mut self, links: &[Followed], now: Moment) -> bool {
        let before: Vec<_> = self.links.iter().map(|(index, link)| (*index, link.name.clone())).collect();
        let wanted: Vec<_> = links.iter().map(|link| (link.index, link.name.clone())).collect();
        if before == wanted {
            return false;
        }
        self.links.retain(|index, link| wanted.iter().any(|(i, name)| i == index && *name == link.name));
        for (index, name) in wanted {
            let matcher = self.matcher;
            self.links.entry(index).or_insert_with(|| Link {
                name,
                classifier: classifier(matcher),
                earlier: (Tally::default(), Count::default()),
                begun: now,
                earlier_begun: now,
            });
        }
        true
    }

    /// The name of a link that is heard.
    pub fn name(&self, interface: u32) -> Option<&str> {
        self.links.get(&interface).map(|link| link.name.as_str())
    }

    /// Forgets what is old. To be called before frames are looked at, so that none of them counts as old.
    pub fn turn(&mut self, now: Moment) {
        for link in self.links.values_mut() {
            link.turn(now);
        }
    }

    /// Looks at a frame of this link; whether it showed something that its tally did not hold. A classifier that
    /// fails is replaced by a new one: one bad packet must not silence the watch.
    pub fn frame(&mut self, interface: u32, frame: &Frame<'_>) -> bool {
        let Some(link) = self.links.get_mut(&interface) else { return false };
        let known = link.classifier.tally.sightings.len();
        let classifier = &mut link.classifier;
        if catch_unwind(AssertUnwindSafe(|| classifier.frame(frame, 0))).is_err() {
            self.faults += 1;
            link.classifier = self::classifier(self.matcher);
            return false;
        }
        link.classifier.tally.sightings.len() != known
    }

    /// Packets at which a classifier failed.
    pub const fn faults(&self) -> u64 {
        self.faults
    }

    /// Packets looked at in the tallies that are kept.
    pub fn packets(&self) -> u64 {
        self.links.values().map(|link| link.classifier.count.packets + link.earlier.1.packets).sum()
    }

    /// What was seen lately, and on which links.
    pub fn report(&mut self, now: Moment) -> (Traffic, Vec<Heard>) {
        let mut traffic = Traffic::default();
        let mut heard = Vec::new();
        self.turn(now);
        for link in self.links.values_mut() {
            let mut learned = Learned::default();
            let (tally, count) = &link.earlier;
            learned.add_seen(tally.clone(), *count);
            learned.add_seen(link.classifier.tally.clone(), link.classifier.count);
            let seen = learned.traffic(self.matcher);
            traffic.packets += seen.packets;
            traffic.bytes += seen.bytes;
            traffic.malformed += seen.malformed;
            traffic.unsupported += seen.unsupported;
            traffic.wifi.extend(seen.wifi);
            traffic.sightings.extend(seen.sightings.into_iter().filter(|sighting| sighting.label != CUT).map(
                |mut sighting| {
                    sighting.interface = Some(link.name.clone());
                    sighting
                },
            ));
            heard.push(Heard {
                interface: link.name.clone(),
                since: link.earlier_begun.wall,
                seconds: now.steady.saturating_duration_since(link.earlier_begun.steady).as_secs(),
            });
        }
        traffic.sightings.sort_by(|a, b| (&a.label, &a.interface).cmp(&(&b.label, &b.interface)));
        (traffic, heard)
    }
}

impl Link<'_> {
    /// Begins a new tally when it is time, as often as it was time.
    fn turn(&mut self, now: Moment) {
        let age = now.steady.saturating_duration_since(self.begun.steady);
        if age < TURN {
            return;
        }
        let seen = (std::mem::take(&mut self.classifier.tally), std::mem::take(&mut self.classifier.count));
        // After a long silence all of it is old, and nothing was seen since.
        (self.earlier, self.earlier_begun) =
            if age < TURN * 2 { (seen, self.begun) } else { ((Tally::default(), Count::default()), now.before(TURN)) };
        self.begun = now;
    }
}

fn classifier(matcher: &Matcher) -> Classifier<'_> {
    Classifier::new(matcher).remembering(FLOWS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Link as Kind, Stamp};

    /// An IPv6 packet of a protocol for experiments (RFC 3692).
    fn packet() -> Vec<u8> {
        let mut bytes = vec![0x60, 0, 0, 0, 0, 4, 253, 64];
        bytes.extend([0x20; 32]);
        bytes.extend([0; 4]);
        bytes
    }

    fn labels(traffic: &Traffic) -> Vec<(&str, &str)> {
        let named = |sighting: &'_ crate::facts::traffic::Sighting| sighting.interface.is_some();
        assert!(traffic.sightings.iter().all(named));
        traffic.sightings.iter().map(|seen| (seen.label.as_str(), seen.interface.as_deref().unwrap())).collect()
    }

    #[test]
    fn each_link_tells_for_itself_and_forgets_in_time() {
        let matcher = Matcher::built_in().unwrap();
        let mut sight = Sight::new(&matcher);
        let start = Moment::now();
        let later = |seconds| Moment { steady: start.steady + Duration::from_secs(seconds), ..start };
        let links = [Followed { index: 2, name: "eth0".into() }, Followed { index: 5, name: "wg0".into() }];
        assert!(sight.follow(&links, start) && !sight.follow(&links, later(1)));
        let bytes = packet();
        let length = u32::try_from(bytes.len()).unwrap();
        let frame = Frame { number: 1, at: Stamp(0), link: Kind(101), bytes: &bytes, length, sent: Some(true) };
        assert!(sight.frame(5, &frame) && !sight.frame(9, &frame));
        assert!(!sight.frame(5, &frame), "nothing new");

        let (traffic, heard) = sight.report(later(10));
        assert_eq!((traffic.packets, labels(&traffic)[0]), (2, ("ipv6.any", "wg0")));
        assert_eq!(
            heard.iter().map(|link| (link.interface.as_str(), link.seconds)).collect::<Vec<_>>(),
            [("eth0", 10), ("wg0", 10)]
        );
        // It stays for one turn more, and no longer.
        let (traffic, heard) = sight.report(later(1801));
        assert_eq!((traffic.packets, heard[1].seconds), (2, 1801));
        let (traffic, heard) = sight.report(later(3602));
        assert_eq!((traffic.packets, traffic.sightings.len(), heard[1].seconds), (0, 0, 1801));
        // After a long silence, too.
        assert!(sight.frame(5, &frame));
        let (traffic, heard) = sight.report(later(90_000));
        assert_eq!((traffic.packets, heard[0].seconds), (0, 1800));

        // A link that goes and comes is another.
        assert!(sight.frame(5, &frame));
        assert!(sight.follow(&links[..1], later(90_001)) && sight.follow(&links, later(90_002)));
        assert_eq!(sight.report(later(90_003)).0.packets, 0);
    }
}
