//! 802.11 frames: networks by their beacons, how a station joined, and who is thrown out.

use super::Stamp;
use super::decode::Lost;
use super::protocols::Seen;
use super::tally::Place;
use crate::facts::traffic::Heard;

/// What was heard in the air. Bounded.
#[derive(Debug, Default)]
pub struct Air {}

impl Air {
    /// The networks heard.
    pub fn networks(&self) -> impl Iterator<Item = Heard> {
        std::iter::empty()
    }

    /// Hears one frame; gives the ether type and bytes of what a readable data frame carries.
    ///
    /// # Errors
    /// [`Lost`] when it cannot be read.
    pub fn hear<'a>(
        &mut self,
        frame: &'a [u8],
        at: Stamp,
        seen: &mut Seen,
        place: &mut Place,
    ) -> Result<Option<(u16, &'a [u8])>, Lost> {
        let _ = (frame, at, seen, place);
        Ok(None)
    }
}
