//! Packets one system call at a time, by pnet's channel, where a ring cannot be had: one channel for each link, on
//! sockets of our own.
//!
//! The sockets are opened beforehand, with the filter attached and locked: once this program has given its rights
//! away it can open no more, but it may bind these to links that appear later. pnet tells neither time nor
//! direction: the time is that of reading, the direction stays unknown.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, IntoRawFd as _, OwnedFd};
use std::time::Duration;

use pnet_datalink::{Channel as Pnet, ChannelType, Config, DataLinkReceiver, NetworkInterface};
use rustix::event::epoll;

use super::filter::{Instruction, LONGEST};
use super::links::Followed;
use super::{cooked, ring};
use crate::wire::pcap::Broken;
use crate::wire::{Frame, FrameSource, Stamp, decode};

/// Links that can be heard at once.
const LINKS: usize = 8;

/// What waits for us in a socket, in bytes of the kernel's memory.
const WAITING: usize = 2 << 20;

/// All channels.
pub struct Channels {
    /// Sockets that are bound to nothing.
    stock: Vec<OwnedFd>,
    open: Vec<Channel>,
    /// Tells when one of them has something.
    epoll: OwnedFd,
    /// Whose turn it is.
    turn: usize,
    now: Stamp,
    number: u64,
    /// Lost on links that are gone.
    lost: u64,
}

/// The channel of one link.
struct Channel {
    link: Followed,
    /// Another descriptor of the channel's socket: it outlives the channel, and can be bound again.
    socket: OwnedFd,
    receiver: Box<dyn DataLinkReceiver>,
    /// A head, and behind it the packet.
    buffer: Vec<u8>,
}

impl Channels {
    /// Opens the sockets.
    ///
    /// # Errors
    /// What the kernel says: `EPERM` without `CAP_NET_RAW`.
    pub fn open(program: &[Instruction]) -> io::Result<Self> {
        let stock: io::Result<Vec<_>> = (0..LINKS).map(|_| ring::filtered(program)).collect();
        let stock = stock?;
        for socket in &stock {
            rustix::net::sockopt::set_socket_recv_buffer_size(socket, WAITING)?;
        }
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        Ok(Self { stock, open: Vec::new(), epoll, turn: 0, now: Stamp::default(), number: 0, lost: 0 })
    }

    /// Hears exactly these links from now on; gives those for which there was no socket left or that would not be heard.
    pub fn follow(&mut self, links: &[Followed]) -> Vec<Followed> {
        for at in (0..self.open.len()).rev() {
            if self.open.get(at).is_some_and(|channel| !links.contains(&channel.link)) {
                self.close(at);
            }
        }
        let mut unheard = Vec::new();
        for link in links {
            if !self.open.iter().any(|channel| channel.link == *link) && self.hear(link).is_err() {
                unheard.push(link.clone());
            }
        }
        unheard
    }

    fn hear(&mut self, link: &Followed) -> io::Result<()> {
        let socket = self.stock.pop().ok_or(io::ErrorKind::QuotaExceeded)?;
        match channel(&socket, link) {
            Ok(mut receiver) => {
                drain(&mut *receiver);
                epoll::add(&self.epoll, &socket, epoll::EventData::new_u64(0), epoll::EventFlags::IN)?;
                self.open.push(Channel { link: link.clone(), socket, receiver, buffer: Vec::new() });
                Ok(())
            }
            Err(error) => {
                self.stock.push(socket);
                Err(error)
            }
        }
    }

    fn close(&mut self, at: usize) {
        let Channel { socket, .. } = self.open.swap_remove(at);
        self.lost += ring::lost(&socket).unwrap_or(0);
        let _ = epoll::delete(&self.epoll, &socket);
        self.stock.push(socket);
    }

    /// Tells the time that packets read from now on are given.
    pub const fn at(&mut self, now: Stamp) {
        self.now = now;
    }

    /// Packets the filter wanted and the sockets had no room for, since this was last asked.
    pub fn lost(&mut self) -> u64 {
        let open: u64 = self.open.iter().map(|channel| ring::lost(&channel.socket).unwrap_or(0)).sum();
        std::mem::take(&mut self.lost) + open
    }

    /// Lets go of one packet unread; whether there was one.
    pub fn shed(&mut self) -> u64 {
        u64::from(self.find().is_some())
    }

    /// The channel that has read a packet.
    fn find(&mut self) -> Option<usize> {
        for _ in 0..self.open.len() {
            self.turn = (self.turn + 1) % self.open.len().max(1);
            if self.open.get_mut(self.turn)?.read() {
                self.number += 1;
                return Some(self.turn);
            }
        }
        None
    }
}

impl Channel {
    /// Reads a packet behind its head; whether there was one.
    fn read(&mut self) -> bool {
        /// Of another host: here, that the direction is unknown.
        const UNKNOWN: u8 = 3;
        /// That a link went down is said once, as an error, before the packets that wait behind it.
        const TRIES: usize = 3;
        for _ in 0..TRIES {
            match self.receiver.next() {
                Ok(bytes) => {
                    let Some(protocol) = protocol(bytes) else { continue };
                    let interface = self.link.index;
                    let met = cooked::Met { protocol, interface, kind: UNKNOWN, ..cooked::Met::default() };
                    self.buffer.clear();
                    self.buffer.extend_from_slice(&cooked::head(&met));
                    self.buffer.extend_from_slice(bytes);
                    return true;
                }
                Err(error) if error.kind() == io::ErrorKind::TimedOut => return false,
                Err(_) => {}
            }
        }
        false
    }
}

impl FrameSource for Channels {
    /// `None` when nothing is ready: the descriptor tells when something is.
    fn next(&mut self) -> Result<Option<Frame<'_>>, Broken> {
        let (number, now) = (self.number + 1, self.now);
        let found = self.find().and_then(|at| self.open.get(at));
        Ok(found.and_then(|channel| {
            let length = channel.buffer.len().checked_sub(cooked::HEADER)?;
            let length = u32::try_from(length).unwrap_or(u32::MAX);
            Some(cooked::frame(number, now, &channel.buffer, length))
        }))
    }
}

impl AsFd for Channels {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.epoll.as_fd()
    }
}

/// pnet's receiver on another descriptor of our socket; it binds it to the link.
fn channel(socket: &OwnedFd, link: &Followed) -> io::Result<Box<dyn DataLinkReceiver>> {
    let interface = NetworkInterface {
        name: link.name.clone(),
        description: String::new(),
        index: link.index,
        mac: None,
        ips: Vec::new(),
        flags: 0,
    };
    let config = Config {
        read_buffer_size: LONGEST as usize,
        read_timeout: Some(Duration::ZERO),
        write_buffer_size: 0,
        channel_type: ChannelType::Layer2,
        promiscuous: false,
        // pnet closes this one by itself, also when it fails.
        socket_fd: Some(socket.try_clone()?.into_raw_fd()),
        ..Config::default()
    };
    match pnet_datalink::channel(&interface, config)? {
        Pnet::Ethernet(_, receiver) => Ok(receiver),
        _ => Err(io::ErrorKind::Unsupported.into()),
    }
}

/// Lets go of what an earlier link left in the socket, and of the word that it went down.
fn drain(receiver: &mut dyn DataLinkReceiver) {
    /// More than the socket's memory can hold.
    const MOST: usize = 16_384;
    for _ in 0..MOST {
        if receiver.next().is_err_and(|error| matches!(error.kind(), io::ErrorKind::TimedOut)) {
            break;
        }
    }
}

/// The ether type of what the filter lets through, which pnet does not tell: IP by its version, ARP by its hardware type
/// (Ethernet), EAPOL by its version.
const fn protocol(bytes: &[u8]) -> Option<u16> {
    match bytes {
        [0x40..=0x4f, ..] => Some(decode::ether::IPV4),
        [0x60..=0x6f, ..] => Some(decode::ether::IPV6),
        [0, 1, 8, 0, ..] => Some(decode::ether::ARP),
        [1..=3, 0..=8, ..] => Some(decode::ether::EAPOL),
        [0x11, ..] => Some(decode::ether::PPPOE_DISCOVERY),
        _ => None,
    }
}
