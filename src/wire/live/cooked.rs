//! The head that live packets get: Linux "cooked", version 2 (LINKTYPE_LINUX_SLL2), as capture files have it.
//! It tells what the kernel knew of a packet, whatever its link: ether type, interface, direction, sender.

use crate::wire::{Frame, Link, Stamp, decode};

/// Its length.
pub(super) const HEADER: usize = 20;

/// Its link type.
const COOKED: Link = Link(276);

/// What the kernel knew of a packet.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Met {
    /// Ether type.
    pub(super) protocol: u16,
    /// Index of the interface.
    pub(super) interface: u32,
    /// `ARPHRD_*` of the interface.
    pub(super) hardware: u16,
    /// `PACKET_HOST`, `PACKET_OUTGOING`, …
    pub(super) kind: u8,
    /// Length of the sender's address.
    pub(super) length: u8,
    /// The sender's address.
    pub(super) sender: [u8; 8],
}

/// The head of such a packet.
pub(super) const fn head(met: &Met) -> [u8; HEADER] {
    let [p0, p1] = met.protocol.to_be_bytes();
    let [i0, i1, i2, i3] = met.interface.to_be_bytes();
    let [h0, h1] = met.hardware.to_be_bytes();
    let [s0, s1, s2, s3, s4, s5, s6, s7] = met.sender;
    [p0, p1, 0, 0, i0, i1, i2, i3, h0, h1, met.kind, met.length, s0, s1, s2, s3, s4, s5, s6, s7]
}

/// The frame of `bytes` that begin with such a head; `length` is the packet's on the wire, without it.
pub(super) fn frame(number: u64, at: Stamp, bytes: &[u8], length: u32) -> Frame<'_> {
    Frame {
        number,
        at,
        link: COOKED,
        bytes,
        length: length.saturating_add(u32::try_from(HEADER).unwrap_or(0)),
        sent: decode::sent(COOKED, bytes),
    }
}

/// The index of the interface that such a frame was met on.
pub(super) fn interface(frame: &Frame<'_>) -> Option<u32> {
    let index = frame.bytes.get(4..)?.first_chunk()?;
    (frame.link == COOKED).then(|| u32::from_be_bytes(*index))
}
