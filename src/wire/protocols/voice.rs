//! Calls: how they are set up (SIP, RTSP), how they find their way (STUN), and what is said in them (RTP).

mod media;
mod rtsp;
mod sip;
mod stun;

use super::Recogniser;

/// Recognisers by name.
pub(super) const ALL: &[(&str, Recogniser)] = &[
    ("media", media::media),
    ("rtsp", rtsp::rtsp),
    ("sip", sip::sip),
    ("sip-stream", sip::stream),
    ("stun-stream", stun::stream),
];

#[cfg(test)]
mod tests;
