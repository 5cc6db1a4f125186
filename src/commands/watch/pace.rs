//! When to look again: at once when something changed, not all the time when everything does, and after a while where
//! something is wrong.

use std::time::{Duration, Instant};

/// What changes together is one change: so long is waited for the rest of it.
const TOGETHER: Duration = Duration::from_millis(15);

/// So many looks one after the other, each of which may send a probe or two; then one for each [`REST`].
const MOST: u32 = 6;
const REST: Duration = Duration::from_secs(10);

/// While something is wrong, and nothing changes that could be heard of: looked again after this, then ever later.
const AGAIN: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(300));

/// When to look.
#[derive(Debug)]
pub(super) struct Pace {
    due: Option<Instant>,
    /// When all looks that were made will have been rested from.
    rested: Instant,
    again: Duration,
}

impl Pace {
    /// The first look is due now.
    pub(super) fn new(now: Instant) -> Self {
        Self { due: Some(now), rested: now, again: AGAIN.0 }
    }

    /// When the next look is due.
    pub(super) fn due(&self) -> Option<Instant> {
        let due = self.due?;
        // The next look may begin as soon as no more than the others of a row are still to be rested from.
        let free = self.rested.checked_sub(REST * (MOST - 1)).unwrap_or(due);
        Some(free.max(due))
    }

    /// Something changed.
    pub(super) fn changed(&mut self, now: Instant) {
        self.again = AGAIN.0;
        let soon = now.checked_add(TOGETHER).unwrap_or(now);
        self.due = Some(self.due.map_or(soon, |due| due.min(soon)));
    }

    /// The person wants to know now: that is not counted.
    pub(super) fn at_once(&mut self, now: Instant) {
        self.rested = now;
        self.due = Some(now);
    }

    /// A look begins.
    pub(super) fn began(&mut self, now: Instant) {
        self.due = None;
        self.rested = self.rested.max(now).checked_add(REST).unwrap_or(now);
    }

    /// A look ended; `wrong` when what it showed may heal without anything being heard of it.
    pub(super) fn again(&mut self, now: Instant, wrong: bool) {
        if !wrong {
            self.again = AGAIN.0;
            return;
        }
        // Something else may have made a look due meanwhile.
        if self.due.is_none() {
            self.due = now.checked_add(self.again);
        }
        self.again = (self.again * 2).min(AGAIN.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_looked_at_soon_and_a_storm_is_not() {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let mut pace = Pace::new(start);
        assert_eq!(pace.due(), Some(start));
        pace.began(start);
        pace.again(start, false);
        assert_eq!(pace.due(), None, "all is well: nothing to do until something changes");
        pace.changed(at(100_000));
        assert_eq!(pace.due(), Some(at(100_015)));
        // A storm: each change would be looked at.
        let mut looks = 0;
        for millis in (200_000..320_000).step_by(100) {
            pace.changed(at(millis));
            if pace.due().is_some_and(|due| due <= at(millis + 20)) {
                pace.began(at(millis + 20));
                pace.again(at(millis + 20), false);
                looks += 1;
            }
        }
        assert!((15..=18).contains(&looks), "{looks} looks in two minutes");
        // And ten seconds later a change is looked at as soon as ever.
        pace.began(at(321_000));
        pace.changed(at(340_000));
        assert_eq!(pace.due(), Some(at(340_015)));
    }

    #[test]
    fn what_is_wrong_is_looked_at_again_ever_later() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        let mut now = start;
        let mut waits = Vec::new();
        for _ in 0..7 {
            pace.began(now);
            pace.again(now, true);
            let due = pace.due().unwrap();
            waits.push((due - now).as_secs());
            now = due;
        }
        assert_eq!(waits, [30, 60, 120, 240, 300, 300, 300]);
    }
}
