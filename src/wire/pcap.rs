//! Capture files: pcap and pcapng, plain, gzip or zstd, streamed.

/// Why a capture could not be read to its end.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// It ends within a packet.
    #[error("cut off after packet {after}")]
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
    /// It could not be read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}
