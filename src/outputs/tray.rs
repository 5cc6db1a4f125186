//! TELL by the tray: one icon (`StatusNotifierItem`), whose shape says how it is, and a menu.

use ksni::menu::{MenuItem, StandardItem, SubMenu};
use ksni::{Category, Handle, Icon, Status, ToolTip, Tray, TrayMethods as _};

use crate::verdict::{Settled, Verdict, Word};
use crate::words::Words;

use super::phrase;

/// The icons: each state at 16, 22, 24, 32 and 48 pixels, one after the other, as ARGB. `service/icons/render` makes them.
const OK: &[u8] = include_bytes!("../../service/icons/pixmaps/ok.argb");
const ATTENTION: &[u8] = include_bytes!("../../service/icons/pixmaps/attention.argb");
const CANNOT_TELL: &[u8] = include_bytes!("../../service/icons/pixmaps/cannot-tell.argb");
const NOT_OK: &[u8] = include_bytes!("../../service/icons/pixmaps/not-ok.argb");
const SIZES: [u16; 5] = [16, 22, 24, 32, 48];

/// So many findings have a line in the menu.
const MOST: usize = 5;

/// What the person chose in the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Explain the verdict, or one finding of it.
    Explain(Option<&'static str>),
    /// Look again now.
    CheckNow,
    /// This network is one the person knows, as it is now.
    Trust,
    /// Say no more of this network until tomorrow.
    SnoozeNetwork,
    /// Say nothing for an hour.
    SnoozeAll,
    /// Open the network's sign-in page.
    OpenSignIn,
    /// Start the employer's VPN.
    ConnectVpn,
    /// Save what the helpdesk needs.
    Report,
    /// What is collected.
    Privacy,
    /// End.
    Quit,
}

/// What the tray shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    word: Word,
    summary: String,
    /// Titles of what is wrong, the worst first, and of what holds the verdict up.
    findings: Vec<(&'static str, String)>,
    sign_in: bool,
    vpn: bool,
    asleep: Option<String>,
    labels: Labels,
}

/// The menu's words.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Labels {
    explain: String,
    check: String,
    sign_in: String,
    vpn: String,
    trust: String,
    snooze: String,
    snooze_network: String,
    snooze_all: String,
    report: String,
    privacy: String,
    quit: String,
}

impl Shown {
    /// Before the first look.
    pub fn looking(words: &Words) -> Self {
        let get = |key| words.get(key);
        Self {
            word: Word::CannotTell,
            summary: get("tray-looking"),
            findings: Vec::new(),
            sign_in: false,
            vpn: false,
            asleep: None,
            labels: Labels {
                explain: get("tray-explain"),
                check: get("tray-check"),
                sign_in: get("offer-sign-in"),
                vpn: get("offer-vpn"),
                trust: get("tray-trust"),
                snooze: get("tray-snooze"),
                snooze_network: get("tray-snooze-network"),
                snooze_all: get("tray-snooze-all"),
                report: get("tray-report"),
                privacy: get("tray-privacy"),
                quit: get("tray-quit"),
            },
        }
    }

    /// This verdict. `asleep` says until when nothing is told, if that is so; `vpn` whether there is one to connect.
    pub fn of(words: &Words, verdict: &Verdict, asleep: Option<String>, vpn: bool) -> Self {
        let wrong = verdict.failures();
        let open = verdict.findings.iter().filter(|finding| finding.holds_up());
        Self {
            word: verdict.word,
            summary: phrase::summary(words, verdict),
            findings: wrong
                .chain(open)
                .take(MOST)
                .map(|finding| (finding.check.id, phrase::title(words, finding)))
                .collect(),
            sign_in: verdict
                .findings
                .iter()
                .any(|finding| finding.check.id == "portal-waiting" && matches!(finding.result, Settled::Fail(_))),
            vpn,
            asleep,
            ..Self::looking(words)
        }
    }
}

/// The item on the panel.
struct Item {
    shown: Shown,
    chosen: Box<dyn Fn(Choice) + Send + Sync>,
}

impl Item {
    fn line(label: &str, choice: Choice) -> MenuItem<Self> {
        StandardItem {
            label: label.replace('_', "__"),
            activate: Box::new(move |item: &mut Self| (item.chosen)(choice)),
            ..StandardItem::default()
        }
        .into()
    }

    fn said(label: &str) -> MenuItem<Self> {
        StandardItem { label: label.replace('_', "__"), enabled: false, ..StandardItem::default() }.into()
    }
}

impl Tray for Item {
    fn id(&self) -> String {
        "homeward".to_owned()
    }

    fn title(&self) -> String {
        "Homeward".to_owned()
    }

    fn category(&self) -> Category {
        Category::SystemServices
    }

    fn status(&self) -> Status {
        match self.shown.word {
            Word::Ok => Status::Passive,
            Word::Attention | Word::CannotTell => Status::Active,
            Word::NotOk => Status::NeedsAttention,
        }
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        pixmaps(self.shown.word)
    }

    fn attention_icon_pixmap(&self) -> Vec<Icon> {
        pixmaps(self.shown.word)
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip { title: "Homeward".to_owned(), description: self.shown.summary.clone(), ..ToolTip::default() }
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        (self.chosen)(Choice::Explain(None));
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let labels = &self.shown.labels;
        let mut menu = vec![Self::line(&self.shown.summary, Choice::Explain(None)), MenuItem::Separator];
        menu.extend(self.shown.findings.iter().map(|(id, title)| Self::line(title, Choice::Explain(Some(id)))));
        if !self.shown.findings.is_empty() {
            menu.push(MenuItem::Separator);
        }
        if self.shown.sign_in {
            menu.push(Self::line(&labels.sign_in, Choice::OpenSignIn));
        }
        if self.shown.vpn {
            menu.push(Self::line(&labels.vpn, Choice::ConnectVpn));
        }
        menu.push(Self::line(&labels.explain, Choice::Explain(None)));
        menu.push(Self::line(&labels.check, Choice::CheckNow));
        if let Some(asleep) = &self.shown.asleep {
            menu.push(Self::said(asleep));
        }
        let snooze = vec![
            Self::line(&labels.snooze_network, Choice::SnoozeNetwork),
            Self::line(&labels.snooze_all, Choice::SnoozeAll),
        ];
        menu.push(SubMenu { label: labels.snooze.clone(), submenu: snooze, ..SubMenu::default() }.into());
        menu.push(Self::line(&labels.trust, Choice::Trust));
        menu.push(Self::line(&labels.report, Choice::Report));
        menu.push(Self::line(&labels.privacy, Choice::Privacy));
        menu.push(MenuItem::Separator);
        menu.push(Self::line(&labels.quit, Choice::Quit));
        menu
    }

    fn watcher_offline(&self, _reason: ksni::OfflineReason) -> bool {
        // The panel may come back; meanwhile the bubbles tell.
        true
    }
}

fn pixmaps(word: Word) -> Vec<Icon> {
    let mut rest = match word {
        Word::Ok => OK,
        Word::Attention => ATTENTION,
        Word::CannotTell => CANNOT_TELL,
        Word::NotOk => NOT_OK,
    };
    let mut icons = Vec::with_capacity(SIZES.len());
    for size in SIZES {
        let Some((data, after)) = rest.split_at_checked(4 * usize::from(size) * usize::from(size)) else { break };
        rest = after;
        icons.push(Icon { width: size.into(), height: size.into(), data: data.to_vec() });
    }
    icons
}

/// The icon, for as long as this is kept.
pub struct Panel {
    handle: Handle<Item>,
}

impl std::fmt::Debug for Panel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Panel").finish_non_exhaustive()
    }
}

impl Panel {
    /// Puts the icon on the panel; where there is none yet, as soon as there is one.
    ///
    /// # Errors
    /// In words, when there is no session bus.
    pub async fn put(shown: Shown, chosen: impl Fn(Choice) + Send + Sync + 'static) -> Result<Self, String> {
        let item = Item { shown, chosen: Box::new(chosen) };
        let handle = item.assume_sni_available(true).spawn().await.map_err(|error| error.to_string())?;
        Ok(Self { handle })
    }

    /// Shows this instead. Gives `false` when the panel's service has ended.
    pub async fn show(&self, shown: Shown) -> bool {
        self.handle.update(|item| item.shown = shown).await.is_some()
    }

    /// Takes the icon away.
    pub async fn take_away(self) {
        self.handle.shutdown().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_an_icon_of_its_own_at_every_size() {
        let all: Vec<Vec<Icon>> = [Word::Ok, Word::Attention, Word::CannotTell, Word::NotOk].map(pixmaps).into();
        for icons in &all {
            let sizes: Vec<i32> = icons.iter().map(|icon| icon.width).collect();
            assert_eq!(sizes, [16, 22, 24, 32, 48]);
            assert!(icons.iter().all(|icon| icon.data.len() == 4 * usize::try_from(icon.width * icon.height).unwrap()));
            // Something is drawn, and not everything.
            assert!(icons.iter().all(|icon| icon.data.chunks(4).any(|pixel| pixel[0] == 255)));
            assert!(icons.iter().all(|icon| icon.data.chunks(4).any(|pixel| pixel[0] == 0)));
        }
        // Told apart by shape, not by colour alone: the masks differ.
        let mask = |icon: &Icon| icon.data.chunks(4).map(|pixel| pixel[0] > 127).collect::<Vec<_>>();
        for (number, one) in all.iter().enumerate() {
            for other in all.iter().skip(number + 1) {
                let differing =
                    mask(&one[0]).iter().zip(mask(&other[0])).filter(|(one, other)| **one != *other).count();
                assert!(differing > 16 * 16 / 20, "two shapes are too much alike at 16 pixels");
            }
        }
    }
}
