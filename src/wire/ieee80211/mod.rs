//! 802.11 as it is on the air: elements, suites, WPS attributes. Beacons that the kernel kept and frames of a
//! capture are read by the same code.

pub mod elements;
pub mod suites;
pub mod wps;

/// A hardware address as text, lower-case with colons.
pub fn mac(bytes: [u8; 6]) -> String {
    bytes.map(|byte| format!("{byte:02x}")).join(":")
}
