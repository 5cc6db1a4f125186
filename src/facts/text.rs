//! Text that came from outside (SSIDs, DHCP strings, host names): how it is kept, how it is shown.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// A network name as it was on the air: up to 32 bytes of anything.
///
/// Serialised as text; bytes that are not UTF-8, and the backslash itself, as `\xHH`, so that
/// nothing is lost and two different names never look the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ssid(pub Vec<u8>);

impl Ssid {
    /// The lossless text form: UTF-8 where it is valid, `\xHH` elsewhere.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for chunk in self.0.utf8_chunks() {
            text.push_str(&chunk.valid().replace('\\', "\\x5c"));
            for byte in chunk.invalid() {
                let _ = write!(text, "\\x{byte:02x}");
            }
        }
        text
    }

    /// Reads the text form back.
    pub fn from_text(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut out = Vec::with_capacity(bytes.len());
        let mut rest = bytes;
        while let Some((&first, tail)) = rest.split_first() {
            let escaped = match rest {
                [b'\\', b'x', high, low, ..] => hex_pair(*high, *low),
                _ => None,
            };
            if let Some(byte) = escaped {
                out.push(byte);
                rest = rest.get(4..).unwrap_or_default();
            } else {
                out.push(first);
                rest = tail;
            }
        }
        Self(out)
    }
}

fn hex_pair(high: u8, low: u8) -> Option<u8> {
    let digit = |c: u8| (c as char).to_digit(16).and_then(|d| u8::try_from(d).ok());
    Some(digit(high)? * 16 + digit(low)?)
}

impl Serialize for Ssid {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}

impl<'de> Deserialize<'de> for Ssid {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from_text(&String::deserialize(deserializer)?))
    }
}

/// Whether a character may stand in text a person sees: no control, no line or paragraph
/// separator, nothing that turns the direction of writing or takes no room on the screen.
pub fn is_plain(c: char) -> bool {
    !(c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'))
}

/// Text from outside made harmless for a person's eyes: whatever is not [`is_plain`] becomes
/// `\u{HEX}`, and at most `limit` characters are shown, then `…`.
pub fn harmless(text: &str, limit: usize) -> String {
    let mut out = String::new();
    for (count, c) in text.chars().enumerate() {
        if count >= limit {
            out.push('…');
            break;
        }
        if is_plain(c) {
            out.push(c);
        } else {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_any_bytes_survives_the_trip_through_text() {
        for bytes in [&b"cafe"[..], b"\xff\xfe", b"a\\x41b", b"\\", "\u{202e}evil".as_bytes(), b"", b"\x1b[31m"] {
            let ssid = Ssid(bytes.to_vec());
            assert_eq!(Ssid::from_text(&ssid.to_text()), ssid);
        }
    }

    #[test]
    fn escape_sequences_and_direction_marks_never_reach_the_eye() {
        assert_eq!(harmless("\u{1b}[2J\u{202e}x", 80), "\\u{1b}[2J\\u{202e}x");
        assert_eq!(harmless("家裡的網絡", 3), "家裡的…");
    }
}
