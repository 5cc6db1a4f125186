//! What packets showed: labels and numbers, and now and then who spoke with whom.

use super::Redactor;
use crate::facts::traffic::{Example, Handshake, Heard, Sighting, Traffic};

impl Redactor {
    pub(super) fn traffic(&self, traffic: &Traffic) -> Traffic {
        let Traffic { packets, bytes, malformed, unsupported, lost, sightings, wifi, handshakes } = traffic;
        Traffic {
            packets: *packets,
            bytes: *bytes,
            malformed: *malformed,
            unsupported: *unsupported,
            lost: *lost,
            sightings: sightings.iter().map(|sighting| self.sighting(sighting)).collect(),
            wifi: wifi
                .iter()
                .map(|Heard { bss, channel, beacons }| Heard {
                    bss: self.bss(bss),
                    channel: *channel,
                    beacons: *beacons,
                })
                .collect(),
            handshakes: handshakes
                .iter()
                .map(|Handshake { bssid, station, negotiated, agreed, last }| Handshake {
                    bssid: self.mac(bssid),
                    station: self.mac(station),
                    negotiated: self.negotiated(negotiated),
                    agreed: *agreed,
                    last: *last,
                })
                .collect(),
        }
    }

    fn sighting(&self, sighting: &Sighting) -> Sighting {
        let Sighting { label, packets, flows, outside, sent, received, unanswered, interface, first, last, examples } =
            sighting;
        Sighting {
            label: self.word(label),
            packets: *packets,
            flows: *flows,
            outside: *outside,
            sent: *sent,
            received: *received,
            unanswered: *unanswered,
            interface: self.interface_option(interface.as_ref()),
            first: *first,
            last: *last,
            examples: examples
                .iter()
                .map(|Example { packet, file, from, to }| Example {
                    packet: *packet,
                    file: *file,
                    from: self.end(from),
                    to: self.end(to),
                })
                .collect(),
        }
    }

    /// Address and port, or a hardware address.
    fn end(&self, text: &str) -> String {
        let hardware = text.len() == 17 && text.split(':').count() == 6;
        if hardware { self.mac(text) } else { self.host(text) }
    }
}
