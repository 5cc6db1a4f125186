//! Capture files: pcap (both byte orders, micro- and nanoseconds) and pcapng, plain, gzip or zstd, streamed. Memory
//! does not grow with the file.

use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::ops::Range;

use pcap_parser::pcapng::Block;
use pcap_parser::traits::PcapReaderIterator;
use pcap_parser::{PcapBlockOwned, PcapError};

use super::{Frame, FrameSource, Link, Stamp};

/// Read at a time: large reads are what makes a stream as cheap as a map of the file.
const BUFFER: usize = 1 << 20;

/// Longest packet, with its block's options. Capture programs stop at 256 KiB; a file that claims more is hostile.
const LONGEST: usize = 16 << 20;

/// Interfaces of one pcapng section.
const INTERFACES: usize = 4096;

/// Why a capture could not be read to its end.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// It ends within a packet.
    #[error("cut off within the packet after number {after}")]
    CutOff {
        /// Packets that were read.
        after: u64,
    },
    /// It is not a capture, or not one that is read here.
    #[error("{says}")]
    Format {
        /// What is wrong.
        says: String,
    },
    /// It began as a capture, and goes on as none.
    #[error("{says}")]
    Damaged {
        /// What is wrong.
        says: String,
    },
    /// It could not be read.
    #[error("{0}")]
    Io(#[from] io::Error),
}

fn format(says: impl Into<String>) -> Broken {
    Broken::Format { says: says.into() }
}

fn damaged(says: impl Into<String>) -> Broken {
    Broken::Damaged { says: says.into() }
}

/// A capture that is being read.
pub struct Capture {
    reader: Box<dyn PcapReaderIterator + Send>,
    /// Bytes of the block that was given last.
    given: usize,
    packets: u64,
    /// Of a pcap file one, of a pcapng section as many as it describes.
    interfaces: Vec<Interface>,
    /// Size of the reader's buffer.
    capacity: usize,
}

#[derive(Clone, Copy)]
struct Interface {
    link: Link,
    /// Units of its time stamps in a second.
    units: u64,
    /// Added to every time stamp, in seconds.
    offset: i64,
    /// Longest packet it keeps; 0: no limit.
    snap: u32,
}

/// What a block is, without borrowing it.
enum Found {
    Packet { interface: usize, units: u64, data: Range<usize>, length: u32 },
    Nothing,
}

impl Capture {
    /// Begins to read; what compression it has, if any, is told by its first bytes.
    ///
    /// # Errors
    /// [`Broken`] when it does not begin as a capture.
    pub fn open(input: impl Read + Send + 'static) -> Result<Self, Broken> {
        let mut input = BufReader::with_capacity(BUFFER, input);
        let start = input.fill_buf()?;
        match *start {
            [] => Err(format("empty: not a capture")),
            [0x1f, 0x8b, ..] => Self::plain(flate2::bufread::MultiGzDecoder::new(input)),
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::plain(Zstd::new(input)),
            _ => Self::plain(input),
        }
    }

    fn plain(mut input: impl Read + Send + 'static) -> Result<Self, Broken> {
        let head = head(&mut input)?;
        let input = Cursor::new(head).chain(input);
        let reader = pcap_parser::create_reader(BUFFER, input).map_err(|error| match error {
            PcapError::Eof => format("empty: not a capture"),
            PcapError::Incomplete(_) | PcapError::UnexpectedEof => Broken::CutOff { after: 0 },
            _ => format("neither pcap nor pcapng"),
        })?;
        Ok(Self { reader, given: 0, packets: 0, interfaces: Vec::new(), capacity: BUFFER })
    }

    /// Whether it is at its end, or what is wrong. Refills as needed.
    fn find(&mut self) -> Result<Option<Found>, Broken> {
        loop {
            let trouble = match self.reader.next() {
                Ok((size, block)) => {
                    self.given = size;
                    return found(&block, size, &mut self.interfaces).map(Some);
                }
                Err(PcapError::Eof) => return Ok(None),
                Err(PcapError::Incomplete(_)) => None,
                Err(PcapError::BufferTooSmall) => Some(()),
                Err(PcapError::UnexpectedEof) => return Err(Broken::CutOff { after: self.packets }),
                Err(PcapError::ReadError) => return Err(io::Error::other("reading failed").into()),
                Err(_) => return Err(damaged(format!("no packet where one must be, after number {}", self.packets))),
            };
            if trouble.is_some() {
                self.capacity *= 2;
                if self.capacity > LONGEST || !self.reader.grow(self.capacity) {
                    return Err(damaged(format!(
                        "a packet of more than {LONGEST} bytes, after number {}",
                        self.packets
                    )));
                }
            }
            self.reader.refill().map_err(|_| io::Error::other("reading failed (a damaged compressed file?)"))?;
        }
    }
}

impl FrameSource for Capture {
    fn next(&mut self) -> Result<Option<Frame<'_>>, Broken> {
        loop {
            self.reader.consume(std::mem::take(&mut self.given));
            let Some(found) = self.find()? else { return Ok(None) };
            let Found::Packet { interface, units, data, length } = found else { continue };
            let Some(interface) = self.interfaces.get(interface).copied() else {
                return Err(damaged(format!("packet {} is of an interface that is not described", self.packets + 1)));
            };
            self.packets += 1;
            let bytes = self.reader.data().get(data).unwrap_or_default();
            return Ok(Some(Frame {
                number: self.packets,
                at: interface.stamp(units),
                link: interface.link,
                bytes,
                length: length.max(u32::try_from(bytes.len()).unwrap_or(u32::MAX)),
                sent: None,
            }));
        }
    }
}

impl Interface {
    fn stamp(&self, units: u64) -> Stamp {
        let nanoseconds = match self.units {
            1_000_000 => units.saturating_mul(1000),
            1_000_000_000 => units,
            others => u64::try_from(u128::from(units) * 1_000_000_000 / u128::from(others.max(1))).unwrap_or(u64::MAX),
        };
        let nanoseconds = i64::try_from(nanoseconds).unwrap_or(i64::MAX);
        Stamp(nanoseconds.saturating_add(self.offset.saturating_mul(1_000_000_000)))
    }
}

fn found(block: &PcapBlockOwned<'_>, size: usize, interfaces: &mut Vec<Interface>) -> Result<Found, Broken> {
    let data = |from: usize, captured: u32| from..from.saturating_add(usize::try_from(captured).unwrap_or(usize::MAX));
    Ok(match block {
        PcapBlockOwned::LegacyHeader(header) => {
            let units = if header.is_nanosecond_precision() { 1_000_000_000 } else { 1_000_000 };
            // The upper half of the field says how long the frames' check sums are.
            let link = Link(u16::try_from(header.network.0 & 0xffff).unwrap_or(u16::MAX));
            interfaces.push(Interface { link, units, offset: 0, snap: 0 });
            Found::Nothing
        }
        PcapBlockOwned::Legacy(block) => {
            let per_second = interfaces.first().map_or(1_000_000, |interface| interface.units);
            let units = u64::from(block.ts_sec) * per_second + u64::from(block.ts_usec);
            // 16 bytes, or 24 in the modified form (magic a1b2cd34).
            let header = size.saturating_sub(block.data.len());
            Found::Packet { interface: 0, units, data: data(header, block.caplen), length: block.origlen }
        }
        PcapBlockOwned::NG(Block::SectionHeader(_)) => {
            interfaces.clear();
            Found::Nothing
        }
        PcapBlockOwned::NG(Block::InterfaceDescription(block)) => {
            if interfaces.len() == INTERFACES {
                return Err(damaged(format!("more than {INTERFACES} interfaces")));
            }
            interfaces.push(Interface {
                link: Link(u16::try_from(block.linktype.0).unwrap_or(u16::MAX)),
                units: block.ts_resolution().unwrap_or(1_000_000),
                offset: block.ts_offset(),
                snap: block.snaplen,
            });
            Found::Nothing
        }
        PcapBlockOwned::NG(Block::EnhancedPacket(block)) => Found::Packet {
            interface: usize::try_from(block.if_id).unwrap_or(usize::MAX),
            units: u64::from(block.ts_high) << 32 | u64::from(block.ts_low),
            data: data(28, block.caplen),
            length: block.origlen,
        },
        PcapBlockOwned::NG(Block::SimplePacket(block)) => {
            let snap = interfaces.first().map_or(0, |interface| interface.snap);
            let captured = if snap == 0 { block.origlen } else { block.origlen.min(snap) };
            let captured = captured.min(u32::try_from(block.data.len()).unwrap_or(u32::MAX));
            Found::Packet { interface: 0, units: 0, data: data(12, captured), length: block.origlen }
        }
        PcapBlockOwned::NG(_) => Found::Nothing,
    })
}

/// The first bytes, as many as tell the format and hold its first block.
fn head(input: &mut impl Read) -> Result<Vec<u8>, Broken> {
    let mut head = Vec::with_capacity(64);
    input.by_ref().take(24).read_to_end(&mut head)?;
    if let [0x0a, 0x0d, 0x0d, 0x0a, l0, l1, l2, l3, order, ..] = head[..] {
        let length =
            if order == 0x1a { u32::from_be_bytes([l0, l1, l2, l3]) } else { u32::from_le_bytes([l0, l1, l2, l3]) };
        if length > 1 << 16 {
            return Err(format("a pcapng section header of more than 64 KiB"));
        }
        input.by_ref().take(u64::from(length).saturating_sub(head.len() as u64)).read_to_end(&mut head)?;
    }
    Ok(head)
}

/// One or more zstd frames, one after the other.
struct Zstd<R: BufRead> {
    state: Option<ruzstd::decoding::StreamingDecoder<R, ruzstd::decoding::FrameDecoder>>,
    rest: Option<R>,
}

impl<R: BufRead> Zstd<R> {
    const fn new(input: R) -> Self {
        Self { state: None, rest: Some(input) }
    }
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if let Some(decoder) = &mut self.state {
                let read = decoder.read(buffer)?;
                if read > 0 {
                    return Ok(read);
                }
                self.rest = self.state.take().map(ruzstd::decoding::StreamingDecoder::into_inner);
            }
            let Some(mut rest) = self.rest.take() else { return Ok(0) };
            if rest.fill_buf()?.is_empty() {
                return Ok(0);
            }
            self.state = Some(ruzstd::decoding::StreamingDecoder::new(rest).map_err(io::Error::other)?);
        }
    }
}
