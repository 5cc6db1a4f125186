//! Whether one question gets two different answers, as when somebody on the way is quicker than the resolver.

use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use foldhash::quality::RandomState;

use super::message::Message;
use crate::wire::Stamp;
use crate::wire::protocols::Datagram;

/// Answers that are remembered, each in the place its question's hash gives it: 24 KiB.
const PLACES: usize = 1024;

/// How long after the first a second answer to the same question still counts, in nanoseconds: 10 s, twice what
/// the resolver of glibc waits before it asks again (`resolv.conf`(5), `timeout`).
const WHILE: u64 = 10_000_000_000;

/// The answers of late.
#[derive(Default)]
pub(in crate::wire) struct Answers {
    seed: RandomState,
    places: Vec<Place>,
}

#[derive(Clone, Copy, Default)]
struct Place {
    question: u64,
    addresses: u64,
    at: Stamp,
}

impl Answers {
    /// Whether this message gives other addresses than one before, to the same question of the same asker.
    pub(in crate::wire) fn differ(&mut self, data: &Datagram<'_>, at: Stamp) -> bool {
        let Some(message) = Message::read(data.bytes, data.length) else { return false };
        let (Some(name), Some(asked), true) = (message.question, message.asked, message.is_response()) else {
            return false;
        };
        // A set: the order in which a server turns its addresses does not matter.
        let sets = message.addresses().map(|address| self.seed.hash_one(address));
        let Some(addresses) = sets.reduce(u64::wrapping_add) else { return false };
        let mut hasher = self.seed.build_hasher();
        (data.source, data.destination, message.id(), asked).hash(&mut hasher);
        for label in name.labels() {
            hasher.write_usize(label.len());
            for byte in label {
                hasher.write_u8(byte.to_ascii_lowercase());
            }
        }
        let question = hasher.finish();
        if self.places.is_empty() {
            self.places = vec![Place::default(); PLACES];
        }
        let number = usize::try_from(question % PLACES as u64).unwrap_or(0);
        let Some(place) = self.places.get_mut(number) else { return false };
        let same = place.question == question && at.since(place.at) <= WHILE;
        let differ = same && place.addresses != addresses;
        if !same {
            *place = Place { question, addresses, at };
        }
        differ
    }
}
