//! A conversation over TCP, heard in order and each byte once, whatever the order its segments came in.

use super::flow::End;
use super::protocols::{Dialogue, Goes, Seen, Side};

/// What TCP says of a segment.
#[derive(Clone, Copy)]
pub struct Segment {
    /// Of its first byte.
    pub number: u32,
    /// A conversation is asked for.
    pub syn: bool,
    /// Something is acknowledged.
    pub ack: bool,
    /// The capture kept less than was sent.
    pub cut: bool,
}

impl Segment {
    /// Whether all its bytes come before this sequence number.
    pub fn is_before(self, number: u32, bytes: usize) -> bool {
        let behind = number.wrapping_sub(self.number);
        behind < 1 << 31 && usize::try_from(behind).is_ok_and(|behind| behind >= bytes)
    }

    /// The same without its first bytes.
    #[must_use]
    pub fn after(self, bytes: usize) -> Self {
        Self { number: self.number.wrapping_add(u32::try_from(bytes).unwrap_or(0)), ..self }
    }
}

/// A conversation over TCP that is followed.
pub struct Talk {
    /// Who follows it.
    dialogue: Box<dyn Dialogue>,
    /// The sequence number each end's next segment must have.
    next: [Option<u32>; 2],
    /// Bytes that are still listened to.
    left: u64,
    /// Segments that came before what they follow: from which end, their first byte's number, their bytes.
    early: Vec<(End, u32, Vec<u8>)>,
}

/// Segments of a conversation that may wait for what comes before them, and their bytes: a greeting of TLS in three
/// segments, or in four.
const EARLY: usize = 4;
const EARLY_BYTES: usize = 6 * 1024;

/// A segment that is so far ahead waits for nothing: the conversation was not captured whole.
const EARLIEST: u32 = 1 << 17;

impl Talk {
    /// Begins to follow, from these sequence numbers on where they are known; `left` bytes are listened to.
    pub fn new(dialogue: Box<dyn Dialogue>, next: [Option<u32>; 2], left: u64) -> Self {
        Self { dialogue, next, left, early: Vec::new() }
    }

    /// The sequence number each end's next segment must have.
    pub fn next(&self) -> [Option<u32>; 2] {
        self.next
    }

    /// Hears a segment in its turn: one that comes too early waits, until the other end speaks or too much waits.
    pub fn hear(&mut self, end: End, side: Side, bytes: &[u8], segment: Option<Segment>, seen: &mut Seen) -> Goes {
        let Some(segment) = segment else { return self.dialogue.hear(side, bytes, seen) };
        if self.early.is_empty() && self.ahead(end, segment.number) == 0 {
            return self.take(end, side, bytes, segment, seen);
        }
        let other = if side == Side::Client { Side::Server } else { Side::Client };
        if self.early.iter().any(|(from, ..)| *from != end) {
            let goes = self.catch_up(|from| from != end, other, true, seen);
            if goes != Goes::On {
                return goes;
            }
        }
        let waiting: usize = self.early.iter().map(|(.., bytes)| bytes.len()).sum();
        let ahead = self.ahead(end, segment.number);
        if ahead != 0 {
            let room = self.early.len() < EARLY && waiting + bytes.len() <= EARLY_BYTES && ahead < EARLIEST;
            if room && !segment.cut && !bytes.is_empty() {
                self.early.push((end, segment.number, bytes.to_vec()));
                return Goes::On;
            }
            let goes = self.catch_up(|from| from == end, side, true, seen);
            if goes != Goes::On {
                return goes;
            }
        }
        let goes = self.take(end, side, bytes, segment, seen);
        if goes != Goes::On {
            return goes;
        }
        self.catch_up(|from| from == end, side, false, seen)
    }

    /// How many bytes are missing before a segment; distances are on the circle of numbers, less than half is ahead.
    fn ahead(&self, end: End, number: u32) -> u32 {
        let next = self.next.get(end as usize).copied().flatten();
        next.map_or(0, |next| Some(number.wrapping_sub(next)).filter(|ahead| *ahead < 1 << 31).unwrap_or(0))
    }

    /// Hears segments that waited: those whose turn it is, or all of them, for what is missing will not come.
    fn catch_up(&mut self, whose: impl Fn(End) -> bool, side: Side, all: bool, seen: &mut Seen) -> Goes {
        loop {
            let waiting = self.early.iter().enumerate().filter(|(_, (from, ..))| whose(*from));
            let first = waiting.map(|(at, (from, number, _))| (self.ahead(*from, *number), at)).min();
            let Some((ahead, at)) = first else { return Goes::On };
            if ahead != 0 && !all {
                return Goes::On;
            }
            let (from, number, bytes) = self.early.swap_remove(at);
            let segment = Segment { number, syn: false, ack: true, cut: false };
            match self.take(from, side, &bytes, segment, seen) {
                Goes::On => {}
                // What belongs to another conversation within has been missed.
                Goes::Anew { .. } => return Goes::Anew { rest: 0 },
                goes => return goes,
            }
        }
    }

    /// Hears a segment now: what was heard before is left out, what is missing is told.
    fn take(&mut self, end: End, side: Side, bytes: &[u8], segment: Segment, seen: &mut Seen) -> Goes {
        let Some(next) = self.next.get_mut(end as usize) else { return Goes::Over };
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let mut fresh = bytes;
        if let Some(expected) = *next {
            // Distances on the circle of sequence numbers: less than half is ahead.
            let behind = expected.wrapping_sub(segment.number);
            if behind != 0 && behind < 1 << 31 {
                fresh = bytes.get(usize::try_from(behind).unwrap_or(usize::MAX)..).unwrap_or_default();
            } else if behind != 0 {
                self.dialogue.gap(side);
            }
        }
        if fresh.is_empty() {
            return Goes::On;
        }
        *next = Some(segment.number.wrapping_add(length));
        let Some(left) = self.left.checked_sub(u64::from(length)) else { return Goes::Over };
        self.left = left;
        let goes = self.dialogue.hear(side, fresh, seen);
        if segment.cut {
            self.dialogue.gap(side);
        }
        goes
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Writes down what it hears; a `#` where something is missing.
    #[derive(Clone, Default)]
    struct Notes(Arc<Mutex<String>>);

    impl Dialogue for Notes {
        fn hear(&mut self, side: Side, bytes: &[u8], _: &mut Seen) -> Goes {
            let mut notes = self.0.lock().unwrap();
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            notes.push_str(&if side == Side::Server { text.to_uppercase() } else { text });
            Goes::On
        }

        fn gap(&mut self, _: Side) {
            self.0.lock().unwrap().push('#');
        }
    }

    /// What is heard of segments: who sent them, from which byte on, which bytes.
    fn heard(segments: &[(Side, u32, &str)]) -> String {
        let notes = Notes::default();
        let mut talk = Talk::new(Box::new(notes.clone()), [None; 2], 1 << 20);
        for (side, number, text) in segments {
            let end = if *side == Side::Client { End::Low } else { End::High };
            // Numbers wrap in the midst of it.
            let number = number.wrapping_sub(2);
            let segment = Segment { number, syn: false, ack: true, cut: false };
            talk.hear(end, *side, text.as_bytes(), Some(segment), &mut Seen::default());
        }
        notes.0.lock().unwrap().clone()
    }

    /// World: segments in order, twice, overlapping, and too early. Truth: each byte is heard once, in order.
    #[test]
    fn segments_are_heard_in_order_and_once() {
        use Side::{Client, Server};
        assert_eq!(heard(&[(Client, 0, "ab"), (Client, 2, "cd"), (Server, 9, "x")]), "abcdX");
        assert_eq!(heard(&[(Client, 0, "ab"), (Client, 0, "ab"), (Client, 1, "bcd")]), "abcd");
        assert_eq!(heard(&[(Client, 0, "ab"), (Client, 4, "ef"), (Client, 6, "g"), (Client, 2, "cd")]), "abcdefg");
        assert_eq!(heard(&[(Client, 0, "ab"), (Client, 6, "g"), (Client, 4, "ef"), (Client, 2, "cdef")]), "abcdefg");
    }

    /// World: a segment that was not captured. Truth: once the other end speaks, or too much waits, what came after it
    /// is heard, and that something is missing is told.
    #[test]
    fn what_is_missing_is_not_awaited_for_ever() {
        use Side::{Client, Server};
        assert_eq!(heard(&[(Client, 0, "ab"), (Client, 4, "ef"), (Server, 9, "x"), (Client, 6, "g")]), "ab#efXg");
        let mut segments = vec![(Client, 0, "a")];
        segments.extend((2..8).map(|number| (Client, number, "b")));
        assert_eq!(heard(&segments), "a#bbbbbb");
        assert_eq!(heard(&[(Client, 0, "a"), (Client, 1 << 20, "b")]), "a#b");
    }
}
