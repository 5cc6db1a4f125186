//! Which languages there are, and which one a person reads.

use unic_langid::LanguageIdentifier;

/// A language of the catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English, which every other falls back to.
    #[default]
    En,
}

/// Names and texts of files compiled in.
type Files = &'static [(&'static str, &'static str)];

const EN: Files = &[
    ("common.ftl", include_str!("en/common.ftl")),
    ("terminal.ftl", include_str!("en/terminal.ftl")),
    ("commands.ftl", include_str!("en/commands.ftl")),
    ("attest.ftl", include_str!("en/attest.ftl")),
    ("link.ftl", include_str!("en/link.ftl")),
    ("watch.ftl", include_str!("en/watch.ftl")),
    ("wifi.ftl", include_str!("en/wifi.ftl")),
    ("networks.ftl", include_str!("en/networks.ftl")),
    ("place.ftl", include_str!("en/place.ftl")),
    ("vpn.ftl", include_str!("en/vpn.ftl")),
    ("dns.ftl", include_str!("en/dns.ftl")),
    ("traffic.ftl", include_str!("en/traffic.ftl")),
    ("labels.ftl", include_str!("en/labels.ftl")),
    ("history.ftl", include_str!("en/history.ftl")),
    ("report.ftl", include_str!("en/report.ftl")),
    ("fleet.ftl", include_str!("en/fleet.ftl")),
    ("inspect.ftl", include_str!("en/inspect.ftl")),
];

impl Lang {
    /// Every language there is.
    pub const ALL: &'static [Self] = &[Self::En];

    /// Its tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
        }
    }

    pub(super) fn identifier(self) -> LanguageIdentifier {
        self.tag().parse().unwrap_or_default()
    }

    /// Its Fluent files, by name.
    pub const fn catalogue(self) -> Files {
        match self {
            Self::En => EN,
        }
    }

    /// Its words for a check; `None` for English, whose words lie beside the check, and where a
    /// translation is missing.
    pub const fn check_words(self, _id: &str) -> Option<&'static str> {
        match self {
            Self::En => None,
        }
    }

    /// The language of a tag or a locale's name (`en`, `en_GB.UTF-8`, `C`); `None` when it is not in
    /// the catalogue.
    ///
    /// Traditional Chinese is named explicitly by script or by the places that write it, and never
    /// by way of bare `zh`, which would be Simplified.
    pub fn of(tag: &str) -> Option<Self> {
        match canonical(tag)?.as_str() {
            "en" => Some(Self::En),
            _ => None,
        }
    }
}

/// The tag a name stands for among those this catalogue has or will have.
fn canonical(name: &str) -> Option<String> {
    let plain = name.split(['.', '@']).next().unwrap_or_default();
    if matches!(plain, "C" | "POSIX") {
        return Some("en".to_owned());
    }
    let mut parts = plain.split(['-', '_']).map(str::to_ascii_lowercase);
    let language = parts.next().filter(|part| !part.is_empty())?;
    let rest: Vec<String> = parts.collect();
    let has = |wanted: &str| rest.iter().any(|part| part == wanted);
    let traditional = has("hant") || (!has("hans") && (has("hk") || has("mo") || has("tw")));
    Some(if language == "zh" && traditional { "zh-Hant".to_owned() } else { language })
}

/// What was picked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    /// The language to speak.
    pub lang: Lang,
    /// The language asked for on the command line, when it is not in the catalogue: to be told.
    pub missing: Option<String>,
}

/// Picks the language: what the command line asks for, else the first of `LC_ALL`, `LC_MESSAGES` and
/// `LANG` that is set, else English.
pub fn pick(asked: Option<&str>, environment: impl Fn(&str) -> Option<String>) -> Picked {
    if let Some(tag) = asked {
        let lang = Lang::of(tag);
        return Picked { lang: lang.unwrap_or_default(), missing: lang.is_none().then(|| tag.to_owned()) };
    }
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| environment(name).filter(|value| !value.is_empty()));
    Picked { lang: locale.and_then(|locale| Lang::of(&locale)).unwrap_or_default(), missing: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hong_kong_macau_and_taiwan_read_traditional_characters() {
        for name in ["zh_HK.UTF-8", "zh-HK", "zh_MO", "zh_TW.Big5", "zh-Hant", "zh-Hant-HK", "zh_Hant_TW"] {
            assert_eq!(canonical(name).as_deref(), Some("zh-Hant"), "{name}");
        }
        for name in ["zh", "zh_CN.UTF-8", "zh-Hans", "zh-Hans-HK", "zh_SG"] {
            assert_eq!(canonical(name).as_deref(), Some("zh"), "{name}");
        }
    }

    #[test]
    fn the_command_line_outranks_the_locale_and_lc_all_the_rest() {
        let environment = |name: &str| match name {
            "LC_ALL" => Some(String::new()),
            "LANG" => Some("en_GB.UTF-8".to_owned()),
            _ => None,
        };
        assert_eq!(pick(None, environment), Picked { lang: Lang::En, missing: None });
        assert_eq!(pick(Some("en"), environment).missing, None);
        assert_eq!(pick(Some("xx"), environment), Picked { lang: Lang::En, missing: Some("xx".to_owned()) });
        assert_eq!(pick(None, |_| Some("fr_FR.UTF-8".to_owned())), Picked { lang: Lang::En, missing: None });
    }
}
