//! WHEN: verdicts and the time to bubbles: what is told, when, and when it is taken back.
//!
//! Pure: time is an argument, and what is to be done comes out of [`Alerts::poll_action`]. A failing check is told when it has
//! lasted as long as its [`Settle`](crate::checks::Settle) asks, and taken back when it has been gone for as long as that asks;
//! what merely follows from another trouble is folded beneath it; an answer that is not known changes nothing. A person can
//! send everything to sleep for an hour, or one network until tomorrow. So many bubbles a day and no more, unless something is worse.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::checks::{Check, Severity};
use crate::facts::Basis;
use crate::verdict::{Finding, Settled, Verdict};

/// This moment, by two clocks.
#[derive(Clone, Debug)]
pub struct Now {
    /// Since this computer was started, its sleep included (`CLOCK_BOOTTIME`): what lasts is measured by it.
    pub boot: Duration,
    /// The time of day, for "today" and "tomorrow".
    pub wall: jiff::ZonedDateTime,
}

/// How patient and how sparing.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Nothing is told before this long after the start or after sleep: links, leases and tunnels come one after the other.
    pub warm_up: Duration,
    /// So many bubbles a day; more only for what is graver than any of them, or new and at least high.
    pub bubbles_a_day: u32,
    /// Trouble that comes back within this time after it went has to last longer each time before it is told again.
    pub flapping: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { warm_up: Duration::from_secs(15), bubbles_a_day: 6, flapping: Duration::from_secs(30 * 60) }
    }
}

/// What a person can do about a bubble. The first thing it offers is always the explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Offer {
    /// Tell all about it.
    Explain,
    /// Open the network's sign-in page.
    OpenSignIn,
    /// Start the employer's VPN.
    ConnectVpn,
    /// Say no more of this network until tomorrow.
    SnoozeNetwork,
}

/// One thing to be told.
#[derive(Clone, Debug)]
pub struct Bubble {
    /// What failed. Its check's id is the bubble's id.
    pub finding: Finding,
    /// What can be done about it, the explanation first.
    pub offers: Vec<Offer>,
}

impl Bubble {
    /// The same for as long as the trouble lasts, and whenever it comes back.
    pub const fn id(&self) -> &'static str {
        self.finding.check.id
    }

    /// Whether a person would read anything else.
    fn says_the_same(&self, finding: &Finding) -> bool {
        let advice = |finding: &Finding| match &finding.result {
            Settled::Fail(failure) => failure.advice.clone(),
            _ => None,
        };
        self.finding.severity == finding.severity && advice(&self.finding) == advice(finding)
    }
}

/// What is to be done now.
#[derive(Clone, Debug)]
pub enum Action {
    /// Tell this.
    Show(Bubble),
    /// Tell this in the place of what was told under the same id.
    Replace(Bubble),
    /// Take back what was told under this id.
    Withdraw(&'static str),
}

/// What a person wants no more of for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Snooze {
    /// This network, until tomorrow. What is critical and was not there yet is told all the same.
    ThisNetworkUntilTomorrow,
    /// Everything, for an hour.
    EverythingForAnHour,
}

/// What outlives a restart of the watcher.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Kept {
    /// The day that was last counted.
    day: Option<jiff::civil::Date>,
    /// Bubbles of that day.
    bubbles: u32,
    /// The gravest of them.
    worst: Option<Severity>,
    /// How often each check was told of that day, by network.
    told: BTreeMap<String, u32>,
    /// Networks that sleep, with the check ids that were failing then, and until when.
    sleeping: BTreeMap<String, Sleeping>,
    /// Everything sleeps until then.
    all_until: Option<jiff::Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sleeping {
    until: jiff::Timestamp,
    knows: Vec<String>,
}

/// How far along one check's trouble is.
#[derive(Debug)]
struct Trouble {
    check: &'static Check,
    /// The failing finding as last seen.
    finding: Finding,
    /// Since when it has been failing without a pass in between (boot time).
    since: Duration,
    /// Whether the last look showed it failing, on its own account. `false` while it is unknown.
    seen: bool,
    /// Since when it has been gone (boot time).
    gone: Option<Duration>,
    /// What was told, if it was.
    told: Option<Bubble>,
    /// The person closed the bubble, or sent it to sleep: it is not told again unless it gets graver.
    closed: Option<Severity>,
}

/// When each check's trouble last went, and how often it came back since.
#[derive(Clone, Copy, Debug)]
struct Flap {
    went: Duration,
    times: u32,
}

/// The alerts of one session.
#[derive(Debug)]
pub struct Alerts {
    settings: Settings,
    kept: Kept,
    troubles: BTreeMap<&'static str, Trouble>,
    flaps: BTreeMap<&'static str, Flap>,
    withdraw: Vec<&'static str>,
    network: Option<String>,
    sign_in: bool,
    warm_at: Option<Duration>,
}

impl Alerts {
    /// Alerts that go on from what an earlier run kept.
    pub fn new(settings: Settings, kept: Kept) -> Self {
        Self {
            settings,
            kept,
            troubles: BTreeMap::new(),
            flaps: BTreeMap::new(),
            withdraw: Vec::new(),
            network: None,
            sign_in: false,
            warm_at: None,
        }
    }

    /// What is to be kept for the next run.
    pub const fn kept(&self) -> &Kept {
        &self.kept
    }

    /// Takes a verdict in. `network` is the place's name for itself, by whatever the caller knows networks by: when it
    /// changes, everything settles anew.
    pub fn observe(&mut self, verdict: &Verdict, network: Option<&str>, now: &Now) {
        self.turn_the_day(now);
        self.warm_at.get_or_insert(now.boot + self.settings.warm_up);
        let moved = network != self.network.as_deref();
        if moved {
            self.network = network.map(str::to_owned);
        }
        if verdict.offline() {
            // There is no connection to warn of, and what was said of the last one is over.
            self.forget_all();
            return;
        }
        self.sign_in = verdict
            .findings
            .iter()
            .any(|finding| finding.check.id == "portal-waiting" && matches!(finding.result, Settled::Fail(_)));
        if moved {
            // What was told of another network is no longer true, unless this look shows it here, too.
            let gone: Vec<_> = self.troubles.keys().copied().filter(|id| !failing(verdict, id)).collect();
            for id in gone {
                self.drop_trouble(id, now);
            }
            for trouble in self.troubles.values_mut() {
                (trouble.since, trouble.gone) = (now.boot, None);
                trouble.closed = None;
            }
        }
        for finding in &verdict.findings {
            self.take_in(finding, now);
        }
        // A check that is no longer asked (other guidance) says nothing.
        let unasked: Vec<_> = self
            .troubles
            .keys()
            .copied()
            .filter(|id| !verdict.findings.iter().any(|finding| finding.check.id == *id))
            .collect();
        for id in unasked {
            self.drop_trouble(id, now);
        }
    }

    fn take_in(&mut self, finding: &Finding, now: &Now) {
        let id = finding.check.id;
        match &finding.result {
            Settled::Fail(_) if needs_the_person(finding) => match self.troubles.get_mut(id) {
                Some(trouble) => {
                    if trouble.gone.take().is_some() && trouble.told.is_none() {
                        trouble.since = now.boot;
                    }
                    trouble.finding = finding.clone();
                    trouble.seen = true;
                }
                None => {
                    let trouble = Trouble {
                        check: finding.check,
                        finding: finding.clone(),
                        since: now.boot,
                        seen: true,
                        gone: None,
                        told: None,
                        closed: None,
                    };
                    self.troubles.insert(id, trouble);
                }
            },
            // Folded beneath its cause, or grown mild: that is told elsewhere, at once.
            Settled::Fail(_) => self.drop_trouble(id, now),
            // Not seen is not gone.
            Settled::Unknown(..) => {
                if let Some(trouble) = self.troubles.get_mut(id) {
                    trouble.seen = false;
                }
            }
            Settled::Pass(_) | Settled::NotApplicable(_) => {
                let Some(trouble) = self.troubles.get_mut(id) else { return };
                trouble.seen = false;
                if trouble.told.is_none() {
                    self.drop_trouble(id, now);
                } else {
                    trouble.gone.get_or_insert(now.boot);
                }
            }
        }
    }

    /// The computer woke from sleep: every trouble has to show itself anew, as long as it would have had to at first.
    pub fn resumed(&mut self, now: &Now) {
        self.warm_at = Some(now.boot + self.settings.warm_up);
        for trouble in self.troubles.values_mut() {
            trouble.since = now.boot;
            trouble.seen = false;
            if trouble.gone.is_some() {
                trouble.gone = Some(now.boot);
            }
        }
    }

    /// Sends something to sleep, and takes back what was told of it.
    pub fn snooze(&mut self, what: Snooze, now: &Now) {
        match what {
            Snooze::EverythingForAnHour => {
                self.kept.all_until = Some(now.wall.timestamp() + Duration::from_secs(60 * 60));
            }
            Snooze::ThisNetworkUntilTomorrow => {
                let Some(network) = self.network.clone() else { return };
                let Ok(tomorrow) = now.wall.tomorrow().and_then(|day| day.start_of_day()) else { return };
                let knows = self.troubles.keys().map(|id| (*id).to_owned()).collect();
                self.kept.sleeping.insert(network, Sleeping { until: tomorrow.timestamp(), knows });
            }
        }
        for (id, trouble) in &mut self.troubles {
            if trouble.told.take().is_some() {
                self.withdraw.push(id);
            }
        }
    }

    /// Until when everything sleeps, or this network does.
    pub fn asleep_until(&self, now: &Now) -> Option<jiff::Timestamp> {
        let at = now.wall.timestamp();
        let network = self.network.as_ref().and_then(|network| self.kept.sleeping.get(network)).map(|kept| kept.until);
        self.kept.all_until.into_iter().chain(network).filter(|until| *until > at).max()
    }

    /// The person closed this bubble: it is not shown again for the same trouble, unless it gets graver.
    pub fn closed_by_person(&mut self, id: &str) {
        if let Some(trouble) = self.troubles.get_mut(id)
            && let Some(bubble) = trouble.told.take()
        {
            trouble.closed = Some(bubble.finding.severity);
        }
    }

    /// The notification service lost what it showed (it was restarted): what still holds is to be shown again.
    pub fn lost(&mut self) {
        for trouble in self.troubles.values_mut() {
            if trouble.told.take().is_some() {
                self.kept.bubbles = self.kept.bubbles.saturating_sub(1);
            }
        }
    }

    /// When to ask for an action again (boot time), if nothing else happens.
    pub fn poll_timeout(&self, now: &Now) -> Option<Duration> {
        if !self.withdraw.is_empty() {
            return Some(now.boot);
        }
        self.troubles.values().filter_map(|trouble| self.due(trouble, now)).min()
    }

    /// When there is something to do about this trouble (boot time).
    fn due(&self, trouble: &Trouble, now: &Now) -> Option<Duration> {
        let folded = self.told_with_another(trouble);
        if let Some(bubble) = &trouble.told {
            return match trouble.gone {
                Some(gone) => Some(gone + trouble.check.settle.clear),
                None if !trouble.seen => None,
                None => (folded || !bubble.says_the_same(&trouble.finding)).then_some(now.boot),
            };
        }
        if !trouble.seen || folded || trouble.closed.is_some_and(|severity| trouble.finding.severity <= severity) {
            return None;
        }
        let settled = (trouble.since + self.patience(trouble)).max(self.warm_at.unwrap_or_default());
        let at = |wall: jiff::Timestamp| {
            let left = Duration::try_from(wall.duration_since(now.wall.timestamp())).unwrap_or_default();
            // A little later: the day has certainly turned then.
            now.boot + left + Duration::from_secs(1)
        };
        if self.sleeps(trouble, now) {
            return self.asleep_until(now).map(|until| settled.max(at(until)));
        }
        if !self.may_be_told(trouble) {
            let tomorrow = now.wall.tomorrow().and_then(|day| day.start_of_day()).ok()?;
            return Some(settled.max(at(tomorrow.timestamp())));
        }
        Some(settled)
    }

    /// The next thing to be done now, if there is any: what is over is taken back before anything is told.
    pub fn poll_action(&mut self, now: &Now) -> Option<Action> {
        self.turn_the_day(now);
        if let Some(id) = self.withdraw.pop() {
            return Some(Action::Withdraw(id));
        }
        let over = self.troubles.iter().find_map(|(id, trouble)| {
            let gone = trouble.gone?;
            (trouble.told.is_some() && now.boot >= gone + trouble.check.settle.clear).then_some(*id)
        });
        if let Some(id) = over {
            self.drop_trouble(id, now);
            return self.withdraw.pop().map(Action::Withdraw);
        }
        let folded = self.troubles.iter().find_map(|(id, trouble)| {
            (trouble.told.is_some() && trouble.seen && self.told_with_another(trouble)).then_some(*id)
        });
        if let Some(trouble) = folded.and_then(|id| self.troubles.get_mut(id)) {
            trouble.told = None;
            return Some(Action::Withdraw(trouble.check.id));
        }
        let changed = self.troubles.values_mut().find_map(|trouble| {
            let told = trouble.told.as_ref()?;
            if told.says_the_same(&trouble.finding) || !trouble.seen {
                return None;
            }
            let bubble = Bubble { finding: trouble.finding.clone(), offers: told.offers.clone() };
            trouble.told = Some(bubble.clone());
            Some(bubble)
        });
        if let Some(bubble) = changed {
            self.kept.worst = self.kept.worst.max(Some(bubble.finding.severity));
            return Some(Action::Replace(bubble));
        }
        self.next_to_tell(now).map(Action::Show)
    }

    /// The gravest trouble that is due, if it may be told.
    fn next_to_tell(&mut self, now: &Now) -> Option<Bubble> {
        if self.warm_at.is_none_or(|warm| now.boot < warm) {
            return None;
        }
        let mut due: Vec<&Trouble> = self
            .troubles
            .values()
            .filter(|trouble| {
                let severity = trouble.finding.severity;
                trouble.told.is_none()
                    && trouble.seen
                    && trouble.closed.is_none_or(|closed| severity > closed)
                    && now.boot >= trouble.since + self.patience(trouble)
                    && !self.told_with_another(trouble)
                    && !self.sleeps(trouble, now)
            })
            .collect();
        due.sort_by_key(|trouble| std::cmp::Reverse(trouble.finding.severity));
        let id = due.into_iter().find(|trouble| self.may_be_told(trouble)).map(|trouble| trouble.check.id)?;
        let offers = self.offers(id);
        let key = self.key(id);
        let trouble = self.troubles.get_mut(id)?;
        let bubble = Bubble { finding: trouble.finding.clone(), offers };
        trouble.told = Some(bubble.clone());
        self.kept.bubbles = self.kept.bubbles.saturating_add(1);
        self.kept.worst = self.kept.worst.max(Some(bubble.finding.severity));
        let times = self.kept.told.entry(key).or_default();
        *times = times.saturating_add(1);
        Some(bubble)
    }

    /// Whether another trouble's bubble says what is to be done about this one, too.
    fn told_with_another(&self, trouble: &Trouble) -> bool {
        trouble.check.told_with.iter().any(|other| self.troubles.get(other).is_some_and(|other| other.gone.is_none()))
    }

    /// Whether the day's budget, and what was told already, let this be told.
    fn may_be_told(&self, trouble: &Trouble) -> bool {
        let severity = trouble.finding.severity;
        let within = self.kept.bubbles < self.settings.bubbles_a_day;
        let worse = self.kept.worst.is_none_or(|worst| severity > worst);
        let new = severity >= Severity::High && !self.kept.told.contains_key(&self.key(trouble.check.id));
        within || worse || new
    }

    fn sleeps(&self, trouble: &Trouble, now: &Now) -> bool {
        let at = now.wall.timestamp();
        if self.kept.all_until.is_some_and(|until| at < until) {
            return true;
        }
        let Some(sleeping) = self.network.as_ref().and_then(|network| self.kept.sleeping.get(network)) else {
            return false;
        };
        let new_danger = trouble.finding.severity == Severity::Critical
            && !sleeping.knows.iter().any(|known| known == trouble.check.id);
        at < sleeping.until && !new_danger
    }

    /// How long this trouble must last: longer, each time it came back soon after it went (at most eight times as long).
    fn patience(&self, trouble: &Trouble) -> Duration {
        let times = self.flaps.get(trouble.check.id).map_or(0, |flap| flap.times);
        trouble.check.settle.raise.saturating_mul(1 << times.min(3))
    }

    fn offers(&self, id: &'static str) -> Vec<Offer> {
        let mut offers = vec![Offer::Explain];
        if self.sign_in && id == "portal-waiting" {
            offers.push(Offer::OpenSignIn);
        }
        // Behind a sign-in page no VPN comes up: first things first.
        if !self.sign_in && matches!(id, "vpn-down" | "vpn-silent" | "wifi-unencrypted" | "wifi-wep" | "hotspot-public")
        {
            offers.push(Offer::ConnectVpn);
        }
        offers.push(Offer::SnoozeNetwork);
        offers
    }

    fn key(&self, id: &str) -> String {
        format!("{id} {}", self.network.as_deref().unwrap_or_default())
    }

    fn drop_trouble(&mut self, id: &'static str, now: &Now) {
        let Some(trouble) = self.troubles.remove(id) else { return };
        if trouble.told.is_some() {
            self.withdraw.push(id);
        }
        let flapping = self.settings.flapping;
        let flap = self.flaps.entry(id).or_insert(Flap { went: now.boot, times: 0 });
        let soon = flap.times > 0 && now.boot.saturating_sub(flap.went) < flapping;
        // Only what was told, or nearly, counts as coming and going.
        if trouble.told.is_some() || trouble.closed.is_some() {
            *flap = Flap { went: now.boot, times: if soon { flap.times.saturating_add(1) } else { 1 } };
        } else if !soon {
            self.flaps.remove(id);
        }
    }

    fn forget_all(&mut self) {
        for (id, trouble) in std::mem::take(&mut self.troubles) {
            if trouble.told.is_some() {
                self.withdraw.push(id);
            }
        }
    }

    /// What was counted yesterday does not count today, and what slept until now is awake.
    fn turn_the_day(&mut self, now: &Now) {
        let today = now.wall.date();
        if self.kept.day != Some(today) {
            self.kept.day = Some(today);
            (self.kept.bubbles, self.kept.worst) = (0, None);
            self.kept.told.clear();
        }
        let at = now.wall.timestamp();
        self.kept.sleeping.retain(|_, sleeping| sleeping.until > at);
        self.kept.all_until = self.kept.all_until.filter(|until| *until > at);
    }
}

/// Whether a finding is worth a bubble: it is at least of medium weight, follows from nothing else, and is not something the
/// person said.
fn needs_the_person(finding: &Finding) -> bool {
    finding.severity >= Severity::Medium && finding.caused_by.is_none() && finding.check.basis != Basis::Attested
}

fn failing(verdict: &Verdict, id: &str) -> bool {
    verdict.findings.iter().any(|finding| {
        finding.check.id == id && matches!(finding.result, Settled::Fail(_)) && needs_the_person(finding)
    })
}
