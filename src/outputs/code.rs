//! A verdict as a code to read out over the phone: `K7W3-D14Q-2F`. It says what was found and what kind of connection it is; no name,
//! no address, no time. Three of its characters are check characters (Reed–Solomon over GF(32)): up to three wrong or swapped ones
//! are noticed.

use crate::checks;
use crate::facts::link::Medium;
use crate::inference::vpn::Level;
use crate::verdict::{Finding, Verdict, Word};

/// Digits and letters that are not taken for others (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The numbers of the checks. Only ever added to, at the end: codes of older versions are read by newer ones.
const NUMBERS: &[&str] = &[
    "wired-unused",
    "dual-connected",
    "directly-on-internet",
    "wifi-unencrypted",
    "wifi-wep",
    "wifi-tkip",
    "wifi-weaker-than-offered",
    "wifi-management-unprotected",
    "wifi-wps",
    "wifi-factory-name",
    "wifi-enterprise-unverified",
    "wifi-auto-joins-open",
    "wifi-unauthenticated",
    "hotspot-public",
    "portal-waiting",
    "network-imitated",
    "network-downgraded",
    "vpn-down",
    "vpn-silent",
    "vpn-bypassed",
    "vpn-bypassed-ipv6",
    "vpn-route-hijacked",
    "vpn-unrecognised",
    "vpn-obsolete",
    "vpn-unenforced",
    "dns-leak",
    "dns-in-the-clear",
    "dns-resolver-unapproved",
    "dns-answers-forged",
    "dns-downgradable",
    "dns-config-conflict",
    "proxy-from-network",
    "mail-in-the-clear",
    "chat-in-the-clear",
    "login-in-the-clear",
    "call-in-the-clear",
    "tls-obsolete",
    "names-broadcast",
    "arp-spoofed",
    "dhcp-rogue",
    "ra-rogue",
    "wifi-deauth-flood",
    "router-password-attested",
    "wifi-password-attested",
    "router-firmware-attested",
    "devices-reviewed-attested",
];

const WORDS: [Word; 4] = [Word::Ok, Word::Attention, Word::CannotTell, Word::NotOk];
const MEDIA: [Medium; 6] =
    [Medium::Ethernet, Medium::Wifi, Medium::Cellular, Medium::Bluetooth, Medium::UsbPhone, Medium::Virtual];
const LEVELS: [Level; 7] =
    [Level::None, Level::Configured, Level::Present, Level::Alive, Level::Used, Level::Exclusive, Level::Enforced];

/// More findings are not listed, only that there are more.
const MOST: usize = 6;
/// Check characters.
const CHECKS: usize = 3;

/// What a code tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The verdict.
    pub word: Word,
    /// The medium: `Some(None)` without a connection, `None` where it is not known.
    pub medium: Option<Option<Medium>>,
    /// The VPN.
    pub vpn: Option<Level>,
    /// Whether the place is public.
    pub public: Option<bool>,
    /// Whether the checks are those that could not tell rather than those that failed.
    pub unknown: bool,
    /// The ids of the checks, worst first.
    pub checks: Vec<&'static str>,
    /// Whether there are more of them.
    pub more: bool,
}

/// What is wrong with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Too short or too long.
    Length,
    /// A character that no code has.
    Character(char),
    /// The check characters do not fit: something was misheard.
    Misheard,
    /// A later version of Homeward made it.
    Later,
}

impl Told {
    /// What is to be told of a verdict.
    pub fn of(verdict: &Verdict) -> Self {
        let mut wrong: Vec<&Finding> = verdict.failures().collect();
        let unknown = wrong.is_empty();
        if unknown {
            wrong = verdict.findings.iter().filter(|finding| finding.holds_up()).collect();
        }
        Self {
            word: verdict.word,
            medium: verdict.connection.medium,
            vpn: verdict.connection.vpn.as_ref().map(|vpn| vpn.level),
            public: verdict.connection.hotspot.public,
            unknown: unknown && !wrong.is_empty(),
            more: wrong.len() > MOST,
            checks: wrong.iter().take(MOST).map(|finding| finding.check.id).collect(),
        }
    }

    /// The code, in groups of four.
    pub fn code(&self) -> String {
        let mut bits = Bits::default();
        bits.put(0, 2);
        bits.put(place(&WORDS, &self.word), 2);
        let medium = match self.medium {
            None => 0,
            Some(None) => 1,
            Some(Some(Medium::Tunnel | Medium::Loopback)) => 2 + place(&MEDIA, &Medium::Virtual),
            Some(Some(medium)) => 2 + place(&MEDIA, &medium),
        };
        bits.put(medium, 3);
        bits.put(self.vpn.map_or(0, |level| 1 + place(&LEVELS, &level)), 3);
        bits.put(self.public.map_or(0, |public| 1 + u32::from(public)), 2);
        bits.put(u32::from(self.unknown), 1);
        bits.put(if self.more { 7 } else { u32::try_from(self.checks.len()).unwrap_or(0) }, 3);
        for check in &self.checks {
            bits.put(place(NUMBERS, check), 7);
        }
        let mut symbols = bits.symbols();
        symbols.extend(parity(&symbols));
        let letters: Vec<char> = symbols.iter().map(|&symbol| letter(symbol)).collect();
        letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }

    /// Reads a code as it was heard: in any case, with or without hyphens and spaces; O is 0, I and L are 1.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, Wrong> {
        let mut symbols = Vec::new();
        for c in text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '.' | '_')) {
            let plain = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let symbol = LETTERS.iter().position(|&letter| char::from(letter) == plain).ok_or(Wrong::Character(c))?;
            symbols.push(u8::try_from(symbol).unwrap_or(0));
            if symbols.len() > 31 {
                return Err(Wrong::Length);
            }
        }
        let body = symbols.len().checked_sub(CHECKS).filter(|body| *body >= 4).ok_or(Wrong::Length)?;
        let (data, given) = symbols.split_at(body);
        if parity(data) != given {
            return Err(Wrong::Misheard);
        }
        let mut bits = Bits::of(data);
        if bits.take(2)? != 0 {
            return Err(Wrong::Later);
        }
        let word = *WORDS.get(bits.take(2)?).ok_or(Wrong::Later)?;
        let medium = match bits.take(3)? {
            0 => None,
            1 => Some(None),
            other => Some(Some(*MEDIA.get(other - 2).ok_or(Wrong::Later)?)),
        };
        let vpn = match bits.take(3)? {
            0 => None,
            other => Some(*LEVELS.get(other - 1).ok_or(Wrong::Later)?),
        };
        let public = match bits.take(2)? {
            0 => None,
            1 => Some(false),
            2 => Some(true),
            _ => return Err(Wrong::Later),
        };
        let unknown = bits.take(1)? == 1;
        let count = bits.take(3)?;
        let more = count == 7;
        let mut listed = Vec::new();
        for _ in 0..count.min(MOST) {
            let id = NUMBERS.get(bits.take(7)?).ok_or(Wrong::Later)?;
            listed.push(checks::find(id).ok_or(Wrong::Later)?.id);
        }
        // Nothing may be left but what fills the last character.
        if bits.left() >= 5 || bits.take(bits.left())? != 0 {
            return Err(Wrong::Length);
        }
        Ok(Self { word, medium, vpn, public, unknown, checks: listed, more })
    }
}

fn place<T: PartialEq>(all: &[T], one: &T) -> u32 {
    u32::try_from(all.iter().position(|other| other == one).unwrap_or(0)).unwrap_or(0)
}

fn letter(symbol: u8) -> char {
    LETTERS.get(usize::from(symbol)).map_or('0', |&letter| char::from(letter))
}

/// Bits, the weightiest first.
#[derive(Debug, Default)]
struct Bits {
    bits: Vec<bool>,
    at: usize,
}

impl Bits {
    fn of(symbols: &[u8]) -> Self {
        let bits = symbols.iter().flat_map(|symbol| (0..5).rev().map(move |place| symbol >> place & 1 == 1)).collect();
        Self { bits, at: 0 }
    }

    fn put(&mut self, value: u32, width: u32) {
        self.bits.extend((0..width).rev().map(|place| value >> place & 1 == 1));
    }

    fn symbols(&self) -> Vec<u8> {
        let one = |five: &[bool]| (0..5).fold(0, |symbol, at| symbol << 1 | u8::from(five.get(at) == Some(&true)));
        self.bits.chunks(5).map(one).collect()
    }

    const fn left(&self) -> usize {
        self.bits.len().saturating_sub(self.at)
    }

    fn take(&mut self, width: usize) -> Result<usize, Wrong> {
        let taken = self.bits.get(self.at..self.at + width).ok_or(Wrong::Length)?;
        self.at += width;
        Ok(taken.iter().fold(0, |value, &bit| value << 1 | usize::from(bit)))
    }
}

/// A product in GF(32), with x⁵ + x² + 1.
const fn times(a: u8, b: u8) -> u8 {
    let (mut product, mut a, mut b) = (0, a, b);
    while b > 0 {
        if b & 1 == 1 {
            product ^= a;
        }
        a <<= 1;
        if a & 32 != 0 {
            a ^= 0b10_0101;
        }
        b >>= 1;
    }
    product
}

/// The check characters: the rest of the division by (x − 2)(x − 4)(x − 8). A code with them is a word of a Reed–Solomon
/// code of distance 4.
fn parity(data: &[u8]) -> [u8; CHECKS] {
    // The product, without its leading one.
    const GENERATOR: [u8; CHECKS] = {
        let (a, b, c) = (2, 4, 8);
        [a ^ b ^ c, times(a, b) ^ times(a, c) ^ times(b, c), times(times(a, b), c)]
    };
    data.iter().fold([0; CHECKS], |[first, second, third], symbol| {
        let factor = symbol ^ first;
        let [g1, g2, g3] = GENERATOR;
        [second ^ times(factor, g1), third ^ times(factor, g2), times(factor, g3)]
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told() -> impl Strategy<Value = Told> {
        let medium = prop_oneof![
            Just(None),
            Just(Some(None)),
            prop::sample::select(MEDIA.to_vec()).prop_map(|medium| Some(Some(medium)))
        ];
        let vpn = prop::option::of(prop::sample::select(LEVELS.to_vec()));
        let ids: Vec<&'static str> = checks::ALL.iter().map(|check| check.id).collect();
        let checks = prop::sample::subsequence(ids, 0..=MOST);
        (0..4_usize, medium, vpn, any::<Option<bool>>(), any::<bool>(), checks, any::<bool>()).prop_map(
            |(word, medium, vpn, public, unknown, checks, more)| {
                let more = more && checks.len() == MOST;
                Told { word: WORDS[word], medium, vpn, public, unknown, checks, more }
            },
        )
    }

    #[test]
    fn every_check_has_its_number_and_none_has_two() {
        for check in checks::ALL {
            assert_eq!(NUMBERS.iter().filter(|id| **id == check.id).count(), 1, "{}: add it at the end", check.id);
        }
        assert!(NUMBERS.len() <= 128, "seven bits");
        assert_eq!(NUMBERS[17], "vpn-down", "numbers are never given anew");
    }

    proptest! {
        #[test]
        fn what_is_read_out_is_read_back(told in told()) {
            let code = told.code();
            prop_assert!(code.len() <= 20, "{}", code);
            prop_assert_eq!(Told::read(&code).unwrap(), told.clone());
            let heard = code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
            prop_assert_eq!(Told::read(&heard).unwrap(), told);
        }

        #[test]
        fn up_to_three_wrong_characters_are_noticed(told in told(), wrong in prop::collection::vec((any::<prop::sample::Index>(), 1..32_u8), 1..=3)) {
            let code = told.code().replace('-', "");
            let mut letters: Vec<char> = code.chars().collect();
            for (at, by) in &wrong {
                let at = at.index(letters.len());
                let symbol = LETTERS.iter().position(|&letter| char::from(letter) == letters[at]).unwrap();
                letters[at] = letter((u8::try_from(symbol).unwrap() ^ by) & 31);
            }
            let heard: String = letters.into_iter().collect();
            prop_assume!(heard != code);
            prop_assert_eq!(Told::read(&heard), Err(Wrong::Misheard));
        }

        #[test]
        fn two_swapped_characters_are_noticed(told in told(), at in any::<prop::sample::Index>()) {
            let code = told.code().replace('-', "");
            let mut letters: Vec<char> = code.chars().collect();
            let at = at.index(letters.len() - 1);
            letters.swap(at, at + 1);
            let heard: String = letters.into_iter().collect();
            prop_assume!(heard != code);
            prop_assert_eq!(Told::read(&heard), Err(Wrong::Misheard));
        }

        #[test]
        fn noise_is_no_code(text in "\\PC{0,40}") {
            if let Ok(told) = Told::read(&text) {
                let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
                let plain = plain.to_uppercase().replace('O', "0").replace(['I', 'L'], "1");
                prop_assert_eq!(told.code().replace('-', ""), plain);
            }
        }
    }

    #[test]
    fn what_is_no_code_says_why() {
        assert_eq!(Told::read(""), Err(Wrong::Length));
        assert_eq!(Told::read("K7-W3"), Err(Wrong::Length));
        assert_eq!(Told::read("K7W3U111"), Err(Wrong::Character('U')));
        assert_eq!(Told::read(&"0".repeat(4000)), Err(Wrong::Length));
    }
}
