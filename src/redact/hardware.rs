//! Hardware addresses: the maker stays, so does what tells one node of a mesh from another.

use super::{Level, Redactor};
use crate::signatures::hotspots::Hotspots;

impl Redactor {
    /// `02:11:22:33:44:55`, or its beginning, as guidance has it. What is neither is replaced whole.
    pub(super) fn mac(&self, text: &str) -> String {
        if text.is_empty() || self.kept.contains(&text.to_lowercase()) {
            return text.to_owned();
        }
        let octets: Option<Vec<u8>> = text
            .split(':')
            .map(|octet| {
                Some(octet).filter(|octet| octet.len() == 2).and_then(|octet| u8::from_str_radix(octet, 16).ok())
            })
            .collect();
        let Some(octets) = octets.filter(|octets| octets.len() <= 8) else { return self.pseudonym("mac", text) };
        // Group addresses and none at all are nobody's.
        if octets.first().is_some_and(|first| first & 1 == 1) || octets.iter().all(|octet| *octet == 0) {
            return text.to_owned();
        }
        let maker = self.level < Level::Public || Hotspots::built_in().maker(text).is_some();
        // An access point's addresses differ in the first octet: what follows must not hang on it.
        let mut before = Vec::new();
        let mut mapped = Vec::new();
        for (place, octet) in octets.iter().enumerate() {
            let stays = place == 0 || (maker && place < 3);
            mapped.push(format!("{:02x}", if stays { *octet } else { self.octet(&before, *octet) }));
            if place > 0 {
                before.push(*octet);
            }
        }
        let mapped = mapped.join(":");
        if octets.len() > 3 {
            self.note_down(text, &mapped);
        }
        mapped
    }

    /// An octet bit by bit, each by what stands before it: no two that follow the same become one.
    fn octet(&self, before: &[u8], octet: u8) -> u8 {
        (0..8_u8).fold(0, |mapped, place| {
            let shift = 7 - place;
            let seen = octet.checked_shr(u32::from(shift) + 1).unwrap_or(0);
            let value = [before, &[seen, place]].concat();
            let flip = self.bytes("hardware", &value).first().copied().unwrap_or(0) & 1;
            (mapped << 1) | (((octet >> shift) & 1) ^ flip)
        })
    }

    pub(super) fn mac_option(&self, text: Option<&String>) -> Option<String> {
        text.map(|text| self.mac(text))
    }
}
