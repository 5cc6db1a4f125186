//! What captures showed, to a person at a terminal: the verdict, what fails and what to do, then a table of all
//! that was seen, each with the number of its first packet, by which Wireshark finds it.

use unicode_width::UnicodeWidthStr as _;

use super::Teller;
use crate::checks::{Arg, say};
use crate::facts::traffic::{Heard, Sighting};
use crate::inference::wifi;
use crate::outputs::inspected::Inspected;
use crate::outputs::page::{BOLD, DIM, Glyph, Look, PLAIN, Page};
use crate::verdict::Word;
use crate::words::Words;

/// Wi-Fi networks that are shown; the rest with `-v`.
const NETWORKS: usize = 12;

/// The families in the order in which they are told; others come after them.
const FAMILIES: &[&str] = &[
    "cleartext",
    "starttls",
    "vpn",
    "tunnel",
    "dns",
    "tls",
    "dtls",
    "quic",
    "ssh",
    "stun",
    "captive",
    "dhcp",
    "dhcpv6",
    "ra",
    "icmp",
    "icmpv6",
    "l2",
    "wifi",
    "scan",
    "ntp",
    "ip",
    "ipv6",
    "vlan",
    "malformed",
    "truncated",
];

/// The whole page. `verbose` shows passes and what does not apply one by one, and who spoke with whom.
pub fn page(words: &Words, inspected: &Inspected<'_>, verbose: bool, look: Look) -> String {
    let (verdict, guidance) = (inspected.verdict, inspected.guidance);
    let mut teller = Teller { page: Page::new(look), words, verdict, guidance, verbose };
    let line = match verdict.word {
        Word::Ok if teller.unknown_count() == 0 => words.get("inspect-ok"),
        Word::Ok => words.say(&say("inspect-ok-with-unknowns").with("unknown", teller.unknown_count())),
        Word::Attention => teller.counted("inspect-attention"),
        Word::NotOk => teller.counted("word-not-ok"),
        Word::CannotTell => teller.counted("inspect-cannot-tell"),
    };
    teller.headline(&line);
    read(&mut teller.page, words, inspected);
    for broken in inspected.broken {
        let said = say("inspect-broken").with("file", &broken.file);
        teller.page.item(0, Glyph::Warn, PLAIN, &words.say(&said));
    }
    teller.failures();
    teller.unknowns();
    seen(&mut teller.page, words, inspected, verbose);
    networks(&mut teller.page, words, &inspected.traffic.wifi, verbose);
    teller.page.blank();
    teller.fine();
    for line in teller.judged() {
        teller.page.dim(0, &words.say(&line));
    }
    teller.page.into_text()
}

/// What was read.
fn read(page: &mut Page, words: &Words, inspected: &Inspected<'_>) {
    let traffic = inspected.traffic;
    let file = match inspected.files {
        [one] => Arg::Text(one.clone()),
        several => Arg::Text(words.say(&say("inspect-files").with("count", several.len()))),
    };
    let read = say("inspect-read").with("count", traffic.packets).with("packets", grouped(traffic.packets));
    let mut parts = vec![words.say(&read.with("file", file))];
    if let Some((first, last)) = inspected.span {
        let time = |at: jiff::Timestamp| at.strftime("%Y-%m-%d %H:%M:%S").to_string();
        let last = if first.as_second().div_euclid(86_400) == last.as_second().div_euclid(86_400) {
            last.strftime("%H:%M:%S").to_string()
        } else {
            time(last)
        };
        parts.push(words.say(&say("inspect-span").with("first", time(first)).with("last", last)));
    }
    if traffic.malformed > 0 {
        parts.push(words.say(&say("inspect-malformed").with("count", traffic.malformed)));
    }
    if traffic.unsupported > 0 {
        parts.push(words.say(&say("inspect-unsupported").with("count", traffic.unsupported)));
    }
    page.plain(0, &parts.join(" · "));
}

/// A number with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What a label is called: in the catalogue's words, else by its own name.
fn called(words: &Words, label: &str) -> String {
    let key = format!("label-{}", label.replace('.', "-"));
    if words.has(&key) { words.get(&key) } else { label.to_owned() }
}

/// The table of what was seen.
fn seen(page: &mut Page, words: &Words, inspected: &Inspected<'_>, verbose: bool) {
    let sightings = &inspected.traffic.sightings;
    if sightings.is_empty() {
        return;
    }
    let family = |sighting: &Sighting| {
        let key = sighting.label.split('.').next().unwrap_or_default();
        FAMILIES.iter().position(|family| *family == key).unwrap_or(FAMILIES.len())
    };
    let mut rows: Vec<(usize, &Sighting)> = sightings.iter().map(|sighting| (family(sighting), sighting)).collect();
    rows.sort_by_key(|(family, _)| *family);
    let first = |sighting: &Sighting| {
        sighting.examples.first().map_or_else(String::new, |example| {
            if inspected.files.len() > 1 {
                let file = u64::from(example.file) + 1;
                words.say(&say("inspect-packet-of").with("packet", example.packet.to_string()).with("file", file))
            } else {
                example.packet.to_string()
            }
        })
    };
    let heads = [words.get("inspect-seen"), words.get("inspect-packets"), words.get("inspect-first")];
    let cells: Vec<[String; 3]> = rows
        .iter()
        .map(|(_, sighting)| [called(words, &sighting.label), grouped(sighting.packets), first(sighting)])
        .collect();
    let mut widths = [0; 3];
    for row in cells.iter().chain([&heads]) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let [called, packets, first] = widths;
    let line = |[one, two, three]: &[String; 3], indent: usize| {
        let pad = " ".repeat((called + 2).saturating_sub(one.width() + indent));
        let space = |width: usize, text: &str| " ".repeat(width.saturating_sub(text.width()));
        format!("{one}{pad}  {}{two}  {}{three}", space(packets, two), space(first, three))
    };
    page.blank();
    page.say(0, (PLAIN, ""), BOLD, &line(&heads, 0));
    let mut last = None;
    for ((family, sighting), row) in rows.iter().zip(&cells) {
        if last != Some(*family) {
            let key = FAMILIES.get(*family).copied().unwrap_or("other");
            page.plain(0, &words.get(&format!("family-{key}")));
            last = Some(*family);
        }
        page.plain(2, &line(row, 2));
        if verbose {
            for example in &sighting.examples {
                let (from, to) = (example.from.as_str(), example.to.as_str());
                let number = example.packet.to_string();
                let said = say("inspect-example").with("packet", number).with("from", from).with("to", to);
                page.dim(4, &words.say(&said));
            }
        }
    }
}

/// The Wi-Fi networks that were heard, the loudest talkers first.
fn networks(page: &mut Page, words: &Words, heard: &[Heard], verbose: bool) {
    if heard.is_empty() {
        return;
    }
    let mut heard: Vec<&Heard> = heard.iter().collect();
    heard.sort_by_key(|network| std::cmp::Reverse(network.beacons));
    let shown = if verbose { heard.len() } else { NETWORKS };
    page.blank();
    page.bold(0, &words.get("inspect-wifi"));
    for network in heard.iter().take(shown) {
        let name = if network.bss.ssid.0.is_empty() {
            Arg::Key("inspect-wifi-nameless".to_owned())
        } else {
            Arg::Text(network.bss.ssid.to_text())
        };
        let said = say("inspect-wifi-network")
            .with("ssid", name)
            .with("bssid", &network.bss.bssid)
            .with("security", Arg::Key(format!("security-{}", wifi::advertised(&network.bss).word())))
            .with("channel", u64::from(network.channel.unwrap_or(0)))
            .with("beacons", network.beacons);
        page.plain(2, &words.say(&said));
    }
    if heard.len() > shown {
        let more = say("inspect-wifi-more").with("count", heard.len() - shown);
        page.say(2, (DIM, ""), DIM, &words.say(&more));
    }
}
