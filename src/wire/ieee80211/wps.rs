//! The WPS element: attributes of a type, a length (both big-endian) and a value.
//!
//! Attribute numbers: hostap's `wps_defs.h`.

use crate::facts::wifi::Wps;

const CONFIG_METHODS: u16 = 0x1008;
const DEVICE_PASSWORD_ID: u16 = 0x1012;
const MANUFACTURER: u16 = 0x1021;
const MODEL_NAME: u16 = 0x1023;
const SELECTED_REGISTRAR: u16 = 0x1041;
const STATE: u16 = 0x1044;
const REGISTRAR_METHODS: u16 = 0x1053;
const SETUP_LOCKED: u16 = 0x1057;

/// Longest text kept, in bytes: the standard allows 64 for the manufacturer, 32 for the model.
const TEXT: usize = 64;

/// Reads the attributes of one or more WPS elements laid end to end. What is cut off is left out;
/// of a repeated attribute the first counts.
pub fn parse(bytes: &[u8]) -> Wps {
    let mut wps = Wps::default();
    let mut registrar_methods = None;
    let mut rest = bytes;
    while let Some((kind, value, after)) = split(rest) {
        rest = after;
        match kind {
            STATE => wps.configured |= value == [2],
            SETUP_LOCKED => wps.locked |= value == [1],
            SELECTED_REGISTRAR => wps.registrar_selected |= value == [1],
            CONFIG_METHODS => wps.methods = wps.methods.or_else(|| number(value)),
            REGISTRAR_METHODS => registrar_methods = registrar_methods.or_else(|| number(value)),
            DEVICE_PASSWORD_ID => wps.password_id = wps.password_id.or_else(|| number(value)),
            MANUFACTURER => wps.manufacturer = wps.manufacturer.take().or_else(|| text(value)),
            MODEL_NAME => wps.model = wps.model.take().or_else(|| text(value)),
            _ => {}
        }
    }
    wps.methods = wps.methods.or(registrar_methods);
    wps
}

fn split(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let (&[a, b, c, d], rest) = bytes.split_first_chunk::<4>()?;
    let (value, after) = rest.split_at_checked(usize::from(u16::from_be_bytes([c, d])))?;
    Some((u16::from_be_bytes([a, b]), value, after))
}

fn number(value: &[u8]) -> Option<u16> {
    Some(u16::from_be_bytes(value.try_into().ok()?))
}

fn text(value: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(value.get(..value.len().min(TEXT))?);
    let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    (!text.is_empty()).then(|| text.to_owned())
}
