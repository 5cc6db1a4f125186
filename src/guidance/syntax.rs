//! Values of a guidance file that are more than text. Each parser says in words what it wanted.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use ipnet::IpNet;

use super::Endpoint;

/// Text a person will read on one line.
pub(super) fn line(text: &str, longest: usize) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("is empty".to_owned());
    }
    if text.chars().count() > longest {
        return Err(format!("is longer than {longest} characters"));
    }
    if !text.chars().all(crate::facts::text::is_plain) {
        return Err("holds characters that cannot be shown (control characters or the like)".to_owned());
    }
    Ok(text.to_owned())
}

/// An address or a prefix without stray host bits.
pub(super) fn net(text: &str) -> Result<IpNet, String> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(IpNet::from(address));
    }
    let net: IpNet = text
        .parse()
        .map_err(|_| "is not an address or prefix; write 10.20.0.10, 10.20.0.0/16 or 2001:db8::/32".to_owned())?;
    if net.addr() != net.network() {
        return Err(format!("has bits beyond its prefix; write {}, or the address alone", net.trunc()));
    }
    Ok(net)
}

/// One address.
pub(super) fn address(text: &str) -> Result<IpAddr, String> {
    text.parse().map_err(|_| "is not an IP address".to_owned())
}

/// A VPN server: an address, with a port or without.
pub(super) fn endpoint(text: &str) -> Result<Endpoint, String> {
    if let Ok(socket) = text.parse::<SocketAddr>() {
        return if socket.port() == 0 { Err("has port 0".to_owned()) } else { Ok(Endpoint::Socket(socket)) };
    }
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().map(Endpoint::Address).map_err(|_| {
        "is not an address, with a port or without; names are not looked up: write 203.0.113.7, 203.0.113.7:51820 or [2001:db8::7]:51820"
            .to_owned()
    })
}

/// Octets in hexadecimal, separated by `:` or `-`, as lower case with `:`.
fn octets(text: &str, count: usize) -> Option<String> {
    let parts: Vec<&str> = text.split([':', '-']).collect();
    let hex = |part: &&str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    (parts.len() == count && parts.iter().all(hex)).then(|| parts.join(":").to_ascii_lowercase())
}

/// A hardware address.
pub(super) fn mac(text: &str) -> Result<String, String> {
    let mac = octets(text, 6).ok_or_else(|| "is not a hardware address; write 00:11:22:aa:bb:cc".to_owned())?;
    let group = mac
        .as_bytes()
        .get(1)
        .is_some_and(|digit| matches!(digit, b'1' | b'3' | b'5' | b'7' | b'9' | b'b' | b'd' | b'f'));
    if group || mac == "00:00:00:00:00:00" {
        return Err("is no hardware address of one device".to_owned());
    }
    Ok(mac)
}

/// The first three octets of a hardware address.
pub(super) fn mac_prefix(text: &str) -> Result<String, String> {
    octets(text, 3).ok_or_else(|| "is not the first three octets of a hardware address; write 00:11:22".to_owned())
}

/// A WireGuard key: 32 bytes in base64.
pub(super) fn key(text: &str) -> Result<String, String> {
    let base64 = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    let good = match text.as_bytes() {
        // 43 characters carry 258 bits: the last two must be zero.
        [body @ .., last, b'='] if body.len() == 42 => {
            body.iter().copied().all(base64) && b"AEIMQUYcgkosw048".contains(last)
        }
        _ => false,
    };
    if good { Ok(text.to_owned()) } else { Err("is not a WireGuard public key (44 characters of base64)".to_owned()) }
}

/// A UUID, in lower case.
pub(super) fn uuid(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let hex = parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if hex && lengths == [8, 4, 4, 4, 12] {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("is not a UUID; `nmcli -f UUID,NAME connection` shows them".to_owned())
    }
}

/// A DNS domain, in lower case, without leading or trailing dot.
pub(super) fn domain(text: &str) -> Result<String, String> {
    let bare = text.trim_start_matches('~').trim_start_matches('.').trim_end_matches('.');
    if !bare.is_ascii() {
        return Err("is not written in ASCII; write the xn-- form of the name".to_owned());
    }
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    if bare.is_empty() || bare.len() > 253 || !bare.split('.').all(label) {
        return Err("is not a domain; write corp.example".to_owned());
    }
    Ok(bare.to_ascii_lowercase())
}

/// A length of time: a whole number and `h`, `d` or `w`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let wanted = || "is not a length of time; write 12h, 180d or 26w".to_owned();
    let split = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(wanted)?;
    let (number, unit) = text.split_at(split);
    let number: u64 = number.parse().map_err(|_| wanted())?;
    let seconds = match unit.trim() {
        "h" => 3600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => return Err(wanted()),
    };
    let longest = 3650 * 86_400;
    match number.checked_mul(seconds) {
        Some(0) => Err("is no time at all".to_owned()),
        Some(seconds) if seconds <= longest => Ok(Duration::from_secs(seconds)),
        _ => Err("is longer than ten years".to_owned()),
    }
}

/// Scheme and host of a URL; what is not plainly a web address is refused.
fn web(text: &str) -> Result<(&str, &str), String> {
    if text.len() > 2000 || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("is not a web address (ASCII without spaces, at most 2000 characters)".to_owned());
    }
    let (scheme, rest) =
        text.split_once("://").ok_or_else(|| "is not a web address; it begins with http://".to_owned())?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err("names a user; that has no place here".to_owned());
    }
    let (host, port) = match authority.strip_prefix('[') {
        Some(literal) => {
            let (host, after) = literal.split_once(']').ok_or_else(|| "has an unclosed [address]".to_owned())?;
            host.parse::<std::net::Ipv6Addr>().map_err(|_| "has no IPv6 address between [ ]".to_owned())?;
            (host, after.strip_prefix(':').unwrap_or(after))
        }
        None => authority.split_once(':').unwrap_or((authority, "")),
    };
    if !port.is_empty() && !port.parse::<u16>().is_ok_and(|port| port > 0) {
        return Err("has a port that is none".to_owned());
    }
    if host.parse::<IpAddr>().is_err() && domain(host).is_err() {
        return Err("has no host that could be one".to_owned());
    }
    Ok((scheme, host))
}

/// A page for a sign-in probe: plain HTTP. Returns the URL's host.
pub(super) fn probe_url(text: &str) -> Result<&str, String> {
    let (scheme, host) = web(text)?;
    if text.contains('#') {
        return Err("has a fragment, which is never sent".to_owned());
    }
    match scheme {
        "http" => Ok(host),
        "https" => Err("is https; a sign-in page can only be seen over plain http".to_owned()),
        _ => Err("does not begin with http://".to_owned()),
    }
}

/// A page a person opens.
pub(super) fn page(text: &str) -> Result<String, String> {
    match web(text)?.0 {
        "http" | "https" => Ok(text.to_owned()),
        _ => Err("does not begin with https:// or http://".to_owned()),
    }
}

/// The nearest of some words, if one is near enough to be meant.
pub fn nearest<'a>(word: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().take(64).collect();
    words
        .map(|candidate| (distance(&word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 2.max(candidate.chars().count() / 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance.
fn distance(a: &[char], b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut previous = i;
        let mut left = i + 1;
        for (cell, cb) in row.iter_mut().skip(1).zip(&b) {
            let substituted = previous + usize::from(ca != cb);
            previous = *cell;
            left = substituted.min(previous + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(a.len())
}
