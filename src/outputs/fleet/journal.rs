//! The journal's native protocol: fields, not lines, so that whoever searches need not take sentences apart.
//! (`libsystemd` speaks it, too, and would bring a second `nix`, `nom` and `sha2` for these lines.)

use super::{Event, Kind};
use crate::words::Words;

/// Where the journal listens.
pub const SOCKET: &str = "/run/systemd/journal/socket";

/// The ids of the three messages; `service/homeward.catalog` explains them (`journalctl -x`).
pub const fn message_id(kind: Kind) -> &'static str {
    match kind {
        Kind::State => "9b6d1c0a7f5e4a6d8a3f2f5c1e0b4d71",
        Kind::Began => "c4a8e2f13d764b0e9f1d6a57b8230c9e",
        Kind::Ended => "57f0b93e6ac14d2db8e74c10a9d3625f",
    }
}

/// An event as a datagram.
pub fn datagram(words: &Words, event: &Event) -> Vec<u8> {
    let mut out = Vec::new();
    put(&mut out, "MESSAGE", &event.says(words));
    put(&mut out, "MESSAGE_ID", message_id(event.event));
    put(&mut out, "PRIORITY", &event.urgency().to_string());
    put(&mut out, "SYSLOG_IDENTIFIER", "homeward");
    put(&mut out, "HOMEWARD_VERSION", env!("CARGO_PKG_VERSION"));
    if let Some(check) = &event.check {
        put(&mut out, "DOCUMENTATION", &format!("man:homeward-explain(1) homeward:{check}"));
    }
    for (name, value) in event.fields() {
        put(&mut out, &format!("HOMEWARD_{}", name.to_uppercase()), value);
    }
    out
}

/// A field: `NAME=value`, or, where the value has lines, the name, its length as 64 bits, the value (systemd.io, "Native Journal
/// Protocol").
fn put(out: &mut Vec<u8>, name: &str, value: &str) {
    out.extend(name.as_bytes());
    if value.contains('\n') {
        out.push(b'\n');
        out.extend((value.len() as u64).to_le_bytes());
    } else {
        out.push(b'=');
    }
    out.extend(value.as_bytes());
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::super::tests::began;
    use super::*;
    use crate::words::Lang;

    #[test]
    fn an_event_is_fields() {
        let bytes = datagram(&Words::new(Lang::En), &began());
        let text = String::from_utf8(bytes).unwrap();
        for line in [
            "MESSAGE=Began: This Wi-Fi has no encryption",
            "PRIORITY=3",
            "HOMEWARD_CHECK=wifi-unencrypted",
            "HOMEWARD_SEVERITY=critical",
            "HOMEWARD_VERDICT=not-ok",
        ] {
            assert!(text.lines().any(|other| other == line), "{line}: {text}");
        }
    }

    #[test]
    fn a_value_with_lines_cannot_make_fields_of_its_own() {
        let mut out = Vec::new();
        put(&mut out, "HOMEWARD_NETWORK", "a\nPRIORITY=0");
        assert_eq!(out, b"HOMEWARD_NETWORK\n\x0c\0\0\0\0\0\0\0a\nPRIORITY=0\n");
    }

    #[test]
    fn the_catalogue_explains_every_message() {
        let catalogue = include_str!("../../../service/homeward.catalog");
        for kind in [Kind::State, Kind::Began, Kind::Ended] {
            assert!(catalogue.contains(&format!("-- {}", message_id(kind))), "{kind:?}");
        }
    }
}
