//! Names: of Wi-Fi networks, domains, pages, interfaces; and keys.

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

use super::{Level, Redactor};
use crate::facts::text::Ssid;
use crate::inference::place::GUEST_WORDS;
use crate::inference::vpn::IPSEC_WORDS;
use crate::signatures::hotspots::{Hotspots, NameMatch};
use crate::signatures::{resolvers, routers, vpn};

/// Labels of domains that name nobody.
const LABELS: &[&str] = &[
    "arpa",
    "com",
    "corp",
    "edu",
    "example",
    "gov",
    "home",
    "info",
    "int",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "mil",
    "net",
    "org",
    "private",
    "router",
    "test",
    "wpad",
    "www",
];

/// How programs and kernels begin the names of interfaces; numbers follow.
const INTERFACES: &[&str] = &[
    "bnep",
    "bond",
    "br",
    "docker",
    "dummy",
    "enp",
    "ens",
    "eno",
    "eth",
    "gre",
    "ipsec",
    "lo",
    "ppp",
    "sit",
    "tailscale",
    "tap",
    "tun",
    "usb",
    "veth",
    "virbr",
    "vlan",
    "vti",
    "wg",
    "wlan",
    "wlp",
    "wls",
    "wlo",
    "wwan",
    "wwp",
    "xfrm",
];

impl Redactor {
    /// The name of a Wi-Fi. One that a signature knows becomes one that the same signature knows. The names of hotspot
    /// operators stay: they name no person, and that it is one is what has to be told.
    pub(super) fn ssid(&self, ssid: &Ssid) -> Ssid {
        let text = ssid.to_text();
        let known = known(ssid);
        if ssid.0.is_empty() || known.0 == Hotspot::Known || self.kept.contains(&text.to_lowercase()) {
            return ssid.clone();
        }
        let token = self.token("wifi", &text);
        let plain = Ssid(format!("wifi-{token}").into_bytes());
        let mapped = if self::known(&plain) == known { plain } else { self.alike(ssid, known, &token) };
        self.note_down(&text, &mapped.to_text());
        mapped
    }

    /// Another name that the same signatures know: as little of the name as they need, else with its other letters and digits
    /// replaced, else one of their examples.
    fn alike(&self, ssid: &Ssid, wanted: Known, token: &str) -> Ssid {
        let length = ssid.0.len();
        let windows = || (2..length).flat_map(move |wide| (0..=length - wide).map(move |from| (from, from + wide)));
        let fits = |candidate: &Ssid| known(candidate) == wanted && candidate != ssid;
        let alone = windows().filter_map(|(from, to)| {
            let kept = ssid.0.get(from..to)?;
            Some(Ssid([kept, b"-", token.as_bytes()].concat()))
        });
        let bytes = self.bytes("wifi", &ssid.0);
        let swapped: Vec<u8> =
            ssid.0.iter().zip(bytes.iter().cycle()).map(|(byte, random)| swap(*byte, *random)).collect();
        let among = (0..1).map(|_| (0, 0)).chain(windows()).filter_map(|(from, to)| {
            let place = |(at, (own, other)): (usize, (&u8, &u8))| if (from..to).contains(&at) { *own } else { *other };
            let mixed: Vec<u8> = ssid.0.iter().zip(&swapped).enumerate().map(place).collect();
            let changed = mixed.iter().zip(&ssid.0).filter(|(a, b)| a != b).count();
            (changed >= 2).then_some(Ssid(mixed))
        });
        let examples = Hotspots::built_in().examples().chain(routers::examples());
        let examples = examples
            .flat_map(|example| [format!("{example}-{token}"), format!("{example} {token}"), example.to_owned()])
            .map(|text| Ssid(text.into_bytes()));
        let plain = Ssid(format!("wifi-{token}").into_bytes());
        alone.chain(among).chain(examples).find(fits).unwrap_or(plain)
    }

    /// A domain, label by label, so that what lay under another still does.
    pub(super) fn domain(&self, text: &str) -> String {
        if text.is_empty() || resolvers::is_named(text.as_bytes()) {
            return text.to_owned();
        }
        let labels: Vec<&str> = text.split('.').collect();
        let last = labels.iter().rposition(|label| !label.is_empty());
        let mapped: Vec<String> = labels
            .iter()
            .enumerate()
            .map(|(place, label)| self.label(label, Some(place) == last && place > 0))
            .collect();
        let mapped = mapped.join(".");
        self.note_down(text, &mapped);
        mapped
    }

    fn label(&self, label: &str, top: bool) -> String {
        let bare = label.trim_start_matches(['~', '*', '_']);
        let mark = label.get(..label.len() - bare.len()).unwrap_or_default();
        let lower = bare.to_lowercase();
        // A country's.
        let country = top && bare.len() == 2 && bare.chars().all(|c| c.is_ascii_alphabetic());
        if bare.is_empty() || country || LABELS.contains(&lower.as_str()) || self.kept.contains(&lower) {
            return label.to_owned();
        }
        let telling = GUEST_WORDS.iter().find(|word| lower.contains(*word));
        let telling = telling.map(|word| format!("{word}-")).unwrap_or_default();
        format!("{mark}{telling}name-{}", self.token("label", &lower))
    }

    pub(super) fn domains(&self, texts: &[String]) -> Vec<String> {
        texts.iter().map(|text| self.domain(text)).collect()
    }

    /// A host by name or address, with a port or without.
    pub(super) fn host(&self, text: &str) -> String {
        if let Ok(address) = text.parse::<IpAddr>() {
            return self.address(address).to_string();
        }
        if let Ok(socket) = text.parse::<SocketAddr>() {
            return self.socket(socket).to_string();
        }
        if let Some(address) =
            text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).and_then(|text| text.parse().ok())
        {
            return format!("[{}]", self.address(address));
        }
        match text.rsplit_once(':') {
            Some((host, port)) if port.parse::<u16>().is_ok() => format!("{}:{port}", self.host(host)),
            _ => self.domain(text),
        }
    }

    /// A page: what is behind its host goes, and who asks for it.
    pub(super) fn url(&self, text: &str) -> String {
        // RFC 8910's word for "no portal here", and the pages that Homeward asks for unless told otherwise, are nobody's.
        let ours =
            [&crate::guidance::Guidance::built_in().portal.first, &crate::guidance::Guidance::built_in().portal.second];
        let ours = ours.into_iter().flatten().any(|target| target.url == text);
        if text.is_empty() || ours || text.starts_with("urn:ietf:params:") || self.kept.contains(&text.to_lowercase()) {
            return text.to_owned();
        }
        let Some((scheme, rest)) = text.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"))
        else {
            return self.pseudonym("page", text);
        };
        let (authority, path) = rest.find(['/', '?', '#']).map_or((rest, ""), |at| rest.split_at(at));
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let mut mapped = format!("{scheme}://{}", self.host(host));
        if matches!(path, "" | "/") {
            mapped.push_str(path);
        } else {
            let _ = write!(mapped, "/page-{}", self.token("path", path));
        }
        self.note_down(text, &mapped);
        mapped
    }

    pub(super) fn url_option(&self, text: Option<&String>) -> Option<String> {
        text.map(|text| self.url(text))
    }

    /// An interface. Names that kernel and programs give stay; those that people give, or that hold a hardware address, do not.
    pub(super) fn interface(&self, text: &str) -> String {
        let given = INTERFACES.iter().filter_map(|beginning| text.strip_prefix(beginning)).any(|rest| {
            rest.len() <= 8
                && rest.chars().all(|c| c.is_ascii_digit() || "psfdunv".contains(c))
                && rest.chars().filter(char::is_ascii_digit).count() <= 5
        });
        if given || text == "nordlynx" { text.to_owned() } else { self.pseudonym("if", text) }
    }

    pub(super) fn interface_option(&self, text: Option<&String>) -> Option<String> {
        text.map(|text| self.interface(text))
    }

    pub(super) fn interfaces(&self, texts: &[String]) -> Vec<String> {
        texts.iter().map(|text| self.interface(text)).collect()
    }

    /// A UUID becomes one.
    pub(super) fn uuid(&self, text: &str) -> String {
        let lower = text.to_lowercase();
        if text.is_empty() || self.kept.contains(&lower) {
            return text.to_owned();
        }
        let hex = self.bytes("uuid", lower.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default().to_owned();
        let mapped = [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-");
        self.note_down(text, &mapped);
        mapped
    }

    /// A key in base64 (32 bytes) becomes one.
    pub(super) fn key(&self, text: &str) -> String {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        if text.is_empty() || self.kept.contains(&text.to_lowercase()) {
            return text.to_owned();
        }
        let bytes = self.bytes("key", text.as_bytes());
        let mut mapped = String::new();
        for group in bytes.chunks(3) {
            let at = |place: usize| u32::from(group.get(place).copied().unwrap_or(0));
            let bits = at(0) << 16 | at(1) << 8 | at(2);
            for place in 0..4_u32 {
                let digit = usize::try_from((bits >> (18 - 6 * place)) & 63).unwrap_or(0);
                let padding = usize::try_from(place).unwrap_or(0) > group.len();
                mapped.push(if padding { '=' } else { char::from(DIGITS.get(digit).copied().unwrap_or(b'A')) });
            }
        }
        self.note_down(text, &mapped);
        mapped
    }

    /// The service of a VPN plugin: those that are known stay.
    pub(super) fn service(&self, text: &str) -> String {
        if text.starts_with("org.freedesktop.NetworkManager.") && text.len() <= 80
            || matches!(text, "wireguard" | "vpn")
            || vpn::knows_service(text)
        {
            return text.to_owned();
        }
        let last = text.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let telling = IPSEC_WORDS.iter().find(|word| last.contains(*word)).map_or("service", |word| *word);
        self.pseudonym(telling, text)
    }

    /// A name that a person or an employer gave.
    pub(super) fn name(&self, kind: &str, text: &str) -> String {
        if self.level == Level::None { text.to_owned() } else { self.pseudonym(kind, text) }
    }
}

/// How a signature of hotspots knows a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hotspot {
    Known,
    Alike,
    No,
}

/// What signatures say of a name: hotspots', and which router maker's.
type Known = (Hotspot, Option<&'static str>);

fn known(ssid: &Ssid) -> Known {
    let hotspot = match Hotspots::built_in().name(ssid) {
        Some(NameMatch::Known(_)) => Hotspot::Known,
        Some(NameMatch::Alike(_)) => Hotspot::Alike,
        None => Hotspot::No,
    };
    (hotspot, routers::maker_of(&ssid.0))
}

/// Another digit or letter of its kind: hexadecimal letters stay such, letters that makers leave out are left out.
fn swap(byte: u8, random: u8) -> u8 {
    let of = |letters: &[u8]| letters.get(usize::from(random) % letters.len().max(1)).copied().unwrap_or(byte);
    match byte {
        b'0' | b'1' => of(b"01"),
        b'2'..=b'9' => of(b"23456789"),
        b'a'..=b'f' => of(b"abcdef"),
        b'A'..=b'F' => of(b"ABCDEF"),
        b'g'..=b'z' => of(b"ghjkmnpqrstuvwxyz"),
        b'G'..=b'Z' => of(b"GHJKMNPQRSTUVWXYZ"),
        _ => byte,
    }
}
