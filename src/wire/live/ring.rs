//! A ring of packets that the kernel fills and this program reads in place (`PACKET_RX_RING`, `TPACKET_V3`).
//!
//! The only module with `unsafe` in the project, because no safe library has these: socket options of packet sockets,
//! the bind to a packet address, the memory that is shared with the kernel, and the word when it has something. What is read from that memory is
//! read with checked slices. Layouts and numbers: Linux `include/uapi/linux/if_packet.h`; how blocks pass
//! from hand to hand: `Documentation/networking/packet_mmap.rst`.
#![expect(unsafe_code, reason = "packet rings and their socket options exist in no safe library")]

use std::ffi::c_int;
use std::io;
use std::mem::{offset_of, size_of};
use std::ops::Range;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};

use libc::{sockaddr_ll, tpacket_req3, tpacket_stats_v3, tpacket3_hdr};
use socket2::{Domain, SockFilter, Socket, Type};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::cooked;
use super::filter::Instruction;
use crate::wire::pcap::Broken;
use crate::wire::{Frame, FrameSource, Stamp};

/// One block, in bytes; the kernel hands over whole blocks. Each holds at least the longest packet the filter passes.
const BLOCK: usize = 128 << 10;
/// Together 4 MiB: a third of a second of 100,000 small packets in each second.
const BLOCKS: usize = 32;
/// A block that holds something is handed over after this many milliseconds even if it is not full.
const PATIENCE: u32 = 100;
/// Only checked by the kernel, not used, in this version of the ring.
const FRAME: usize = 2048;

/// Where, in a block's head, its status, number of packets and first packet's offset stand (`tpacket_block_desc`).
const STATUS: usize = 8;
const COUNT: usize = 12;
const FIRST: usize = 16;
/// The packet's head and behind it, aligned, the address it came from.
const ADDRESS: usize = size_of::<tpacket3_hdr>();
const HEAD: usize = ADDRESS + size_of::<sockaddr_ll>();

/// A packet socket of all interfaces, with the filter, and its ring.
pub struct Ring {
    map: Map,
    socket: OwnedFd,
    /// The block that is read, or is the next to be.
    block: usize,
    /// How far it is read; `None` while it is not ours.
    reading: Option<Reading>,
    number: u64,
}

/// A place in a block.
#[derive(Clone, Copy)]
struct Reading {
    /// The next packet's offset.
    next: usize,
    /// Packets that are left.
    left: u32,
}

impl Ring {
    /// Opens it. The filter is attached and locked before the socket is bound: no packet gets past it.
    ///
    /// # Errors
    /// What the kernel says: `EPERM` without `CAP_NET_RAW`, `ENOMEM` where memory is too scattered, and others where
    /// it has no such ring.
    pub fn open(program: &[Instruction]) -> io::Result<Self> {
        let socket = filtered(program)?;
        let version = libc::tpacket_versions::TPACKET_V3 as c_int;
        set(&socket, libc::SOL_PACKET, libc::PACKET_VERSION, &version)?;
        let room = c_int::try_from(cooked::HEADER.next_multiple_of(16)).unwrap_or(c_int::MAX);
        set(&socket, libc::SOL_PACKET, libc::PACKET_RESERVE, &room)?;
        let number = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
        let request = tpacket_req3 {
            tp_block_size: number(BLOCK),
            tp_block_nr: number(BLOCKS),
            tp_frame_size: number(FRAME),
            tp_frame_nr: number(BLOCK / FRAME * BLOCKS),
            tp_retire_blk_tov: PATIENCE,
            tp_sizeof_priv: 0,
            tp_feature_req_word: 0,
        };
        set(&socket, libc::SOL_PACKET, libc::PACKET_RX_RING, &request)?;
        let map = Map::of(&socket)?;
        bind_to_all(&socket)?;
        Ok(Self { map, socket, block: 0, reading: None, number: 0 })
    }

    /// Packets the filter wanted and the ring had no room for, since this was last asked.
    pub fn lost(&mut self) -> u64 {
        lost(&self.socket).unwrap_or(0)
    }

    /// Gives a block back unread; how many packets were in it. 0 when none is ready.
    pub fn shed(&mut self) -> u64 {
        let Some(Reading { left, .. }) = self.reading.or_else(|| self.open_block()) else { return 0 };
        self.give_back();
        u64::from(left)
    }

    /// Begins the block that is next, if the kernel has handed it over.
    fn open_block(&mut self) -> Option<Reading> {
        let block = self.map.block(self.block)?;
        let reading = Reading { left: u32_at(block, COUNT)?, next: usize::try_from(u32_at(block, FIRST)?).ok()? };
        self.reading = Some(reading);
        Some(reading)
    }

    fn give_back(&mut self) {
        self.map.give_back(self.block);
        self.block = (self.block + 1) % BLOCKS;
        self.reading = None;
    }

    /// The next packet that can be read.
    fn find(&mut self) -> Option<Found> {
        loop {
            let Reading { next, left } = self.reading.or_else(|| self.open_block())?;
            let found = if left == 0 { None } else { self.map.block(self.block).and_then(|block| found(block, next)) };
            let Some(found) = found else {
                self.give_back();
                continue;
            };
            self.reading = Some(Reading { next: next.saturating_add(found.skip), left: left - 1 });
            self.number += 1;
            return Some(found);
        }
    }
}

impl FrameSource for Ring {
    /// `None` when nothing is ready: the socket's descriptor tells when something is.
    fn next(&mut self) -> Result<Option<Frame<'_>>, Broken> {
        let Some(found) = self.find() else { return Ok(None) };
        let Some(block) = self.map.block(self.block) else { return Ok(None) };
        let bytes = match block.get_mut(found.bytes) {
            Some(bytes) => {
                if let Some(head) = bytes.first_chunk_mut() {
                    *head = found.head;
                }
                &*bytes
            }
            None => &[],
        };
        Ok(Some(cooked::frame(self.number, found.at, bytes, found.length)))
    }
}

impl AsFd for Ring {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// One packet of a block.
struct Found {
    /// From this packet's head to the next one's.
    skip: usize,
    /// Its bytes, and room for a head before them.
    bytes: Range<usize>,
    /// The head to write there.
    head: [u8; cooked::HEADER],
    /// Bytes on the wire.
    length: u32,
    at: Stamp,
}

/// Reads the packet's head that stands at this offset.
fn found(block: &[u8], offset: usize) -> Option<Found> {
    let head = block.get(offset..)?.first_chunk::<HEAD>()?;
    let number = |at: usize| u32_at(head, at);
    let skip = usize::try_from(number(offset_of!(tpacket3_hdr, tp_next_offset))?).ok()?;
    let captured = usize::try_from(number(offset_of!(tpacket3_hdr, tp_snaplen))?).ok()?;
    let start = usize::from(u16_at(head, offset_of!(tpacket3_hdr, tp_mac))?);
    // Before the bytes is room, behind what the kernel wrote.
    let before = start.checked_sub(cooked::HEADER).filter(|before| *before >= HEAD)?;
    let at = |start: usize| offset.checked_add(start);
    let bytes = at(before)?..at(start)?.checked_add(captured)?;
    block.get(bytes.clone())?;
    let seconds = i64::from(number(offset_of!(tpacket3_hdr, tp_sec))?);
    let nanoseconds = i64::from(number(offset_of!(tpacket3_hdr, tp_nsec))?);
    let address = |at: usize| ADDRESS + at;
    Some(Found {
        skip,
        bytes,
        head: cooked::head(&cooked::Met {
            protocol: u16::from_be(u16_at(head, address(offset_of!(sockaddr_ll, sll_protocol)))?),
            interface: number(address(offset_of!(sockaddr_ll, sll_ifindex)))?,
            hardware: u16_at(head, address(offset_of!(sockaddr_ll, sll_hatype)))?,
            kind: *head.get(address(offset_of!(sockaddr_ll, sll_pkttype)))?,
            length: *head.get(address(offset_of!(sockaddr_ll, sll_halen)))?,
            sender: *head.get(address(offset_of!(sockaddr_ll, sll_addr))..)?.first_chunk()?,
        }),
        length: number(offset_of!(tpacket3_hdr, tp_len))?,
        at: Stamp(seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds)),
    })
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// A packet socket that no packet reaches yet: protocol 0, with the filter attached and locked. Not promiscuous: it sees
/// what this machine sends and is sent.
///
/// # Errors
/// What the kernel says: `EPERM` without `CAP_NET_RAW`.
pub fn filtered(program: &[Instruction]) -> io::Result<OwnedFd> {
    let socket = Socket::new(Domain::PACKET, Type::DGRAM.nonblocking(), None)?;
    let program: Vec<_> = program
        .iter()
        .map(|Instruction { code, then, otherwise, k }| SockFilter::new(*code, *then, *otherwise, *k))
        .collect();
    socket.attach_filter(&program)?;
    let yes: c_int = 1;
    set(&socket, libc::SOL_SOCKET, libc::SO_LOCK_FILTER, &yes)?;
    Ok(socket.into())
}

/// Tells a tokio runtime's tasks when a descriptor has something to read. `AsyncFd::new`, which is safe to call, is
/// deprecated: it trusts that any type keeps its descriptor open.
///
/// # Errors
/// When the runtime cannot watch it.
pub fn readiness(descriptor: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    // SAFETY: an `OwnedFd` is one open descriptor, the same for as long as it lives.
    unsafe { AsyncFd::register_with_interest(descriptor, Interest::READABLE) }.map_err(Into::into)
}

/// Packets a packet socket had no room for, since this was last asked.
///
/// # Errors
/// When it is no packet socket.
pub fn lost(socket: &impl AsFd) -> io::Result<u64> {
    let mut counts = tpacket_stats_v3 { tp_packets: 0, tp_drops: 0, tp_freeze_q_cnt: 0 };
    let mut length = length_of::<tpacket_stats_v3>();
    // SAFETY: the kernel writes at most `length` bytes to `counts`, a plain structure of integers that lives until the
    // call is over, and the descriptor is open while it is borrowed.
    let done = unsafe {
        libc::getsockopt(
            socket.as_fd().as_raw_fd(),
            libc::SOL_PACKET,
            libc::PACKET_STATISTICS,
            (&raw mut counts).cast(),
            &raw mut length,
        )
    };
    checked(done)?;
    Ok(u64::from(counts.tp_drops))
}

/// Sets an option whose value is a plain structure of integers.
fn set<T: Copy>(socket: &impl AsFd, level: c_int, option: c_int, value: &T) -> io::Result<()> {
    let length = length_of::<T>();
    // SAFETY: the kernel reads `length` bytes, which is the size of what `value` borrows, and keeps nothing of it; the
    // descriptor is open while it is borrowed.
    let done = unsafe {
        libc::setsockopt(socket.as_fd().as_raw_fd(), level, option, std::ptr::from_ref(value).cast(), length)
    };
    checked(done)
}

/// Binds a packet socket to every protocol on every interface, those that come later included.
fn bind_to_all(socket: &impl AsFd) -> io::Result<()> {
    /// `AF_PACKET`, `ETH_P_ALL`.
    const FAMILY: u16 = 17;
    const ALL: u16 = 3;
    let address = sockaddr_ll {
        sll_family: FAMILY,
        sll_protocol: ALL.to_be(),
        sll_ifindex: 0,
        sll_hatype: 0,
        sll_pkttype: 0,
        sll_halen: 0,
        sll_addr: [0; 8],
    };
    // SAFETY: the kernel reads the given length of `address`, which is its whole size, and keeps nothing of it; the
    // descriptor is open while it is borrowed.
    let done =
        unsafe { libc::bind(socket.as_fd().as_raw_fd(), (&raw const address).cast(), length_of::<sockaddr_ll>()) };
    checked(done)
}

/// The size of a structure, as the kernel counts.
#[expect(clippy::cast_possible_truncation, reason = "structures of a few dozen bytes")]
const fn length_of<T>() -> libc::socklen_t {
    size_of::<T>() as libc::socklen_t
}

fn checked(done: c_int) -> io::Result<()> {
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// The memory shared with the kernel. A block belongs to whom its status says; it is touched here only while it
/// is ours, and by one borrower at a time.
struct Map {
    start: NonNull<u8>,
}

impl Map {
    const SIZE: usize = BLOCK * BLOCKS;

    /// Maps the ring of this socket.
    fn of(socket: &OwnedFd) -> io::Result<Self> {
        // SAFETY: a new mapping at an address of the kernel's choice touches no memory of this program; its size is
        // that of the ring the socket was just given.
        let start = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                Self::SIZE,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_SHARED,
                socket.as_raw_fd(),
                0,
            )
        };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        NonNull::new(start.cast()).map(|start| Self { start }).ok_or_else(|| io::Error::other("mapped at nothing"))
    }

    /// The status word of a block, which both sides write.
    fn status(&self, number: usize) -> &AtomicU32 {
        let offset = (number % BLOCKS) * BLOCK + STATUS;
        // SAFETY: the offset lies within the mapping, which lives as long as `self` and starts at a page, so the word is
        // aligned to four bytes; the kernel, too, reads and writes it as one word.
        unsafe { AtomicU32::from_ptr(self.start.as_ptr().add(offset).cast()) }
    }

    /// The block, if it is ours.
    fn block(&mut self, number: usize) -> Option<&mut [u8]> {
        // Acquire: what the kernel wrote to the block before it handed it over is seen after this.
        if self.status(number).load(Ordering::Acquire) & libc::TP_STATUS_USER == 0 {
            return None;
        }
        let offset = (number % BLOCKS) * BLOCK;
        // SAFETY: the slice lies within the mapping, which lives as long as `self`; the kernel does not touch a block
        // whose status says that it is ours; and `&mut self` lets nobody else here borrow it or give it back.
        Some(unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr().add(offset), BLOCK) })
    }

    /// Gives the block back to the kernel.
    fn give_back(&mut self, number: usize) {
        // Release: what was read of the block was read before the kernel may write to it again.
        self.status(number).store(libc::TP_STATUS_KERNEL, Ordering::Release);
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        // SAFETY: this is the mapping that `Map::of` made, with its size; whoever borrowed from it borrowed `self`.
        let _ = unsafe { libc::munmap(self.start.as_ptr().cast(), Self::SIZE) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block as the kernel lays it out: a head, one packet at 48, another behind it.
    fn block() -> Vec<u8> {
        let mut block = vec![0u8; 1024];
        let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
        for (at, skip, payload) in [(48, 256u32, &b"first"[..]), (304, 0, b"second")] {
            put(at, &skip.to_ne_bytes());
            put(at + 4, &7u32.to_ne_bytes());
            put(at + 8, &9u32.to_ne_bytes());
            put(at + 12, &u32::try_from(payload.len()).unwrap().to_ne_bytes());
            put(at + 16, &1500u32.to_ne_bytes());
            put(at + 24, &128u16.to_ne_bytes());
            put(at + 48, &17u16.to_ne_bytes());
            put(at + 50, &0x0800u16.to_be_bytes());
            put(at + 52, &3u32.to_ne_bytes());
            put(at + 56, &1u16.to_ne_bytes());
            put(at + 58, &[4, 6, 2, 0, 0, 0, 0, 1]);
            put(at + 128, payload);
        }
        block
    }

    #[test]
    fn packets_of_a_block_are_found() {
        let block = block();
        let first = found(&block, 48).unwrap();
        assert_eq!((first.skip, first.length, first.at), (256, 1500, Stamp(7_000_000_009)));
        assert_eq!(&block[first.bytes.clone()][cooked::HEADER..], b"first");
        assert_eq!(first.head, [8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 4, 6, 2, 0, 0, 0, 0, 1, 0, 0]);
        let second = found(&block, 48 + first.skip).unwrap();
        assert_eq!(&block[second.bytes][cooked::HEADER..], b"second");
    }

    #[test]
    fn heads_that_lead_out_are_no_packets() {
        let whole = block();
        for (at, value) in [(12, &u32::MAX.to_ne_bytes()[..]), (12, &900u32.to_ne_bytes()), (24, &3u16.to_ne_bytes())] {
            let mut block = whole.clone();
            block[48 + at..48 + at + value.len()].copy_from_slice(value);
            assert!(found(&block, 48).is_none(), "{at} {value:?}");
        }
        assert!(found(&whole, 1000).is_none() && found(&whole, usize::MAX).is_none());
    }
}
