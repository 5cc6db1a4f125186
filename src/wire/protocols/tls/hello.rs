//! The greetings of TLS, DTLS and QUIC, read as far as they were captured.

use std::net::IpAddr;

use crate::signatures::resolvers;
use crate::wire::labels;
use crate::wire::protocols::Seen;

/// What a client says first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ClientHello<'a> {
    /// The version in the old place.
    pub(super) version: u16,
    /// The session it wants to take up again.
    pub(super) session: &'a [u8],
    /// What ciphers it offers, two bytes each.
    pub(super) ciphers: &'a [u8],
    /// The server's name (RFC 6066, section 3).
    pub(super) name: Option<&'a [u8]>,
    /// Its protocols (RFC 7301), each after its length.
    pub(super) protocols: &'a [u8],
    /// Whether it hides a second hello (draft-ietf-tls-esni; also as grease).
    pub(super) hides: bool,
    /// Whether it has OpenConnect's extension.
    pub(super) openconnect: bool,
}

/// What a server chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ServerHello {
    /// The version in the old place.
    pub(super) version: u16,
    /// The cipher.
    pub(super) cipher: u16,
}

/// Where a greeting was seen.
#[derive(Clone, Copy, Debug)]
pub(super) enum Over {
    /// TLS over TCP, to this address and port.
    Tcp(IpAddr, u16),
    /// QUIC.
    Quic(IpAddr, u16),
    /// TLS that another protocol carries.
    Other,
}

/// What is left of a message.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u16> {
        let (&taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u16::from_be_bytes(taken))
    }

    /// As many bytes as the byte before them says.
    fn short(&mut self) -> Option<&'a [u8]> {
        let (&length, rest) = self.0.split_first()?;
        let (taken, rest) = rest.split_at_checked(usize::from(length))?;
        self.0 = rest;
        Some(taken)
    }

    /// As many bytes as the two bytes before them say.
    fn long(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.take(usize::from(length))
    }
}

impl<'a> ClientHello<'a> {
    /// Reads the body of a hello (RFC 8446, section 4.1.2), in DTLS with its cookie. What was not captured is left
    /// out. `None`: it is none.
    pub(super) fn read(body: &'a [u8], datagrams: bool) -> Option<Self> {
        let mut rest = Rest(body);
        let version = rest.number()?;
        let fits = if datagrams { matches!(version >> 8, 0xfe | 0x01) } else { version >> 8 == 3 };
        if !fits {
            return None;
        }
        let mut hello = Self { version, ..Self::default() };
        rest.take(32)?;
        if rest.0.first().is_some_and(|length| *length > 32) {
            return None;
        }
        let Some(session) = rest.short() else { return Some(hello) };
        hello.session = session;
        if datagrams && rest.short().is_none() {
            return Some(hello);
        }
        if let Some(length) = rest.0.first_chunk::<2>() {
            let length = u16::from_be_bytes(*length);
            if length % 2 != 0 || length == 0 {
                return None;
            }
        }
        let Some(ciphers) = rest.long() else { return Some(hello) };
        hello.ciphers = ciphers;
        // Compression methods, then the length of all extensions.
        if rest.short().is_some() && rest.number().is_some() {
            while hello.extension(&mut rest).is_some() {}
        }
        Some(hello)
    }

    fn extension(&mut self, rest: &mut Rest<'a>) -> Option<()> {
        let kind = rest.number()?;
        let data = rest.long()?;
        match kind {
            // A list of names, of which only host names are known (kind 0).
            0 => {
                let mut names = Rest(data);
                names.number()?;
                if names.take(1)? == [0] {
                    self.name = names.long();
                }
            }
            16 => self.protocols = data.get(2..).unwrap_or_default(),
            // Its number since draft 10; ESNI's before it.
            0xfe0d | 0xffce => self.hides = true,
            // What OpenConnect calls the application's id (its gnutls-dtls.c).
            48_018 => self.openconnect = true,
            _ => {}
        }
        Some(())
    }

    /// Its protocols.
    pub(super) fn protocols(&self) -> impl Iterator<Item = &'a [u8]> {
        let mut rest = Rest(self.protocols);
        std::iter::from_fn(move || rest.short())
    }

    /// Notes what it shows.
    pub(super) fn see(&self, over: Over, seen: &mut Seen) {
        seen.see(labels::TLS_ANY);
        if self.hides {
            seen.see(labels::TLS_ECH);
        }
        let (address, port) = match over {
            Over::Tcp(address, port) | Over::Quic(address, port) => (Some(address), port),
            Over::Other => (None, 0),
        };
        let known = match self.name {
            Some(name) => resolvers::is_named(name),
            // No name is sent to a resolver that is called by its address.
            None => port == 443 && address.is_some_and(resolvers::is_at),
        };
        if known && address.is_some() {
            seen.see(labels::DNS_DOH_SNI);
        }
        let mut protocols = self.protocols();
        match over {
            // RFC 7858 names "dot"; RFC 9250 "doq", drafts of it "doq-i00" to "doq-i12".
            Over::Tcp(..) if protocols.any(|protocol| protocol == b"dot") => seen.see(labels::DNS_DOT),
            Over::Quic(..) if protocols.any(|protocol| protocol.starts_with(b"doq")) => seen.see(labels::DNS_DOQ),
            _ => {}
        }
        // Where SoftEther gives its servers names (its manual, 3.6 "Dynamic DNS" and VPN Gate).
        let softether = |name: &[u8]| ends_with(name, b".softether.net") || ends_with(name, b".opengw.net");
        if matches!(over, Over::Tcp(..)) && self.name.is_some_and(softether) {
            seen.see(labels::VPN_SOFTETHER);
        }
    }
}

fn ends_with(name: &[u8], end: &[u8]) -> bool {
    name.len().checked_sub(end.len()).and_then(|at| name.get(at..)).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

impl ServerHello {
    /// Reads as much of the body as says what was chosen (RFC 5246, section 7.4.1.3). `None`: it is none, or too
    /// little of it.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let mut rest = Rest(body);
        let version = rest.number()?;
        // 0x7f.. are drafts of 1.3.
        if !matches!(version >> 8, 0x03 | 0x7f) {
            return None;
        }
        rest.take(32)?;
        if rest.short()?.len() > 32 {
            return None;
        }
        Some(Self { version, cipher: rest.number()? })
    }

    /// Notes what it shows.
    pub(super) fn see(self, seen: &mut Seen) {
        if self.version < 0x0303 {
            seen.see(labels::TLS_LEGACY_VERSION);
        }
        if self.version == 0x0300 {
            seen.see(labels::TLS_SSLV3);
        }
        if is_weak(self.cipher) {
            seen.see(labels::TLS_WEAK_CIPHER);
        }
    }
}

/// Whether a cipher suite, by IANA's numbers, encrypts nothing, asks for no certificate, was made for export, or uses
/// RC2, RC4 or a cipher with blocks of 64 bits (RFC 9325, section 4.1; RFC 7465; CVE-2016-2183).
const fn is_weak(cipher: u16) -> bool {
    matches!(
        cipher,
        0x0000..=0x001b
            | 0x001e..=0x002e
            | 0x0034
            | 0x003a..=0x003b
            | 0x0046
            | 0x0060..=0x0066
            | 0x006c..=0x006d
            | 0x0089
            | 0x008a..=0x008b
            | 0x008e..=0x008f
            | 0x0092..=0x0093
            | 0x009b
            | 0x00a6..=0x00a7
            | 0x00b0..=0x00b1
            | 0x00b4..=0x00b5
            | 0x00b8..=0x00b9
            | 0x00bf
            | 0x00c5
            | 0xc001..=0xc003
            | 0xc006..=0xc008
            | 0xc00b..=0xc00d
            | 0xc010..=0xc012
            | 0xc015..=0xc01c
            | 0xc033..=0xc034
            | 0xc039..=0xc03b
            | 0xc0b4..=0xc0b5
    )
}
