//! What bridges and switches say of themselves: spanning tree (802.1D), CDP, DTP.

use crate::wire::decode::{Llc, Lost};
use crate::wire::labels;
use crate::wire::protocols::Seen;

const CISCO: [u8; 3] = [0x00, 0x00, 0x0c];

/// Hears one 802.3 frame that carries no ether type.
pub(super) fn hear(llc: Llc<'_>, seen: &mut Seen) -> Result<(), Lost> {
    let label = match llc {
        // 0x010b is Cisco's spanning tree for each VLAN.
        Llc::Service(0x42, bytes) | Llc::Snap(CISCO, 0x010b, bytes) if is_bpdu(bytes) => labels::L2_STP,
        Llc::Snap(CISCO, 0x2000, _) => labels::L2_CDP_LLDP,
        Llc::Snap(CISCO, 0x2004, _) => labels::L2_DTP,
        Llc::Snap(..) | Llc::Service(..) | Llc::Ether(..) => return Err(Lost::Unsupported),
    };
    seen.see(label);
    Ok(())
}

/// Protocol 0, a version up to 4, and a kind: a change of topology of four bytes, or a configuration of 35 at the least.
fn is_bpdu(bytes: &[u8]) -> bool {
    match bytes {
        [0, 0, 0..=4, 0x80, ..] => true,
        [0, 0, 0..=4, 0x00 | 0x02, rest @ ..] => rest.len() >= 31,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::decode::llc;

    #[test]
    fn each_is_known_by_its_own_number() {
        let shown = |bytes: &[u8]| {
            let mut seen = Seen::default();
            let known = hear(llc(bytes).expect("LLC"), &mut seen);
            (known, seen.iter().next())
        };
        let mut tree = vec![0x42, 0x42, 3, 0, 0, 2, 2];
        tree.resize(38, 0);
        assert_eq!(shown(&tree), (Ok(()), Some(labels::L2_STP)));
        assert_eq!(shown(&tree[..30]), (Err(Lost::Unsupported), None));
        assert_eq!(shown(&[0x42, 0x42, 3, 0, 0, 0, 0x80]), (Ok(()), Some(labels::L2_STP)));
        assert_eq!(shown(&[0x42, 0x42, 3, 0, 1, 0, 0]), (Err(Lost::Unsupported), None));
        let snap = |high, low| [0xaa, 0xaa, 3, 0, 0, 0x0c, high, low, 2, 180];
        assert_eq!(shown(&snap(0x20, 0x00)).1, Some(labels::L2_CDP_LLDP));
        assert_eq!(shown(&snap(0x20, 0x04)).1, Some(labels::L2_DTP));
        assert_eq!(shown(&snap(0x20, 0x03)).1, None, "VTP");
        assert_eq!(llc(&[0x42, 0x42]), None);
    }
}
