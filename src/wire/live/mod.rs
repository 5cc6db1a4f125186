//! The wire, live: what this machine sends and is sent, filtered by the kernel before the first packet is read.
//!
//! A packet socket of type `SOCK_DGRAM`, bound to no interface in particular, hears every link, those that come later
//! included: once it is open, this program needs no right at all. Frames of links that do not matter
//! ([`links`]) are left out by their index. Where the kernel has no [`ring`] for it, [`channel`] reads a socket for each link.

pub mod channel;
mod cooked;
pub mod filter;
pub mod links;
pub mod ring;

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use super::pcap::Broken;
use super::{Frame, FrameSource, Stamp};
use channel::Channels;
use links::Followed;
use ring::Ring;

/// The index of the interface that a live frame was met on.
pub fn interface(frame: &Frame<'_>) -> Option<u32> {
    cooked::interface(frame)
}

/// Live packets.
pub enum Source {
    /// The kernel fills memory that is read in place.
    Ring(Ring),
    /// A system call for each packet.
    Channels(Channels),
}

impl Source {
    /// Opens a ring, or channels where the kernel has none.
    ///
    /// # Errors
    /// What the kernel says: `EPERM` without `CAP_NET_RAW`.
    pub fn open() -> io::Result<Self> {
        let program = filter::program();
        match Ring::open(&program) {
            Ok(ring) => Ok(Self::Ring(ring)),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(error),
            Err(_) => Self::channels(),
        }
    }

    /// Opens channels.
    ///
    /// # Errors
    /// As [`Source::open`].
    pub fn channels() -> io::Result<Self> {
        Channels::open(&filter::program()).map(Self::Channels)
    }

    /// Tells when packets are ready.
    ///
    /// # Errors
    /// When the runtime cannot watch it.
    pub fn readiness(&self) -> io::Result<tokio::io::unix::AsyncFd<OwnedFd>> {
        ring::readiness(self.as_fd().try_clone_to_owned()?)
    }

    /// Hears these links; gives those it cannot. A ring hears all anyway.
    pub fn follow(&mut self, links: &[Followed]) -> Vec<Followed> {
        match self {
            Self::Ring(_) => Vec::new(),
            Self::Channels(channels) => channels.follow(links),
        }
    }

    /// Tells the time, for packets to which the kernel gives none.
    pub const fn at(&mut self, now: Stamp) {
        match self {
            Self::Ring(_) => {}
            Self::Channels(channels) => channels.at(now),
        }
    }

    /// Packets the filter wanted and the kernel had no room for, since this was last asked.
    pub fn lost(&mut self) -> u64 {
        match self {
            Self::Ring(ring) => ring.lost(),
            Self::Channels(channels) => channels.lost(),
        }
    }

    /// Lets go of some packets unread, as many as is cheap; how many. 0 when none is ready.
    pub fn shed(&mut self) -> u64 {
        match self {
            Self::Ring(ring) => ring.shed(),
            Self::Channels(channels) => channels.shed(),
        }
    }
}

impl FrameSource for Source {
    /// `None` when nothing is ready: the descriptor tells when something is.
    fn next(&mut self) -> Result<Option<Frame<'_>>, Broken> {
        match self {
            Self::Ring(ring) => ring.next(),
            Self::Channels(channels) => channels.next(),
        }
    }
}

impl AsFd for Source {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Ring(ring) => ring.as_fd(),
            Self::Channels(channels) => channels.as_fd(),
        }
    }
}
