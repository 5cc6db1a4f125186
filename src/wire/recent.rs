//! What was met lately, in bounded memory: when the younger half is full, the older is forgotten, so that what keeps
//! coming back stays.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use foldhash::quality::RandomState;

use super::Stamp;

/// A map that forgets.
#[derive(Debug)]
pub struct Recent<K, V> {
    young: HashMap<K, V, RandomState>,
    old: HashMap<K, V, RandomState>,
    half: usize,
}

impl<K: Eq + Hash, V> Recent<K, V> {
    /// Holds from `most` / 2 to `most` entries once it is full.
    pub fn new(most: usize) -> Self {
        Self { young: HashMap::default(), old: HashMap::default(), half: (most / 2).max(1) }
    }

    /// The entry of this key, made if it is not there.
    pub fn entry(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        if self.young.len() >= self.half && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        let old = &mut self.old;
        let kept = if self.young.contains_key(&key) { None } else { old.remove(&key) };
        self.young.entry(key).or_insert_with(|| kept.unwrap_or_else(make))
    }

    /// The entry of this key, if it is there.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.young.get_mut(key).or_else(|| self.old.get_mut(key))
    }

    /// Forgets the entry of this key.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.young.remove(key).or_else(|| self.old.remove(key))
    }

    /// All entries, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.young.iter().chain(&self.old)
    }
}

/// So many within so long.
#[derive(Debug)]
pub struct Window {
    times: VecDeque<Stamp>,
    count: usize,
    nanoseconds: u64,
}

impl Window {
    /// `count` within `seconds`.
    pub const fn new(count: usize, seconds: u64) -> Self {
        Self { times: VecDeque::new(), count, nanoseconds: seconds * 1_000_000_000 }
    }

    /// Counts one more; whether there are now so many within so long. Across a clock that went back nothing is counted.
    pub fn counts(&mut self, at: Stamp) -> bool {
        if self.times.len() == self.count {
            self.times.pop_front();
        }
        self.times.push_back(at);
        let first = self.times.front().filter(|first| self.times.len() == self.count && **first <= at);
        first.is_some_and(|first| at.since(*first) <= self.nanoseconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_back_stays_and_the_rest_is_forgotten() {
        let mut recent: Recent<u32, u32> = Recent::new(64);
        *recent.entry(7, || 1) += 1;
        for number in 100..10_000 {
            recent.entry(number, || 0);
            recent.entry(7, || 0);
        }
        assert_eq!(recent.entry(7, || 0), &2);
        assert!(recent.iter().count() <= 64);
        assert_eq!(recent.get_mut(&100), None);
    }

    #[test]
    fn a_window_needs_so_many_within_so_long() {
        let mut window = Window::new(3, 1);
        let seconds = |tenths: i64| Stamp(tenths * 100_000_000);
        assert!(!window.counts(seconds(0)) && !window.counts(seconds(4)) && window.counts(seconds(10)));
        assert!(!window.counts(seconds(15)), "the first of the last three is too long ago");
        assert!(!window.counts(seconds(2)), "the clock went back");
        assert!(!window.counts(seconds(3)) && window.counts(seconds(4)));
    }
}
