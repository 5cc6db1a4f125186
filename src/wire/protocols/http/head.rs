//! Start lines and headers.

use super::captive;
use super::form::{self, Keys, Kind};
use crate::wire::labels;
use crate::wire::lines::{LONGEST, starts_with_word};
use crate::wire::protocols::Seen;

/// Longest method that is taken for one: the longest registered has 17 letters.
const LONGEST_METHOD: usize = 20;

/// Methods by which a request is known before its start line has ended (RFC 9110, 5789, 4918 and what
/// browsers, Exchange and SSTP send).
const METHODS: &[&str] = &[
    "GET",
    "POST",
    "HEAD",
    "PUT",
    "DELETE",
    "OPTIONS",
    "CONNECT",
    "PATCH",
    "TRACE",
    "PROPFIND",
    "PROPPATCH",
    "MKCOL",
    "COPY",
    "MOVE",
    "LOCK",
    "UNLOCK",
    "SEARCH",
    "REPORT",
    "NOTIFY",
    "SUBSCRIBE",
    "UNSUBSCRIBE",
    "RPC_IN_DATA",
    "RPC_OUT_DATA",
    "SSTP_DUPLEX_POST",
];

/// Whether a message begins here, as far as these bytes tell.
pub(super) fn begins(bytes: &[u8]) -> bool {
    match bytes.iter().position(|&byte| byte == b'\n') {
        Some(end) => {
            let line = bytes.get(..end).unwrap_or_default();
            Head::begin(line.strip_suffix(b"\r").unwrap_or(line)).is_some()
        }
        None => response(bytes).is_some() || request(bytes).is_some_and(|start| start.plausible()),
    }
}

/// Whether a message may begin here: a letter of a method, or a line's end left over from the one before.
pub(super) fn may_begin(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|byte| byte.is_ascii_uppercase() || matches!(byte, b'\r' | b'\n'))
}

/// A message's start line and what its headers said.
pub(super) enum Head {
    Request(Request),
    Response(Response),
}

/// What matters of a request.
pub(super) struct Request {
    /// It asks for a tunnel.
    pub connect: bool,
    /// It asks for a page by which a sign-in page is found out.
    pub probe: bool,
    sstp: bool,
    /// Its address holds a password.
    password: bool,
    length: u64,
    chunked: bool,
    form: Option<Kind>,
}

/// What matters of a response.
pub(super) struct Response {
    status: u16,
    location: bool,
    empty: bool,
}

impl Response {
    /// 2xx.
    pub(super) const fn is_success(&self) -> bool {
        self.status / 100 == 2
    }

    /// 1xx: another one follows.
    pub(super) const fn is_interim(&self) -> bool {
        self.status / 100 == 1
    }

    /// 101: what follows is another protocol.
    pub(super) const fn switches(&self) -> bool {
        self.status == 101
    }

    /// 3xx with a new address.
    pub(super) const fn sends_elsewhere(&self) -> bool {
        self.status / 100 == 3 && self.location
    }
}

/// A request's start line.
struct Start<'a> {
    method: &'a [u8],
    target: &'a [u8],
    /// The version was there.
    whole: bool,
}

impl Start<'_> {
    /// Without its version: known by its method and the form of its target.
    fn plausible(&self) -> bool {
        let connect = self.method == b"CONNECT";
        METHODS.iter().any(|method| method.as_bytes() == self.method)
            && self.target.iter().all(|byte| byte.is_ascii_graphic() || !byte.is_ascii())
            && (self.target.starts_with(b"/") || starts_with(self.target, b"http") || self.target == b"*" || connect)
    }
}

/// `METHOD target HTTP/1.x`, or its beginning.
fn request(line: &[u8]) -> Option<Start<'_>> {
    let end = line.iter().take(LONGEST_METHOD + 1).position(|&byte| byte == b' ')?;
    let (method, rest) = line.split_at(end);
    if method.len() < 3 || !method.iter().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'-' | b'_')) {
        return None;
    }
    let target = rest.get(1..)?;
    let whole = match target.iter().rposition(|&byte| byte == b' ') {
        Some(space) if is_version(target.get(space + 1..).unwrap_or_default()) => {
            return Some(Start { method, target: target.get(..space).unwrap_or_default(), whole: true });
        }
        _ => false,
    };
    Some(Start { method, target, whole })
}

/// `HTTP/1.x NNN`.
fn response(line: &[u8]) -> Option<u16> {
    let (version, rest) = line.split_at_checked(8)?;
    let digits = match rest {
        [b' ', digits @ ..] => digits.first_chunk::<3>()?,
        _ => return None,
    };
    let ends = rest.get(4).is_none_or(|byte| *byte == b' ');
    if !is_version(version) || !ends || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(digits.iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0')))
}

fn is_version(text: &[u8]) -> bool {
    matches!(text, [b'H', b'T', b'T', b'P', b'/', b'1', b'.', minor] if minor.is_ascii_digit())
}

fn starts_with(bytes: &[u8], start: &[u8]) -> bool {
    bytes.get(..start.len()).is_some_and(|bytes| bytes.eq_ignore_ascii_case(start))
}

impl Head {
    /// The head that this start line begins.
    pub(super) fn begin(line: &[u8]) -> Option<Self> {
        if let Some(status) = response(line) {
            let empty = matches!(status, 100..=199 | 204 | 304);
            return Some(Self::Response(Response { status, location: false, empty }));
        }
        let start = request(line)?;
        // Of an endless line only the start is there.
        if !start.whole && (line.len() < LONGEST || !start.plausible()) {
            return None;
        }
        Some(Self::Request(Request {
            connect: start.method == b"CONNECT",
            probe: captive::is_probe_target(start.target),
            sstp: start.method == b"SSTP_DUPLEX_POST",
            password: form::in_address(start.target),
            length: 0,
            chunked: false,
            form: None,
        }))
    }

    /// What the start line shows beyond its being there.
    pub(super) fn show(&self, seen: &mut Seen) {
        let Self::Request(request) = self else { return };
        let shows = [
            (request.connect, labels::CLEARTEXT_HTTP_CONNECT),
            (request.probe, labels::CAPTIVE_PROBE),
            (request.sstp, labels::VPN_SSTP),
            (request.password, labels::CLEARTEXT_HTTP_FORM_PASSWORD),
        ];
        for (shown, label) in shows {
            if shown {
                seen.see(label);
            }
        }
    }

    /// Hears a header line.
    pub(super) fn header(&mut self, line: &[u8], seen: &mut Seen) {
        let Some(colon) = line.iter().position(|&byte| byte == b':') else { return };
        let (name, value) = line.split_at(colon);
        let (name, value) = (name.trim_ascii(), value.get(1..).unwrap_or_default().trim_ascii());
        match self {
            Self::Request(request) => request.header(name, value, seen),
            Self::Response(response) => response.header(name, value, seen),
        }
    }

    /// Bytes of the body, where that is known, and how its form is read.
    pub(super) fn body(&self) -> (Option<u64>, Option<Keys>) {
        match self {
            Self::Response(response) => (response.empty.then_some(0), None),
            Self::Request(request) if request.chunked => (None, request.form.map(Keys::of)),
            Self::Request(request) => (Some(request.length), request.form.map(Keys::of)),
        }
    }
}

impl Request {
    fn header(&mut self, name: &[u8], value: &[u8], seen: &mut Seen) {
        let is = |other: &str| name.eq_ignore_ascii_case(other.as_bytes());
        if is("host") {
            if captive::is_probe_host(value) && !self.connect {
                self.probe = true;
                seen.see(labels::CAPTIVE_PROBE);
            }
        } else if is("authorization") || is("proxy-authorization") {
            login(value, is("proxy-authorization"), seen);
        } else if is("cookie") && !value.is_empty() {
            seen.see(labels::CLEARTEXT_HTTP_COOKIE);
        } else if is("content-length") {
            self.length = number(value);
        } else if is("transfer-encoding") {
            self.chunked = true;
        } else if is("content-type") {
            self.form = Kind::of(value);
        }
    }
}

impl Response {
    fn header(&mut self, name: &[u8], value: &[u8], seen: &mut Seen) {
        let is = |other: &str| name.eq_ignore_ascii_case(other.as_bytes());
        if is("location") {
            self.location = true;
        } else if is("content-length") {
            self.empty |= number(value) == 0;
        } else if is("content-type") && starts_with(value, b"application/captive+json") {
            seen.see(labels::CAPTIVE_API);
        }
    }
}

/// `Basic …`, `Digest …` (RFC 7617, 7616), and NTLM's third message, in base64 (RFC 4559, MS-NTHT).
fn login(value: &[u8], proxy: bool, seen: &mut Seen) {
    let credentials = |scheme: &str| {
        let given = starts_with_word(value, scheme);
        given.then(|| value.get(scheme.len()..).unwrap_or_default().trim_ascii()).filter(|rest| !rest.is_empty())
    };
    if credentials("Basic").is_some() {
        seen.see(labels::CLEARTEXT_HTTP_BASIC);
        if proxy {
            seen.see(labels::CLEARTEXT_HTTP_PROXY_BASIC);
        }
    } else if credentials("Digest").is_some() && !proxy {
        seen.see(labels::CLEARTEXT_HTTP_DIGEST);
    } else if let Some(message) = credentials("NTLM").or_else(|| credentials("Negotiate"))
        // "NTLMSSP", NUL, 3.
        && message.starts_with(b"TlRMTVNTUAAD")
    {
        seen.see(labels::CLEARTEXT_HTTP_NTLM);
        seen.see(labels::CLEARTEXT_NTLM);
    }
}

/// A decimal number; of nonsense, 0.
fn number(value: &[u8]) -> u64 {
    std::str::from_utf8(value).ok().and_then(|text| text.parse().ok()).unwrap_or(0)
}
