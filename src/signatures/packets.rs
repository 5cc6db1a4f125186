//! What is seen in packets: `signatures/packets/*.toml`, and a user's own.
//!
//! A signature says what a flow's first packets look like. Bytes are anchored at the payload's start. Ports are
//! hints: they narrow a signature that has bytes or a named structure; alone they prove nothing, and a file
//! that tries is refused. CONTRIBUTING.md teaches the language by examples.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use serde::Deserialize;

/// The format name every such file starts with.
pub const FORMAT: &str = "homeward.signatures.packets/1";

/// Longest opening that is compared, in bytes.
pub const LONGEST: usize = 64;

/// The built-in files, by name, in order of precedence: what has the weaker marks comes last.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("access.toml", include_str!("../../signatures/packets/access.toml")),
    ("binary.toml", include_str!("../../signatures/packets/binary.toml")),
    ("clear.toml", include_str!("../../signatures/packets/clear.toml")),
    ("devices.toml", include_str!("../../signatures/packets/devices.toml")),
    ("http.toml", include_str!("../../signatures/packets/http.toml")),
    ("names.toml", include_str!("../../signatures/packets/names.toml")),
    ("tls.toml", include_str!("../../signatures/packets/tls.toml")),
    ("tunnel.toml", include_str!("../../signatures/packets/tunnel.toml")),
    ("vpn.toml", include_str!("../../signatures/packets/vpn.toml")),
    ("voice.toml", include_str!("../../signatures/packets/voice.toml")),
];

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// [`FORMAT`].
    pub format: String,
    /// Its entries.
    #[serde(default)]
    pub signature: Vec<Signature>,
}

/// One way to recognise something.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Signature {
    /// Kebab-case, unique in its file.
    pub id: String,
    /// What a label of one's own means, in one sentence.
    #[serde(default)]
    pub means: Option<String>,
    /// What a match shows; left out where the recogniser of `is` says it.
    #[serde(default)]
    pub label: Option<String>,
    /// Where the form is documented.
    pub source: String,
    /// What carries it.
    pub over: Over,
    /// Either end has one of these ports.
    #[serde(default)]
    pub ports: Vec<u16>,
    /// Recogniser in Rust that must agree, by name.
    #[serde(default)]
    pub is: Option<String>,
    /// What the packets look like, one after the other; most need one. None: `ports` and `is` decide.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// Whether other signatures may still say more of the flow.
    #[serde(default)]
    pub goes_on: bool,
    /// What must and must not match.
    pub example: Vec<Example>,
}

/// What one packet looks like. Everything given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Step {
    /// Who sends it.
    #[serde(default)]
    pub from: Option<From>,
    /// Any of these, in hex: `16 03 [00-04]`, `..` any byte, `4.` or `.1` half of one.
    #[serde(default)]
    pub bytes: Vec<String>,
    /// Any of these, in ASCII letters of any case.
    #[serde(default)]
    pub text: Vec<String>,
    /// Length of the payload: one number, or the least and the most.
    #[serde(default)]
    pub length: Option<Length>,
    /// Must come within so many packets of the flow after the step before.
    #[serde(default)]
    pub within: Option<u8>,
}

/// UDP or TCP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Over {
    /// Datagrams.
    Udp,
    /// A stream's segments.
    Tcp,
}

/// Which side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum From {
    /// Who opened the flow.
    Client,
    /// Who was called.
    Server,
}

/// A length or a span of lengths, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Length {
    /// Exactly.
    Exactly(usize),
    /// From the first to the second.
    Between([usize; 2]),
}

impl Length {
    /// Whether this length fits.
    pub const fn fits(self, length: usize) -> bool {
        match self {
            Self::Exactly(exactly) => length == exactly,
            Self::Between([least, most]) => least <= length && length <= most,
        }
    }
}

/// A few packets of one flow, and whether the signature must show in them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Example {
    /// What it is, in words.
    pub says: String,
    /// The labels that must be shown; none: must not match.
    #[serde(default)]
    pub shows: Vec<String>,
    /// The server's port; the first of `ports` if not said, else 40000.
    #[serde(default)]
    pub port: Option<u16>,
    /// The payloads: `> hex`, `< hex`, `> "text"`, `< "text"`; the arrow tells the client's from the server's.
    pub packets: Vec<String>,
}

/// A file that could not be used: where, and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {says}", file.display())]
pub struct Trouble {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it, with line and column where they are known.
    pub says: String,
}

/// Reads a file.
///
/// # Errors
/// What is wrong with it, after `LINE:COLUMN: `.
pub fn parse(text: &str) -> Result<File, String> {
    let file: File = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        located(text, at, error.message())
    })?;
    if file.format != FORMAT {
        let says = format!("`format` is {:?}; this version reads {FORMAT:?}", file.format);
        return Err(located(text, text.find("format").unwrap_or(0), &says));
    }
    let mut ids = BTreeSet::new();
    for signature in &file.signature {
        signature.sound().map_err(|(field, says)| place(text, &signature.id, field, &says))?;
        if !ids.insert(&signature.id) {
            return Err(place(text, &signature.id, "id", "is there twice"));
        }
    }
    Ok(file)
}

/// What is wrong with a field of this signature, after the `LINE:COLUMN: ` where it is written.
pub fn place(text: &str, id: &str, field: &str, says: &str) -> String {
    let sets = |line: &str, key: &str| {
        line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let mut at = 0;
    let mut found = None;
    for line in text.split_inclusive('\n') {
        if found.is_some() && line.trim_start().starts_with("[[signature]]") {
            break;
        }
        if sets(line, "id") && line.contains(&format!("{id:?}")) {
            found = Some(at);
        }
        // Tables within one line (`steps = [{ bytes = … }]`) and of their own ([[signature.steps]]).
        if found.is_some() && (sets(line, field) || line.contains(&format!("{field} ="))) {
            found = Some(at);
            break;
        }
        at += line.len();
    }
    located(text, found.unwrap_or(0), &format!("signature {id:?}: `{field}`: {says}"))
}

/// `LINE:COLUMN: says`, of what is wrong at this byte.
fn located(text: &str, at: usize, says: &str) -> String {
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("{line}:{column}: {}", says.trim_end())
}

/// Whether a label is written as labels are: `family.name`, in letters, digits and hyphens.
fn is_label(label: &str) -> bool {
    let word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    label.len() <= 64 && label.split_once('.').is_some_and(|(family, name)| word(family) && word(name))
}

impl Signature {
    /// Whether it can be used: the field that is wrong, and how.
    fn sound(&self) -> Result<(), (&'static str, String)> {
        let wrong = |field, says: &str| Err((field, says.to_owned()));
        if self.id.is_empty()
            || !self.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        {
            return wrong("id", "small letters, digits and hyphens");
        }
        if self.label.is_none() && self.is.is_none() {
            return wrong("label", "needs one, or an `is` that says what is shown");
        }
        if self.label.as_ref().is_some_and(|label| !is_label(label)) {
            return wrong("label", "family.name, in letters, digits and hyphens");
        }
        let opens = self.steps.first().is_some_and(|step| !step.bytes.is_empty() || !step.text.is_empty());
        if !opens && self.is.is_none() {
            return wrong("steps", "ports are no proof: needs `bytes`, `text` or `is`");
        }
        if !opens && self.ports.is_empty() {
            return wrong("steps", "would be tried on every packet: needs `bytes`, `text` or `ports`");
        }
        if self.example.iter().all(|example| example.shows.is_empty())
            || self.example.iter().all(|example| !example.shows.is_empty())
        {
            return wrong("example", "needs one that matches and one that does not");
        }
        for step in &self.steps {
            step.patterns().map_err(|says| ("bytes", says))?;
        }
        for example in &self.example {
            for packet in &example.packets {
                payload(packet).map_err(|says| ("packets", says))?;
            }
        }
        Ok(())
    }
}

impl Step {
    /// Its openings as regular expressions over bytes.
    ///
    /// # Errors
    /// What is wrong with one of them.
    pub fn patterns(&self) -> Result<Vec<String>, String> {
        let bytes = self.bytes.iter().map(|bytes| hex_pattern(bytes));
        let text = self.text.iter().map(|text| Ok(text_pattern(text)));
        let patterns: Vec<String> = bytes.chain(text).collect::<Result<_, String>>()?;
        Ok(patterns)
    }
}

fn text_pattern(text: &str) -> String {
    text.bytes().fold(String::new(), |mut pattern, byte| {
        let (lower, upper) = (byte.to_ascii_lowercase(), byte.to_ascii_uppercase());
        let _ = write!(pattern, "[\\x{lower:02x}\\x{upper:02x}]");
        pattern
    })
}

fn hex_pattern(text: &str) -> Result<String, String> {
    let mut pattern = String::new();
    let mut count = 0;
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        let word = if first == '[' {
            rest.find(']').map(|end| &rest[..=end]).ok_or_else(|| format!("{text:?}: a [ is not closed"))?
        } else {
            rest.split([' ', '[']).next().unwrap_or_default()
        };
        rest = rest[word.len()..].trim_start();
        count += 1;
        let wrong = || format!("{text:?}: {word:?} is not a byte in hex, nor `..`, `4.`, `.1` or [00-04 0a]");
        if let Some(set) = word.strip_prefix('[').and_then(|word| word.strip_suffix(']')) {
            pattern.push('[');
            for span in set.split_ascii_whitespace() {
                let (low, high) = span.split_once('-').unwrap_or((span, span));
                let (low, high) = (byte(low).ok_or_else(wrong)?, byte(high).ok_or_else(wrong)?);
                if low > high {
                    return Err(wrong());
                }
                let _ = write!(pattern, "\\x{low:02x}-\\x{high:02x}");
            }
            pattern.push(']');
            if set.trim().is_empty() {
                return Err(wrong());
            }
            continue;
        }
        match *word.as_bytes() {
            [b'.', b'.'] => pattern.push_str("[\\x00-\\xff]"),
            [high, b'.'] => {
                let high = half(high).ok_or_else(wrong)?;
                let _ = write!(pattern, "[\\x{high:x}0-\\x{high:x}f]");
            }
            [b'.', low] => {
                let low = half(low).ok_or_else(wrong)?;
                pattern.push('[');
                for high in 0..16_u8 {
                    let _ = write!(pattern, "\\x{high:x}{low:x}");
                }
                pattern.push(']');
            }
            _ => {
                let _ = write!(pattern, "\\x{:02x}", byte(word).ok_or_else(wrong)?);
            }
        }
    }
    if count == 0 || count > LONGEST {
        return Err(format!("{text:?}: from 1 to {LONGEST} bytes"));
    }
    Ok(pattern)
}

fn byte(text: &str) -> Option<u8> {
    (text.len() == 2).then(|| u8::from_str_radix(text, 16).ok()).flatten()
}

fn half(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// One packet of an example: whether the client sends it, and its payload.
///
/// # Errors
/// What is wrong with it.
pub fn payload(text: &str) -> Result<(bool, Vec<u8>), String> {
    let wrong = || format!("{text:?}: begins with `>` (client) or `<` (server), then hex or a \"text\"");
    let (client, rest) = match text.split_at_checked(1).ok_or_else(wrong)? {
        (">", rest) => (true, rest.trim()),
        ("<", rest) => (false, rest.trim()),
        _ => return Err(wrong()),
    };
    if let Some(quoted) = rest.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return Ok((client, quoted.replace("\\r", "\r").replace("\\n", "\n").into_bytes()));
    }
    let digits: String = rest.split_ascii_whitespace().collect();
    let bytes = digits.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok().and_then(byte));
    Ok((client, bytes.collect::<Option<Vec<u8>>>().ok_or_else(wrong)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_reads_as_it_says() {
        assert_eq!(
            hex_pattern("16 03 .. 4. [00-04 0a]").as_deref(),
            Ok(r"\x16\x03[\x00-\xff][\x40-\x4f][\x00-\x04\x0a-\x0a]")
        );
        for wrong in ["", "1", "16 0x", "[00", "[]", "[05-01]"] {
            assert!(hex_pattern(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ports_alone_prove_nothing() {
        let text = format!(
            "format = {FORMAT:?}\n[[signature]]\nid = \"x\"\nlabel = \"vpn.x\"\nsource = \"none\"\nover = \"udp\"\nports = [1194]\nexample = []\n"
        );
        assert!(parse(&text).expect_err("refused").contains("ports are no proof"));
    }

    #[test]
    fn an_example_says_who_speaks() {
        assert_eq!(payload(r#"> "USER a\r\n""#), Ok((true, b"USER a\r\n".to_vec())));
        assert_eq!(payload("< 01 02 ff"), Ok((false, vec![1, 2, 255])));
        assert!(payload("01 02").is_err());
        assert!(payload("> 01 2").is_err());
    }
}
