//! Connection attempts as a port scanner makes them.

use crate::wire::decode::Tcp;

/// So many are a scan.
const BURST: u32 = 20;
/// Nmap's raw SYN has a window of 1024 (`tcpip.cc` of its sources); operating systems open with far more.
const WINDOW: u16 = 1024;
/// And it offers segments of 1460 bytes, whatever the link.
const SEGMENT: u16 = 1460;

/// How many were seen.
#[derive(Debug, Default)]
pub(super) struct Memory {
    attempts: u32,
}

impl Memory {
    /// Hears one segment; whether it is one of so many.
    pub(super) fn hear(&mut self, tcp: &Tcp<'_>) -> bool {
        let such = tcp.flags == 0x02 && tcp.window <= WINDOW && tcp.largest_segment() == Some(SEGMENT);
        self.attempts = self.attempts.saturating_add(u32::from(such));
        such && self.attempts >= BURST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_small_openings_are_a_scan_and_ordinary_ones_are_none() {
        for (window, scan) in [(1024, true), (64_240, false)] {
            let tcp = Tcp {
                source: 50_000,
                destination: 22,
                sequence: 1,
                flags: 2,
                window,
                options: &[2, 4, 0x05, 0xb4],
                payload: &[],
            };
            let mut memory = Memory::default();
            assert_eq!((0..20).filter(|_| memory.hear(&tcp)).count(), usize::from(scan));
        }
    }
}
