//! What comes back from one plain HTTP request, read without trust: at most [`CAP`] bytes, no redirect followed,
//! no cookie kept, no body kept.

use serde::Deserialize;

use crate::facts::portal::{PortalApi, ProbeOutcome};
use crate::guidance::ProbeTarget;

/// No more than this is read of an answer.
pub(super) const CAP: usize = 8 * 1024;
/// Header fields beyond this many are not those of the pages asked for.
const MAX_FIELDS: usize = 64;
/// RFC 1035: no host name is longer.
const MAX_HOST: usize = 255;
/// Longer addresses are cut.
const MAX_URL: usize = 1024;

/// An `http://` address taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Url {
    /// Host name or address, lower-case, IPv6 without brackets.
    pub(super) host: String,
    /// Port.
    pub(super) port: u16,
    /// Path and query, beginning with `/`.
    path: String,
}

impl Url {
    /// Reads an `http://` address. `None` for any other scheme, user names, and whatever could not stand in a
    /// request line as it is.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let scheme = text.get(..7)?;
        if !scheme.eq_ignore_ascii_case("http://") || text.len() > MAX_URL {
            return None;
        }
        let rest = text.get(7..)?;
        if !rest.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let path = path.split('#').next().unwrap_or_default();
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let (host, port) = match authority.strip_prefix('[') {
            Some(literal) => {
                let (host, rest) = literal.split_once(']')?;
                host.parse::<std::net::Ipv6Addr>().ok()?;
                (host, rest.strip_prefix(':').or(if rest.is_empty() { Some("80") } else { None })?)
            }
            None => authority.split_once(':').unwrap_or((authority, "80")),
        };
        let of_a_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':');
        if host.is_empty() || host.len() > MAX_HOST || !host.bytes().all(of_a_name) {
            return None;
        }
        let port = port.parse().ok().filter(|port| *port != 0)?;
        Some(Self { host: host.to_ascii_lowercase(), port, path })
    }

    /// The request: nothing in it tells who asks or where.
    pub(super) fn request(&self, accept: &str) -> Vec<u8> {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let port = if self.port == 80 { String::new() } else { format!(":{}", self.port) };
        format!(
            "GET {} HTTP/1.1\r\nHost: {host}{port}\r\nUser-Agent: Homeward\r\nAccept: {accept}\r\n\
             Cache-Control: no-cache\r\nConnection: close\r\n\r\n",
            self.path
        )
        .into_bytes()
    }
}

/// The head of an answer.
#[derive(Debug, PartialEq, Eq)]
enum Head {
    /// Not all there yet.
    Partial,
    /// Not HTTP.
    Other,
    /// All there.
    Whole { status: u16, location: Option<String>, length: Option<usize>, chunked: bool, body_at: usize },
}

fn head(bytes: &[u8]) -> Head {
    let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
    let mut response = httparse::Response::new(&mut fields);
    let body_at = match response.parse(bytes) {
        Ok(httparse::Status::Complete(body_at)) => body_at,
        Ok(httparse::Status::Partial) => return Head::Partial,
        Err(_) => return Head::Other,
    };
    let Some(status) = response.code else {
        return Head::Other;
    };
    let field = |name: &str| {
        response.headers.iter().find(|field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value)
    };
    Head::Whole {
        status,
        location: field("location").map(|value| String::from_utf8_lossy(value).chars().take(MAX_URL).collect()),
        length: field("content-length").and_then(|value| std::str::from_utf8(value).ok()?.trim().parse().ok()),
        chunked: field("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case(b"chunked")),
        body_at,
    }
}

/// As much of the body as is there, out of its chunks; and whether that is all of it.
fn body(bytes: &[u8], length: Option<usize>, chunked: bool) -> (Vec<u8>, bool) {
    if !chunked {
        let all = length.is_some_and(|length| bytes.len() >= length);
        return (bytes.iter().copied().take(length.unwrap_or(CAP)).collect(), all);
    }
    let mut out = Vec::new();
    let mut rest = bytes;
    while let Ok(httparse::Status::Complete((at, size))) = httparse::parse_chunk_size(rest) {
        if size == 0 {
            return (out, true);
        }
        let Some(data) = rest.get(at..) else { break };
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        out.extend(data.iter().take(size));
        // Each chunk ends with a line break.
        match size.checked_add(2).and_then(|next| data.get(next..)) {
            Some(next) => rest = next,
            None => break,
        }
    }
    (out, false)
}

/// What the bytes so far say of the answer to `expected`; `None` while more must be read. `ended`: no more will come.
pub(super) fn judge(bytes: &[u8], ended: bool, url: &Url, expected: &ProbeTarget) -> Option<ProbeOutcome> {
    let full = bytes.len() >= CAP;
    let (status, location, length, chunked, body_at) = match head(bytes) {
        Head::Other => return Some(ProbeOutcome::Altered { status: 0 }),
        Head::Partial if full => return Some(ProbeOutcome::Altered { status: 0 }),
        Head::Partial if ended => return Some(ProbeOutcome::NoAnswer("cut off".to_owned())),
        Head::Partial => return None,
        Head::Whole { status, location, length, chunked, body_at } => (status, location, length, chunked, body_at),
    };
    if status == 511 {
        return Some(ProbeOutcome::AuthenticationRequired);
    }
    if status != expected.status {
        return Some(match location {
            Some(location) if (300..400).contains(&status) => {
                ProbeOutcome::Redirected { status, location_host: host_of(&location, &url.host) }
            }
            // A proxy whose way out is gone, or a server in trouble: no page of someone else's.
            _ if (500..600).contains(&status) => ProbeOutcome::NoAnswer(format!("status {status}")),
            _ => ProbeOutcome::Altered { status },
        });
    }
    let (body, all) = body(bytes.get(body_at..).unwrap_or_default(), length, chunked);
    let wanted = expected.body.as_bytes();
    if body.starts_with(wanted) {
        return Some(ProbeOutcome::Expected);
    }
    if all || ended || full || !wanted.starts_with(&body) {
        return Some(ProbeOutcome::Altered { status });
    }
    None
}

/// The host a redirection leads to; a relative one stays with the host that was asked.
fn host_of(location: &str, asked: &str) -> String {
    let authority = match location.split_once("//") {
        Some(("", rest)) => rest,
        Some((scheme, rest))
            if scheme.strip_suffix(':').is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_alphanumeric())) =>
        {
            rest
        }
        _ => return asked.to_owned(),
    };
    let authority = authority.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let authority = authority.rsplit('@').next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(literal) => literal.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host.chars().take(MAX_HOST).collect()
}

/// The JSON of RFC 8908, as far as it is used.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct RawApi {
    captive: bool,
    #[serde(default)]
    user_portal_url: Option<String>,
    #[serde(default)]
    seconds_remaining: Option<u64>,
}

/// Reads the whole answer of a captive-portal API; `None` when it is none.
pub(super) fn parse_api(uri: &str, bytes: &[u8]) -> Option<PortalApi> {
    let Head::Whole { status: 200, length, chunked, body_at, .. } = head(bytes) else {
        return None;
    };
    let (body, _) = body(bytes.get(body_at..)?, length, chunked);
    let raw: RawApi = serde_json::from_slice(&body).ok()?;
    Some(PortalApi {
        uri: uri.to_owned(),
        captive: Some(raw.captive),
        user_portal_url: raw.user_portal_url.map(|url| url.chars().take(MAX_URL).collect()),
        seconds_remaining: raw.seconds_remaining,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn target(status: u16, body: &str) -> ProbeTarget {
        ProbeTarget { url: "http://page.example/x".to_owned(), status, body: body.to_owned() }
    }

    fn said(bytes: &[u8], expected: &ProbeTarget) -> Option<ProbeOutcome> {
        judge(bytes, true, &Url::parse(&expected.url).unwrap(), expected)
    }

    #[test]
    fn addresses_are_read_strictly() {
        let url = Url::parse("HTTP://Page.example:8080/a?b=c#d").unwrap();
        assert_eq!((url.host.as_str(), url.port, url.path.as_str()), ("page.example", 8080, "/a?b=c"));
        assert_eq!(Url::parse("http://page.example").unwrap().path, "/");
        assert_eq!(Url::parse("http://page.example?q").unwrap().path, "/?q");
        let six = Url::parse("http://[2001:db8::1]:81/").unwrap();
        assert_eq!((six.host.as_str(), six.port), ("2001:db8::1", 81));
        assert!(String::from_utf8(six.request("*/*")).unwrap().contains("Host: [2001:db8::1]:81\r\n"));
        for text in [
            "https://page.example/",
            "http://",
            "http:///x",
            "http://user@page.example/",
            "http://page.example/\r\nX: y",
            "http://page.example:0/",
            "http://page.example:99999/",
            "http://[::1/",
            "http://[x]/",
            "http://pägé.example/",
            "ftp://x/",
            "",
        ] {
            assert_eq!(Url::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_real_answer_is_told_from_others() {
        let wanted = target(200, "NetworkManager is online");
        let expected = Some(ProbeOutcome::Expected);
        assert_eq!(said(b"HTTP/1.1 200 OK\r\n\r\nNetworkManager is online\n", &wanted), expected);
        let chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nf\r\nNetworkManager \r\na\r\nis online\n\r\n0\r\n\r\n";
        assert_eq!(said(chunks, &wanted), expected);
        assert_eq!(said(b"HTTP/1.1 204 No Content\r\n\r\n", &target(204, "")), expected);
        let altered = |status| Some(ProbeOutcome::Altered { status });
        assert_eq!(said(b"HTTP/1.1 200 OK\r\n\r\n<html>Welcome", &wanted), altered(200));
        assert_eq!(said(b"HTTP/1.1 200 OK\r\n\r\nNetworkManager", &wanted), altered(200));
        assert_eq!(said(b"HTTP/1.1 200 OK\r\n\r\n", &target(204, "")), altered(200));
        assert_eq!(said(b"HTTP/1.1 403 No\r\n\r\n", &wanted), altered(403));
        assert_eq!(said(b"SSH-2.0-x\r\n", &wanted), altered(0));
        assert_eq!(said(b"HTTP/1.1 302 Found\r\nX: y\r\n\r\n", &wanted), altered(302));
        assert_eq!(said(b"HTTP/1.1 511 X\r\n\r\n", &wanted), Some(ProbeOutcome::AuthenticationRequired));
        for silent in [&b""[..], b"HTTP/1.1 200 OK\r\nX", b"HTTP/1.1 503 Gone\r\n\r\n"] {
            assert!(matches!(said(silent, &wanted), Some(ProbeOutcome::NoAnswer(_))));
        }
    }

    #[test]
    fn redirections_name_their_host() {
        let to = |location: &str| {
            let answer = format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n");
            match said(answer.as_bytes(), &target(200, "x")) {
                Some(ProbeOutcome::Redirected { status: 302, location_host }) => location_host,
                other => panic!("{location}: {other:?}"),
            }
        };
        assert_eq!(to("http://signin.cafe.example/login?x=//y"), "signin.cafe.example");
        assert_eq!(to("https://a@b.example:8443/"), "b.example");
        assert_eq!(to("//c.example"), "c.example");
        assert_eq!(to("/login"), "page.example");
        assert_eq!(to("/login?to=http://x.example/"), "page.example");
        assert_eq!(to("http://[fe80::1]/"), "fe80::1");
        assert!(to(&format!("http://{}", "x".repeat(4000))).len() <= MAX_HOST);
    }

    #[test]
    fn more_is_read_only_while_it_could_matter() {
        let wanted = target(200, "success");
        let url = Url::parse(&wanted.url).unwrap();
        let so_far = |bytes: &[u8]| judge(bytes, false, &url, &wanted);
        assert_eq!(so_far(b"HTTP/1.1 200 OK\r\nX"), None);
        assert_eq!(so_far(b"HTTP/1.1 200 OK\r\n\r\nsucc"), None);
        assert_eq!(so_far(b"HTTP/1.1 200 OK\r\n\r\nno"), Some(ProbeOutcome::Altered { status: 200 }));
        assert_eq!(
            so_far(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nsucc"),
            Some(ProbeOutcome::Altered { status: 200 })
        );
        assert!(so_far(b"HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n").is_some());
        assert_eq!(so_far(&[b'H'; CAP]), Some(ProbeOutcome::Altered { status: 0 }));
    }

    #[test]
    fn the_api_is_read_as_rfc_8908_has_it() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/captive+json\r\n\r\n\
            {\"captive\": true, \"user-portal-url\": \"https://x.example/\", \"seconds-remaining\": 7, \"venue\": {}}";
        let api = parse_api("http://x/", answer).unwrap();
        assert_eq!((api.captive, api.seconds_remaining), (Some(true), Some(7)));
        assert_eq!(parse_api("http://x/", b"HTTP/1.1 200 OK\r\n\r\n{\"captive\": 1}"), None);
        assert_eq!(parse_api("http://x/", b"HTTP/1.1 404 OK\r\n\r\n{\"captive\": true}"), None);
    }

    proptest! {
        #[test]
        fn noise_never_upsets_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..512), ended: bool, lead in 0usize..4) {
            let start: &[u8] = [&b""[..], b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 302 X\r\nLocation: ", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"][lead];
            let bytes = [start, &bytes[..]].concat();
            let wanted = target(200, "success");
            let url = Url::parse(&wanted.url).unwrap();
            let said = judge(&bytes, ended, &url, &wanted);
            prop_assert!(!ended || said.is_some());
            let _ = parse_api("http://x/", &bytes);
            let _ = Url::parse(&String::from_utf8_lossy(&bytes));
        }
    }
}
