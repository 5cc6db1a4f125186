//! Flows: who talks with whom, how far that is understood. Bounded, and cheap to begin.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};

use foldhash::quality::RandomState;

use super::labels::Label;
use super::protocols::{Carrier, Recogniser, Side};
use super::recent::Recent;
use super::talk::Talk;

/// Flows of one generation. Two are kept: when the younger is full, the older is forgotten, so a flow that
/// still speaks stays. It is what 65,536 places of a hash table hold (seven in eight), so that both take
/// 2 × 65,536 × about 160 bytes, or 20 MiB, and neither ever grows.
const GENERATION: usize = 57_344;

/// Openings of TCP conversations that are held at once while they are too short to tell.
const OPENINGS: usize = 8_192;

/// Conversations that are followed word by word at once; past it, new ones are not followed.
const DIALOGUES: usize = 8_192;

/// Both ends and the protocol, the lower end first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    low: (u128, u16),
    high: (u128, u16),
    protocol: u8,
}

/// Which end sent a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The lower one of the key.
    Low = 0,
    /// The higher one.
    High = 1,
}

impl End {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Low => Self::High,
            Self::High => Self::Low,
        }
    }
}

impl Key {
    /// The key of a packet, and which end sent it.
    pub fn of(source: SocketAddr, destination: SocketAddr, protocol: u8) -> (Self, End) {
        let (from, to) = (end(source), end(destination));
        if from <= to {
            (Self { low: from, high: to, protocol }, End::Low)
        } else {
            (Self { low: to, high: from, protocol }, End::High)
        }
    }
}

fn end(address: SocketAddr) -> (u128, u16) {
    let number = match address.ip() {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    };
    (number, address.port())
}

/// One flow.
#[derive(Default)]
pub struct Flow {
    /// Labels it has shown, by number; those past the last bit share it.
    shown: [u64; 4],
    /// Packets with payload that each end sent while nothing was decided.
    pub heard: [u8; 2],
    /// Which end opened it, once that is known.
    pub client: Option<End>,
    /// How far it is understood.
    pub state: State,
    /// Whether the start of what was said over TCP is held, for it was too little to tell.
    held: bool,
}

/// Longest start of a TCP conversation's side that is held.
const HELD: usize = 1024;

/// Longest first segment that may be only a part of an opening.
const FIRST_PART: usize = 256;

/// The start of what each end said.
#[derive(Debug, Default)]
struct Held {
    said: [Vec<u8>; 2],
    next: [u32; 2],
    /// Where another protocol began in the same flow: what comes before was said already.
    began: [Option<u32>; 2],
}

impl Held {
    /// Adds a segment; what this end has said so far as one, if the segment goes on where the last ended.
    fn join(&mut self, end: End, number: u32, bytes: &[u8]) -> Option<Vec<u8>> {
        let said = self.said.get_mut(end as usize)?;
        let next = self.next.get_mut(end as usize)?;
        let goes_on = !said.is_empty() && *next == number;
        if goes_on && said.len() + bytes.len() <= HELD {
            said.extend_from_slice(bytes);
        } else if goes_on {
            // Enough was heard: look once more, hold no longer.
            let whole = [std::mem::take(said), bytes.to_vec()].concat();
            return Some(whole);
        } else if !said.is_empty() && next.wrapping_sub(number) < 1 << 31 {
            return None;
        } else {
            said.clear();
            if bytes.len() <= FIRST_PART {
                said.extend_from_slice(bytes);
            }
        }
        *next = number.wrapping_add(u32::try_from(bytes.len()).unwrap_or(0));
        goes_on.then(|| said.clone())
    }
}

/// How far a flow is understood.
#[derive(Default)]
pub enum State {
    /// Its first packets are looked at.
    #[default]
    Open,
    /// Nothing more is to be learned.
    Decided,
    /// Each further packet is shown to this recogniser.
    Each(Recogniser),
    /// This recogniser is not sure yet; its note is kept for it.
    Perhaps(Recogniser, u64),
    /// A tunnel: what its packets carry is looked at.
    Carries(&'static Carrier),
    /// It is followed word by word.
    Talk(Box<Talk>),
    /// A signature of several steps waits for its next.
    Waiting {
        /// Which.
        signature: u16,
        /// The step that must come.
        step: u8,
        /// Packets it may still take.
        left: u8,
    },
}

impl Flow {
    /// Notes that it showed `label`; whether that is new.
    pub fn shows(&mut self, label: Label) -> bool {
        let bit = usize::from(label.0).min(255);
        let Some(word) = self.shown.get_mut(bit / 64) else { return false };
        let mask = 1 << (bit % 64);
        let new = *word & mask == 0;
        *word |= mask;
        new
    }

    /// Another protocol follows: its first packets are looked at as a new flow's would be.
    pub fn renew(&mut self) {
        self.heard = [0; 2];
        self.state = State::Open;
    }

    /// Which side `end` is on.
    pub fn side(&self, end: End) -> Side {
        if self.client.is_none_or(|client| client == end) { Side::Client } else { Side::Server }
    }
}

/// All flows that are remembered.
pub struct Table {
    generation: usize,
    young: HashMap<Key, Flow, RandomState>,
    old: HashMap<Key, Flow, RandomState>,
    held: Recent<Key, Held>,
    dialogues: usize,
    /// Flows begun so far.
    pub begun: u64,
}

impl Default for Table {
    fn default() -> Self {
        Self::of(GENERATION)
    }
}

impl Table {
    /// A table whose generations are of this size.
    pub fn of(generation: usize) -> Self {
        Self {
            generation,
            young: HashMap::with_capacity_and_hasher(generation, RandomState::default()),
            old: HashMap::default(),
            held: Recent::new(OPENINGS.min(generation)),
            dialogues: 0,
            begun: 0,
        }
    }

    /// The flow of this key, new if it is not remembered.
    pub fn flow(&mut self, key: Key) -> &mut Flow {
        if self.young.len() >= self.generation && !self.young.contains_key(&key) {
            std::mem::swap(&mut self.old, &mut self.young);
            self.young.clear();
            self.young.reserve(self.generation);
            self.dialogues = self.old.values().filter(|flow| matches!(flow.state, State::Talk(_))).count();
        }
        self.young.entry(key).or_insert_with(|| {
            self.old.remove(&key).unwrap_or_else(|| {
                self.begun += 1;
                Flow::default()
            })
        })
    }

    /// What this end of the flow has said so far as one, once that is more than one segment; what is new is held.
    pub fn join(&mut self, key: Key, end: End, number: u32, bytes: &[u8]) -> Option<Vec<u8>> {
        let flow = self.flow(key);
        if !flow.held && bytes.len() > FIRST_PART {
            return None;
        }
        flow.held = true;
        self.held.entry(key, Held::default).join(end, number, bytes)
    }

    /// Another protocol follows, from these sequence numbers on.
    pub fn renew(&mut self, key: Key, began: [Option<u32>; 2]) {
        let flow = self.flow(key);
        flow.renew();
        flow.held = true;
        *self.held.entry(key, Held::default) = Held { began, ..Held::default() };
    }

    /// Where the flow's present protocol began, if another came before it.
    pub fn began(&mut self, key: Key) -> [Option<u32>; 2] {
        if !self.flow(key).held {
            return [None; 2];
        }
        self.held.get_mut(&key).map_or([None; 2], |held| held.began)
    }

    /// Nothing more need be held of the flow.
    pub fn let_go(&mut self, key: Key) {
        if std::mem::take(&mut self.flow(key).held) {
            self.held.remove(&key);
        }
    }

    /// Whether one more conversation may be followed; counts it if so.
    pub fn may_follow(&mut self) -> bool {
        let may = self.dialogues < DIALOGUES;
        self.dialogues += usize::from(may);
        may
    }

    /// A conversation has ended.
    pub fn followed(&mut self) {
        self.dialogues = self.dialogues.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8, port: u16) -> SocketAddr {
        SocketAddr::from(([192, 0, 2, last], port))
    }

    #[test]
    fn both_directions_are_one_flow() {
        let (there, from) = Key::of(address(1, 5000), address(2, 53), 17);
        let (back, to) = Key::of(address(2, 53), address(1, 5000), 17);
        assert_eq!(there, back);
        assert_ne!(from, to);
        assert_ne!(there, Key::of(address(1, 5000), address(2, 53), 6).0);
    }

    #[test]
    fn an_opening_is_whole_wherever_it_was_cut() {
        let mut held = Held::default();
        assert_eq!(held.join(End::Low, u32::MAX - 1, b"US"), None);
        assert_eq!(held.join(End::Low, u32::MAX - 1, b"US"), None, "said again");
        assert_eq!(held.join(End::Low, 0, b"ER").as_deref(), Some(&b"USER"[..]));
        assert_eq!(held.join(End::High, 7, b"220"), None);
        assert_eq!(held.join(End::Low, 10, b"PASS"), None, "a piece is missing");
        assert_eq!(held.join(End::Low, 14, b" x").as_deref(), Some(&b"PASS x"[..]));
        let long = [b'a'; HELD];
        assert_eq!(held.join(End::Low, 16, &long).map(|whole| whole.len()), Some(6 + HELD));
        assert_eq!(held.join(End::Low, 16 + 1024, &long), None);
    }

    #[test]
    fn the_table_is_bounded_and_keeps_who_still_speaks() {
        let mut table = Table::default();
        let (lasting, _) = Key::of(address(9, 9), address(8, 8), 6);
        table.flow(lasting).client = Some(End::High);
        for number in 0..300_000_u32 {
            let ip = IpAddr::from((u128::from(number) | 1 << 127).to_be_bytes());
            table.flow(Key::of(SocketAddr::new(ip, 1), address(1, 1), 17).0);
            if number % 1000 == 0 {
                table.flow(lasting);
            }
        }
        assert!(table.young.len() + table.old.len() <= 2 * GENERATION);
        assert_eq!(table.flow(lasting).client, Some(End::High));
    }
}
