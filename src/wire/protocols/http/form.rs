//! The names of a form's fields, out of segments that cut anywhere. Values are passed over.

/// Longest field name that is read; a longer one is no password's.
const LONGEST: usize = 64;

/// How a form is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `name=value&…` (WHATWG URL, application/x-www-form-urlencoded).
    Address,
    /// Parts with `Content-Disposition: form-data; name="…"` (RFC 7578).
    Parts,
    /// `{"name": "value", …}` (RFC 8259), as pages send what was typed into them.
    Json,
}

impl Kind {
    /// By the value of Content-Type.
    pub(super) fn of(value: &[u8]) -> Option<Self> {
        let kind = value.split(|byte| matches!(byte, b';' | b' ')).next().unwrap_or_default();
        let is = |other: &str| kind.eq_ignore_ascii_case(other.as_bytes());
        if is("application/x-www-form-urlencoded") {
            Some(Self::Address)
        } else if is("multipart/form-data") {
            Some(Self::Parts)
        } else if is("application/json") {
            Some(Self::Json)
        } else {
            None
        }
    }
}

/// Reads the names of a form's fields.
pub(super) struct Keys {
    kind: Kind,
    name: Vec<u8>,
    within: Within,
}

/// Where in a form a reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    /// In a name.
    Name,
    /// After a name, of which it must yet be seen that it is one.
    Named,
    /// In what is passed over.
    Other,
}

impl Keys {
    pub(super) fn of(kind: Kind) -> Self {
        let within = if kind == Kind::Address { Within::Name } else { Within::Other };
        Self { kind, name: Vec::new(), within }
    }

    /// Whether these bytes show a password's field, empty or not.
    pub(super) fn hear(&mut self, bytes: &[u8]) -> bool {
        let mut shown = false;
        for &byte in bytes {
            shown |= match self.kind {
                Kind::Address => self.address(byte),
                Kind::Parts => self.parts(byte),
                Kind::Json => self.json(byte),
            };
        }
        shown
    }

    fn keep(&mut self, byte: u8) {
        if self.name.len() <= LONGEST {
            self.name.push(byte);
        }
    }

    fn address(&mut self, byte: u8) -> bool {
        match (self.within, byte) {
            (_, b'&' | b'\r' | b'\n') => {
                self.name.clear();
                self.within = Within::Name;
            }
            (Within::Name, b'=') => {
                self.within = Within::Other;
                return is_password(&self.name);
            }
            (Within::Name, _) => self.keep(byte),
            (_, _) => {}
        }
        false
    }

    /// After `name="`, up to the closing quote.
    fn parts(&mut self, byte: u8) -> bool {
        match (self.within, byte) {
            (Within::Name, b'"') => {
                let is = is_password(&self.name);
                self.name.clear();
                self.within = Within::Other;
                return is;
            }
            (Within::Name, _) => self.keep(byte),
            (_, _) => {
                // The last bytes are kept, to see `name="` in them.
                if self.name.len() >= 6 {
                    self.name.remove(0);
                }
                self.name.push(byte);
                if self.name.eq_ignore_ascii_case(b"name=\"") {
                    self.name.clear();
                    self.within = Within::Name;
                }
            }
        }
        false
    }

    /// A string, then a colon, then the beginning of another string.
    fn json(&mut self, byte: u8) -> bool {
        match (self.within, byte) {
            (Within::Name, b'"') => self.within = Within::Named,
            (Within::Name, _) => self.keep(byte),
            (Within::Named, b':' | b' ' | b'\t' | b'\r' | b'\n') => {
                if byte == b':' {
                    self.name.push(byte);
                }
            }
            (Within::Named, b'"') => {
                let name = std::mem::take(&mut self.name);
                let is = name.strip_suffix(b":").is_some_and(is_password);
                // A name's value is passed over, as the name of nothing.
                self.within = Within::Name;
                return is;
            }
            (_, b'"') => {
                self.name.clear();
                self.within = Within::Name;
            }
            (_, _) => {
                self.name.clear();
                self.within = Within::Other;
            }
        }
        false
    }
}

/// Whether an address's query holds a password, as a form with the method GET sends it.
pub(super) fn in_address(target: &[u8]) -> bool {
    let query = target.iter().position(|&byte| byte == b'?').and_then(|at| target.get(at + 1..));
    query.is_some_and(|query| Keys::of(Kind::Address).hear(query))
}

/// What the names of password fields end with.
const ENDS: &[&str] = &[
    "password",
    "passwd",
    "passwort",
    "passphrase",
    "kennwort",
    "pwd",
    "userpass",
    "loginpass",
    "password1",
    "password2",
];

/// Password fields' names by their last word.
const LAST: &[&str] = &["pass", "pw", "psw", "pswd", "passw"];

/// What the names of boxes to tick and links to follow begin with.
const NOT: &[&str] = &["forgot", "lost", "remember", "reset", "save", "show", "has"];

/// Whether this is the name of a password's field.
fn is_password(name: &[u8]) -> bool {
    if name.len() > LONGEST {
        return false;
    }
    let name = unescaped(name).to_ascii_lowercase();
    let words = || name.split(|byte| !byte.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let plain: Vec<u8> = words().flatten().copied().collect();
    !NOT.iter().any(|start| plain.starts_with(start.as_bytes()))
        && (ENDS.iter().any(|end| plain.ends_with(end.as_bytes()))
            || words().next_back().is_some_and(|last| LAST.iter().any(|word| word.as_bytes() == last)))
}

/// `%xx` undone.
fn unescaped(name: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        let escaped = match after {
            [high, low, ..] if first == b'%' => digit(*high).zip(digit(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        if escaped.is_some() {
            rest = after.get(2..).unwrap_or_default();
        }
        plain.push(escaped.unwrap_or(first));
    }
    plain
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Whether `part` is in `text`, in any case.
pub(super) fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_field_is_known_by_its_name() {
        for name in
            ["pass", "Password", "user_pass", "user%5Bpassword%5D", "j_password", "pwd", "login-password", "pass_word"]
        {
            assert!(is_password(name.as_bytes()), "{name}");
        }
        for name in ["", "user", "passenger", "compass", "passport", "show_password", "remember-pwd", "%5B%5D"] {
            assert!(!is_password(name.as_bytes()), "{name}");
        }
        assert!(!is_password(&[b'a'; 60].iter().chain(b"password").copied().collect::<Vec<u8>>()));
    }

    #[test]
    fn a_form_is_read_wherever_it_is_cut() {
        let forms: [(Kind, &[u8], bool); 9] = [
            (Kind::Address, b"user=a&password=b", true),
            (Kind::Address, b"user=password&x=pass", false),
            (Kind::Address, b"password=&user=a", true),
            (Kind::Address, b"password", false),
            (Kind::Parts, b"--x\r\nContent-Disposition: form-data; name=\"pwd\"\r\n\r\nb\r\n--x--", true),
            (Kind::Parts, b"--x\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\npwd\r\n--x--", false),
            (Kind::Json, b"{\"user\": \"a\", \"password\" : \"b\"}", true),
            (Kind::Json, b"{\"user\": \"password\", \"password\": null}", false),
            (Kind::Json, b"{\"a\": {\"pass\":\"b\"}}", true),
        ];
        for (kind, form, shows) in forms {
            for cut in 0..=form.len() {
                let mut keys = Keys::of(kind);
                let first = keys.hear(&form[..cut]);
                assert_eq!(keys.hear(&form[cut..]) || first, shows, "{} cut at {cut}", form.escape_ascii());
            }
        }
    }
}
