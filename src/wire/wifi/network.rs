//! Networks by their beacons and probe responses, and what a station asks for when it joins.

use std::hash::{BuildHasher as _, Hasher as _};

use super::header::Header;
use crate::facts::traffic::Heard;
use crate::facts::wifi::{Akm, Bss, Cipher, Suites};
use crate::wire::ieee80211::{elements, mac};
use crate::wire::labels;
use crate::wire::protocols::Seen;
use crate::wire::recent::Recent;

/// Access points that are remembered.
const POINTS: usize = 4096;
/// Networks of one access point's address.
const EACH: usize = 8;

const BEACON: u8 = 8;

/// Elements that differ from beacon to beacon and say nothing of security: waiting traffic, load.
const CHANGING: [u8; 2] = [5, 11];

/// All networks heard.
#[derive(Debug)]
pub(super) struct Networks {
    points: Recent<[u8; 6], Vec<Network>>,
    /// By name: who used it first, and whether with encryption.
    names: Recent<Vec<u8>, ([u8; 6], bool)>,
    hash: foldhash::quality::RandomState,
}

impl Default for Networks {
    fn default() -> Self {
        Self {
            points: Recent::new(POINTS),
            names: Recent::new(POINTS),
            hash: foldhash::quality::RandomState::default(),
        }
    }
}

/// One network of an access point.
#[derive(Debug)]
struct Network {
    bss: Bss,
    channel: Option<u16>,
    beacons: u64,
    /// Whether it was ever heard whole.
    whole: bool,
    /// The last probe response and the last beacon.
    known: [Known; 2],
}

/// A frame that was heard before.
#[derive(Clone, Debug, Default)]
struct Known {
    hash: u64,
    shows: Seen,
    /// The other networks that it tells of.
    beside: Vec<[u8; 6]>,
}

/// What a beacon or probe response says beside its elements.
#[derive(Clone, Copy)]
struct Frame<'a> {
    beacon: bool,
    /// An access point's, not another station's.
    access_point: bool,
    elements: &'a [u8],
    /// Whether all elements are there.
    whole: bool,
}

impl Networks {
    /// Hears a beacon or probe response.
    pub(super) fn hear(&mut self, header: &Header<'_>, seen: &mut Seen) {
        let beacon = header.subtype == BEACON;
        // Time stamp, interval, capabilities; then elements.
        let Some((&[.., low, _high], elements)) = header.body.split_first_chunk::<12>() else { return };
        if beacon {
            seen.see(labels::WIFI_BEACON);
        }
        let Some(bssid) = header.stations.and_then(|stations| stations.bssid) else { return };
        let hash = hash(&self.hash, low, elements);
        let place = usize::from(beacon);
        let networks = self.points.entry(bssid, Vec::new);
        let same = |network: &Network| network.known.get(place).is_some_and(|known| known.hash == hash);
        if let Some(network) = networks.iter_mut().find(|network| same(network)) {
            network.beacons += u64::from(beacon);
            let Some(Known { shows, beside, .. }) = network.known.get(place).cloned() else { return };
            shows.iter().for_each(|label| seen.see(label));
            for bssid in beside {
                if let Some(network) = self.points.get_mut(&bssid).and_then(|networks| networks.first_mut()) {
                    network.beacons += u64::from(beacon);
                }
            }
            return;
        }
        let whole = header.whole && elements::is_whole(elements);
        let frame = Frame { beacon, access_point: low & 1 != 0, elements, whole };
        let mut bss = Bss { bssid: mac(bssid), privacy: low & 0x10 != 0, ..Bss::default() };
        elements::read(elements, &mut bss);
        let channel = elements::channel(elements);
        bss.frequency = channel.map_or(0, frequency);
        let mut known = Known { hash, ..Known::default() };
        for profile in elements::profiles(elements) {
            let address = profile.address(bssid);
            let beside = Frame { elements: &profile.elements, ..frame };
            self.note(address, beside, profile.bss(&bss, mac(address)), channel, &mut known.shows);
            known.beside.push(address);
        }
        let networks = self.note(bssid, frame, bss, channel, &mut known.shows);
        known.shows.iter().for_each(|label| seen.see(label));
        if let Some(place) = networks.and_then(|network| network.known.get_mut(place)) {
            *place = known;
        }
    }

    /// Notes a network and what it shows.
    fn note(
        &mut self,
        bssid: [u8; 6],
        frame: Frame<'_>,
        mut bss: Bss,
        channel: Option<u16>,
        shows: &mut Seen,
    ) -> Option<&mut Network> {
        frame.shows(&bss, shows);
        if frame.beacon && !bss.ssid.0.is_empty() {
            let (first, privacy) = *self.names.entry(bss.ssid.0.clone(), || (bssid, bss.privacy));
            if first != bssid {
                shows.see(labels::WIFI_SSID_MULTI_BSSID);
            }
            if privacy != bss.privacy {
                shows.see(labels::WIFI_SSID_MIXED_SECURITY);
            }
        }
        // Of a cut frame, what would have said more may be missing.
        bss.rsn_malformed |= !frame.whole;
        let network = Network::among(self.points.entry(bssid, Vec::new), bss, channel, frame.whole)?;
        network.beacons += u64::from(frame.beacon);
        Some(network)
    }

    /// The networks, as facts.
    pub(super) fn heard(&self) -> impl Iterator<Item = Heard> {
        self.points.iter().flat_map(|(_, networks)| networks).map(|network| Heard {
            bss: network.bss.clone(),
            channel: network.channel,
            beacons: network.beacons,
        })
    }
}

impl Network {
    /// The one of these that `bss` tells of, else a new one. A name that was hidden is filled in once it is heard.
    fn among(networks: &mut Vec<Self>, bss: Bss, channel: Option<u16>, whole: bool) -> Option<&mut Self> {
        let fits = |known: &Bss| {
            (known.ssid == bss.ssid || known.ssid.0.is_empty() || bss.ssid.0.is_empty())
                && known.privacy == bss.privacy
                && known.rsn == bss.rsn
                && known.wpa == bss.wpa
                && known.rsn_overrides == bss.rsn_overrides
        };
        // The same name before one of no name.
        let exact = networks.iter().position(|network| network.bss.ssid == bss.ssid && fits(&network.bss));
        let at = exact.or_else(|| networks.iter().position(|network| fits(&network.bss)));
        let at = at.unwrap_or_else(|| {
            networks.truncate(EACH - 1);
            networks.push(Self { bss: bss.clone(), channel, beacons: 0, whole, known: Default::default() });
            networks.len() - 1
        });
        let network = networks.get_mut(at)?;
        network.channel = network.channel.or(channel);
        if whole {
            network.bss.rsn_malformed = bss.rsn_malformed || (network.whole && network.bss.rsn_malformed);
            network.whole = true;
        }
        elements::fill(&mut network.bss, bss);
        Some(network)
    }
}

impl Frame<'_> {
    /// The labels it shows by what it says of itself.
    fn shows(self, bss: &Bss, seen: &mut Seen) {
        let rsn: &[Akm] = bss.rsn.as_ref().map_or(&[], |suites| &suites.akms);
        let any = |wanted: &[Akm]| rsn.iter().any(|akm| wanted.contains(akm));
        let psk = any(&[Akm::Psk, Akm::PskSha256]);
        // What was cut, or names its protection in a way of its own, is neither open nor WEP.
        let bare = self.whole && bss.rsn.is_none() && bss.wpa.is_none() && !bss.rsn_malformed && !bss.wapi && !bss.osen;
        let wpa = |wanted| bss.wpa.as_ref().is_some_and(|suites| suites.akms.contains(&wanted));
        let tkip = |suites: &Option<Suites>| suites.as_ref().is_some_and(|it| it.pairwise.contains(&Cipher::Tkip));
        let enterprise = [Akm::Ieee8021x, Akm::FtIeee8021x, Akm::Ieee8021xSha256, Akm::SuiteB, Akm::SuiteB192];
        let moves = elements::walk(self.elements).any(|element| element.id == 37);
        let name = elements::walk(self.elements).find(|element| element.id == 0);
        let hidden = name.is_some_and(|name| name.body.is_empty());
        let all = [
            (labels::WIFI_OPEN, bare && !bss.privacy && self.access_point),
            (labels::WIFI_WEP, bare && bss.privacy),
            (labels::WIFI_WPA1, bss.wpa.is_some()),
            (labels::WIFI_WPA_TKIP, tkip(&bss.wpa) || tkip(&bss.rsn)),
            (labels::WIFI_WPA2_PSK, (psk || any(&[Akm::FtPsk])) && !any(&[Akm::Sae])),
            (labels::WIFI_WPA3_SAE, any(&[Akm::Sae, Akm::FtSae, Akm::SaeExtKey]) && !psk),
            (labels::WIFI_WPA3_TRANSITION, any(&[Akm::Sae]) && psk),
            (labels::WIFI_OWE, any(&[Akm::Owe])),
            (labels::WIFI_OWE_TRANSITION, bss.owe_transition.is_some()),
            (labels::WIFI_8021X, any(&enterprise) || wpa(Akm::WpaIeee8021x)),
            (labels::WIFI_PMF_REQUIRED, bss.rsn.as_ref().is_some_and(|suites| suites.mfp_required)),
            (labels::WIFI_PMF_CAPABLE, bss.rsn.as_ref().is_some_and(|suites| suites.mfp_capable)),
            (labels::WIFI_WPS, bss.wps.is_some()),
            (labels::WIFI_HIDDEN_SSID, hidden && self.beacon),
            (labels::WIFI_CSA, moves),
        ];
        all.into_iter().filter(|(_, shown)| *shown).for_each(|(label, _)| seen.see(label));
        anywhere(rsn, seen);
    }
}

/// Key managements that are told wherever they are named.
fn anywhere(akms: &[Akm], seen: &mut Seen) {
    if akms.contains(&Akm::SuiteB192) {
        seen.see(labels::WIFI_SUITEB192);
    }
    if akms.iter().any(|akm| matches!(akm, Akm::FtIeee8021x | Akm::FtPsk | Akm::FtSae)) {
        seen.see(labels::WIFI_FT);
    }
}

/// What a station that joins asks for, by the elements of its request.
pub(super) fn joins(elements: &[u8], seen: &mut Seen) {
    let mut bss = Bss::default();
    elements::read(elements, &mut bss);
    let rsn: &[Akm] = bss.rsn.as_ref().map_or(&[], |suites| &suites.akms);
    let any = |wanted: &[Akm]| rsn.iter().any(|akm| wanted.contains(akm));
    let wpa = bss.wpa.as_ref().is_some_and(|suites| suites.akms.contains(&Akm::WpaPsk));
    for (label, shown) in [
        (labels::WIFI_ASSOC_AKM_PSK, wpa || any(&[Akm::Psk, Akm::PskSha256])),
        (labels::WIFI_ASSOC_AKM_SAE, any(&[Akm::Sae])),
        (labels::WIFI_ASSOC_AKM_OWE, any(&[Akm::Owe])),
    ] {
        if shown {
            seen.see(label);
        }
    }
    anywhere(rsn, seen);
}

/// Centre of a channel in MHz, by its number: IEEE 802.11-2020 annex E. Channels above 177 are of 6 GHz.
const fn frequency(channel: u16) -> u32 {
    match channel {
        1..=13 => 2407 + 5 * channel as u32,
        14 => 2484,
        32..=177 => 5000 + 5 * channel as u32,
        _ => 0,
    }
}

fn hash(state: &foldhash::quality::RandomState, capabilities: u8, elements: &[u8]) -> u64 {
    let mut hasher = state.build_hasher();
    hasher.write_u8(capabilities);
    for element in elements::walk(elements) {
        if !CHANGING.contains(&element.id) {
            hasher.write_u8(element.id);
            hasher.write(&element.body);
        }
    }
    hasher.finish()
}
