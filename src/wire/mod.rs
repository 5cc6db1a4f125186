//! WIRE: packets to sightings. From a file or from the wire, the same way:
//!
//! ```text
//! FrameSource ──► decode ──► classify (flows, signatures, protocols) ──► tally
//! ```
//!
//! Every byte here is hostile. Nothing panics on it, nothing grows with it beyond a bound that is named
//! where it is set, and no content, user name or password ever reaches the [`tally`].

mod across;
pub mod classify;
pub mod decode;
pub mod eapol;
pub mod flow;
pub mod fragments;
pub mod ieee80211;
pub mod labels;
pub mod lan;
pub mod learned;
pub mod lines;
pub mod live;
pub mod matcher;
pub mod messages;
pub mod pcap;
pub mod protocols;
pub mod recent;
pub mod talk;
pub mod tally;
pub mod trial;
pub mod wifi;

/// One captured frame.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Counted from 1 in its source.
    pub number: u64,
    /// When it was captured.
    pub at: Stamp,
    /// What its first byte belongs to.
    pub link: Link,
    /// The captured bytes.
    pub bytes: &'a [u8],
    /// How long it was on the wire; more than `bytes` where the capture cut it.
    pub length: u32,
    /// Whether this machine sent it, where the source says.
    pub sent: Option<bool>,
}

/// Nanoseconds since 1970 in UTC, as the capture says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp(pub i64);

impl Stamp {
    /// Nanoseconds from `earlier` to this one; 0 where the clock went back.
    pub fn since(self, earlier: Self) -> u64 {
        u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0)
    }
}

/// A link-layer header type, by its number in capture files (tcpdump.org's LINKTYPE list).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link(pub u16);

/// Where frames come from: a capture file or a live interface.
pub trait FrameSource {
    /// The next frame; `None` at the end.
    ///
    /// # Errors
    /// What is wrong with the source; what was read before stays good.
    fn next(&mut self) -> Result<Option<Frame<'_>>, pcap::Broken>;
}
