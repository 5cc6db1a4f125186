//! Thirty days of a person who works from home, by a clock that is told what time it is: what pops up, when, and when it goes.
//!
//! The moments are those of `cases/base/`, judged by the real rules; the days are made of them.

#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use homeward::alerts::{Action, Alerts, Kept, Now, Settings, Snooze};
use homeward::checks::Severity;
use homeward::facts::Facts;
use homeward::guidance::{self, Guidance};
use homeward::verdict::{Selection, Settled, Verdict, judge};
use proptest::prelude::*;
use serde_json::Value;

/// RFC 7396, as in tests/cases.rs: objects are merged, null removes, anything else replaces.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if let Value::Object(target) = target {
        for (key, value) in patch {
            if value.is_null() {
                target.remove(key);
            } else {
                merge(target.entry(key).or_insert(Value::Null), value);
            }
        }
    } else {
        *target = Value::Object(patch.clone());
    }
}

/// The verdict on a moment of `cases/base/`, with what a case of `cases/` changes in it.
fn moment(base: &str, case: Option<&str>, guidance: &Guidance) -> Verdict {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let read =
        |path: &Path| std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut facts: Value = serde_json::from_str(&read(&folder.join(format!("base/{base}.json")))).expect("JSON");
    if let Some(case) = case {
        let case: toml::Table = toml::from_str(&read(&folder.join(format!("{case}.toml")))).expect("TOML");
        assert_eq!(case.get("base").and_then(toml::Value::as_str), Some(base), "the case is of another base");
        let patch = case.get("facts").and_then(toml::Value::as_str).expect("a case that changes something");
        merge(&mut facts, &serde_json::from_str(patch).expect("JSON"));
    }
    let facts: Facts = serde_json::from_value(facts).expect("a moment");
    judge(&facts, guidance, &Selection::default())
}

/// What a person comes by in a day.
struct World {
    home: Verdict,
    docked: Verdict,
    vpn: Verdict,
    vpn_gone: Verdict,
    cafe: Verdict,
    portal: Verdict,
    offline: Verdict,
    blind: Verdict,
}

impl World {
    fn new() -> Self {
        let employer =
            guidance::parse("name = \"always\"\nversion = \"1\"\n[vpn]\nrequired = \"always\"\n", "guidance")
                .expect("guidance");
        let lax = Guidance::built_in();
        Self {
            home: moment("home-wifi", None, lax),
            docked: moment("ethernet", None, lax),
            vpn: moment("vpn-full", None, &employer),
            vpn_gone: moment("home-wifi", None, &employer),
            cafe: moment("cafe", None, lax),
            portal: moment("home-wifi", Some("portal-waiting/both-redirected"), lax),
            offline: moment("offline", None, lax),
            blind: moment("blind", None, lax),
        }
    }
}

/// Checks that fail on their own account and are grave.
fn dangers(verdict: &Verdict) -> BTreeSet<&'static str> {
    verdict.failures().filter(|finding| finding.severity >= Severity::High).map(|finding| finding.check.id).collect()
}

fn failing(verdict: &Verdict, id: &str) -> bool {
    verdict.findings.iter().any(|finding| finding.check.id == id && matches!(finding.result, Settled::Fail(_)))
}

/// The watcher, with a clock that is moved by hand.
struct Watch {
    alerts: Alerts,
    now: Now,
    shown: BTreeMap<&'static str, Duration>,
    bubbles: Vec<(jiff::civil::Date, &'static str)>,
    withdrawn: usize,
    /// Longest that a bubble stood while its trouble was known to be over, beyond what its check asks for.
    stale: Duration,
    current: Option<Verdict>,
    healthy_since: BTreeMap<&'static str, Duration>,
    bad_since: Option<Duration>,
    missed: Vec<(jiff::civil::Date, BTreeSet<&'static str>)>,
    was_missed: bool,
}

/// A danger that lasted this long must have been told: the slowest grave check settles in 30 s, times eight for one that
/// comes and goes, and the warm-up.
const LONG: Duration = Duration::from_secs(8 * 30 + 15);

impl Watch {
    fn new() -> Self {
        let wall: jiff::ZonedDateTime = "2026-11-02T07:30[Asia/Hong_Kong]".parse().expect("a time");
        Self {
            alerts: Alerts::new(Settings::default(), Kept::default()),
            now: Now { boot: Duration::from_secs(60), wall },
            shown: BTreeMap::new(),
            bubbles: Vec::new(),
            withdrawn: 0,
            stale: Duration::ZERO,
            current: None,
            healthy_since: BTreeMap::new(),
            bad_since: None,
            missed: Vec::new(),
            was_missed: false,
        }
    }

    fn act(&mut self) {
        while let Some(action) = self.alerts.poll_action(&self.now) {
            match action {
                Action::Show(bubble) => {
                    let id = bubble.id();
                    assert!(self.shown.insert(id, self.now.boot).is_none(), "{id} was there already");
                    let current = self.current.as_ref().expect("a look");
                    assert!(failing(current, id), "{id} is told while it does not fail");
                    self.bubbles.push((self.now.wall.date(), id));
                }
                Action::Replace(bubble) => assert!(self.shown.contains_key(bubble.id()), "replaced what is not there"),
                Action::Withdraw(id) => {
                    assert!(self.shown.remove(id).is_some(), "{id} is taken back and was not there");
                    self.withdrawn += 1;
                }
            }
        }
    }

    /// Time passes; whatever falls due is done then.
    fn pass(&mut self, time: Duration) {
        let end = self.now.boot + time;
        for _ in 0..10_000 {
            self.act();
            let due = self.alerts.poll_timeout(&self.now).filter(|due| *due <= end);
            let Some(due) = due else { break };
            assert!(due > self.now.boot, "asks to be asked again at once, for nothing");
            self.tick(due);
        }
        self.tick(end);
        self.act();
        self.measure();
    }

    fn tick(&mut self, boot: Duration) {
        let passed = boot.saturating_sub(self.now.boot);
        self.now.boot = boot;
        self.now.wall = &self.now.wall + passed;
    }

    fn measure(&mut self) {
        let Some(current) = &self.current else { return };
        for id in self.shown.keys() {
            let since = self.healthy_since.get(id).copied().filter(|_| !failing(current, id));
            if let Some(since) = since {
                let clear = homeward::checks::find(id).expect("a check").settle.clear;
                self.stale = self.stale.max(self.now.boot.saturating_sub(since + clear));
            }
        }
        let dangers = dangers(current);
        if !dangers.is_empty() && self.shown.is_empty() && self.alerts.asleep_until(&self.now).is_none() {
            let lasted = self.now.boot.saturating_sub(self.bad_since.expect("since some time"));
            if lasted > LONG && !self.was_missed {
                self.missed.push((self.now.wall.date(), dangers));
                self.was_missed = true;
            }
        }
    }

    /// A look comes to this.
    fn look(&mut self, verdict: &Verdict, network: Option<&str>) {
        for finding in &verdict.findings {
            if failing(verdict, finding.check.id) {
                self.healthy_since.remove(finding.check.id);
            } else if !matches!(finding.result, Settled::Unknown(..)) {
                self.healthy_since.entry(finding.check.id).or_insert(self.now.boot);
            }
        }
        if dangers(verdict).is_empty() {
            self.bad_since = None;
            self.was_missed = false;
        } else {
            self.bad_since.get_or_insert(self.now.boot);
        }
        self.current = Some(verdict.clone());
        self.alerts.observe(verdict, network, &self.now);
        self.act();
    }

    /// This world for so long, looked at again every few minutes because something small changed.
    fn live(&mut self, verdict: &Verdict, network: Option<&str>, time: Duration) {
        let end = self.now.boot + time;
        while self.now.boot < end {
            self.look(verdict, network);
            self.pass(Duration::from_secs(170).min(end.saturating_sub(self.now.boot)));
        }
    }

    fn sleep(&mut self, time: Duration) {
        // Asleep nothing runs: the clocks jump.
        let boot = self.now.boot + time;
        self.tick(boot);
        self.alerts.resumed(&self.now);
    }
}

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn thirty_days_of_a_persons_life() {
    let world = World::new();
    let mut watch = Watch::new();
    let (mut quiet_days, mut loud_days) = (BTreeSet::new(), BTreeSet::new());
    for day in 0..30_u32 {
        let today = watch.now.wall.date();
        let office_day = day % 7 >= 5;
        // Morning at home: the laptop wakes, the Wi-Fi comes up, the mesh hands it from room to room, docked for work.
        watch.live(&world.offline, None, Duration::from_secs(8));
        watch.live(&world.blind, Some("home"), Duration::from_secs(5));
        watch.live(&world.home, Some("home"), HOUR);
        watch.live(&world.docked, Some("home"), 2 * HOUR);
        watch.live(&world.offline, None, Duration::from_secs(4));
        watch.live(&world.home, Some("home"), 30 * MINUTE);
        // An hour of work by VPN, which reconnects for some seconds every now and then.
        for _ in 0..4 {
            watch.live(&world.vpn, Some("home"), 12 * MINUTE);
            watch.live(&world.vpn_gone, Some("home"), Duration::from_secs(9));
        }
        watch.live(&world.vpn, Some("home"), 10 * MINUTE);
        watch.sleep(HOUR);
        watch.live(&world.offline, None, Duration::from_secs(6));
        watch.live(&world.vpn_gone, Some("home"), Duration::from_secs(12));
        watch.live(&world.vpn, Some("home"), HOUR);
        match day % 7 {
            // A café: open Wi-Fi, ten minutes without the VPN.
            1 | 4 => {
                watch.live(&world.offline, None, 20 * MINUTE);
                watch.live(&world.cafe, Some("cafe"), 10 * MINUTE);
                watch.live(&world.home, Some("home"), HOUR);
                loud_days.insert(today);
            }
            // A train: a sign-in page, tunnels, no network half of the time.
            2 => {
                for _ in 0..3 {
                    watch.live(&world.portal, Some("train"), 3 * MINUTE);
                    watch.live(&world.offline, None, 4 * MINUTE);
                }
                loud_days.insert(today);
            }
            // The VPN is really gone for a quarter of an hour.
            3 => {
                watch.live(&world.vpn_gone, Some("home"), 15 * MINUTE);
                watch.live(&world.vpn, Some("home"), HOUR);
                loud_days.insert(today);
            }
            _ if office_day => watch.live(&world.offline, None, 3 * HOUR),
            _ => {
                quiet_days.insert(today);
            }
        }
        if !loud_days.contains(&today) {
            quiet_days.insert(today);
        }
        // The night.
        watch.live(&world.offline, None, MINUTE);
        let morning = today.tomorrow().expect("a day").at(7, 30, 0, 0);
        let morning = watch.now.wall.time_zone().to_ambiguous_zoned_datetime(morning).compatible().expect("a morning");
        let night = Duration::try_from(morning.timestamp().duration_since(watch.now.wall.timestamp())).expect("later");
        watch.sleep(night);
    }
    let mut by_day: BTreeMap<jiff::civil::Date, Vec<&str>> = BTreeMap::new();
    for (day, id) in &watch.bubbles {
        by_day.entry(*day).or_default().push(id);
    }
    for (day, ids) in &by_day {
        println!("{day}: {}", ids.join(", "));
    }
    println!(
        "30 days: {} bubbles ({:.1} a day), {} taken back, longest stale {:?}, missed dangers {}",
        watch.bubbles.len(),
        f64::from(u32::try_from(watch.bubbles.len()).expect("few")) / 30.0,
        watch.withdrawn,
        watch.stale,
        watch.missed.len()
    );
    for day in &quiet_days {
        assert!(!by_day.contains_key(day), "{day} was a day without trouble, and {:?} popped up", by_day.get(day));
    }
    for day in &loud_days {
        let told = by_day.get(day).map_or(0, Vec::len);
        assert!((1..=3).contains(&told), "{day}: {told} bubbles: {:?}", by_day.get(day));
    }
    assert_eq!(watch.missed, [], "dangers of which nothing was said");
    assert_eq!(watch.stale, Duration::ZERO, "a bubble stood after its trouble was over");
    assert!(watch.shown.is_empty(), "left standing: {:?}", watch.shown);
}

#[test]
fn in_a_cafe_one_thing_is_said_and_taken_back() {
    let world = World::new();
    let mut watch = Watch::new();
    watch.live(&world.home, Some("home"), MINUTE);
    watch.live(&world.cafe, Some("cafe"), 2 * MINUTE);
    assert_eq!(watch.shown.keys().copied().collect::<Vec<_>>(), ["wifi-unencrypted"], "one cause, one bubble");
    // Back at home: what was said of the café is gone at once.
    watch.look(&world.home, Some("home"));
    assert!(watch.shown.is_empty());
}

#[test]
fn what_cannot_be_told_any_more_is_not_healed() {
    let world = World::new();
    let mut watch = Watch::new();
    watch.live(&world.cafe, Some("cafe"), 2 * MINUTE);
    assert_eq!(watch.shown.len(), 1);
    watch.live(&world.blind, Some("cafe"), 10 * MINUTE);
    assert_eq!(watch.shown.len(), 1, "unknown is no all-clear");
    watch.look(&world.offline, None);
    assert!(watch.shown.is_empty(), "no connection, no warning of it");
}

#[test]
fn a_blink_is_not_told() {
    let world = World::new();
    let mut watch = Watch::new();
    watch.live(&world.vpn, Some("home"), 5 * MINUTE);
    for _ in 0..20 {
        watch.live(&world.vpn_gone, Some("home"), Duration::from_secs(15));
        watch.live(&world.vpn, Some("home"), 2 * MINUTE);
    }
    assert_eq!(watch.bubbles, [], "a VPN that reconnects within its settling time");
    watch.live(&world.vpn_gone, Some("home"), MINUTE);
    assert_eq!(watch.bubbles.len(), 1, "one that stays away is told");
}

#[test]
fn snoozed_means_snoozed() {
    let world = World::new();
    let mut watch = Watch::new();
    watch.live(&world.cafe, Some("cafe"), 2 * MINUTE);
    assert_eq!(watch.shown.len(), 1);
    let now = watch.now.clone();
    watch.alerts.snooze(Snooze::ThisNetworkUntilTomorrow, &now);
    watch.pass(Duration::from_secs(1));
    assert!(watch.shown.is_empty(), "taken back");
    let kept = watch.alerts.kept().clone();
    watch.live(&world.cafe, Some("cafe"), 2 * HOUR);
    watch.live(&world.offline, None, MINUTE);
    watch.live(&world.cafe, Some("cafe"), HOUR);
    assert_eq!(watch.bubbles.len(), 1);
    // Over a restart, too.
    let text = serde_json::to_string(&kept).expect("JSON");
    watch.alerts = Alerts::new(Settings::default(), serde_json::from_str(&text).expect("what was written"));
    watch.live(&world.cafe, Some("cafe"), HOUR);
    assert_eq!(watch.bubbles.len(), 1);
    // Another place is another matter.
    watch.live(&world.cafe, Some("another cafe"), HOUR);
    assert_eq!(watch.bubbles.len(), 2);
    // Tomorrow it is told again.
    watch.live(&world.offline, None, 24 * HOUR);
    watch.live(&world.cafe, Some("cafe"), HOUR);
    assert_eq!(watch.bubbles.len(), 3);
}

#[test]
fn everything_sleeps_for_an_hour() {
    let world = World::new();
    let mut watch = Watch::new();
    watch.live(&world.home, Some("home"), MINUTE);
    let now = watch.now.clone();
    watch.alerts.snooze(Snooze::EverythingForAnHour, &now);
    watch.live(&world.cafe, Some("cafe"), 55 * MINUTE);
    assert_eq!(watch.bubbles, []);
    watch.live(&world.cafe, Some("cafe"), 10 * MINUTE);
    assert_eq!(watch.bubbles.len(), 1, "what still holds after the hour is told");
}

#[test]
fn closed_by_the_person_is_closed() {
    let world = World::new();
    let mut watch = Watch::new();
    watch.live(&world.cafe, Some("cafe"), 2 * MINUTE);
    watch.alerts.closed_by_person("wifi-unencrypted");
    watch.shown.clear();
    watch.live(&world.cafe, Some("cafe"), 3 * HOUR);
    assert_eq!(watch.bubbles.len(), 1);
}

#[test]
fn a_notification_service_that_was_restarted_shows_it_again() {
    let world = World::new();
    let mut watch = Watch::new();
    watch.live(&world.cafe, Some("cafe"), 2 * MINUTE);
    watch.alerts.lost();
    watch.shown.clear();
    watch.pass(Duration::from_secs(1));
    assert_eq!(watch.shown.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    /// Whatever happens in whatever order: nothing is shown twice or taken back without having been shown, nothing is told
    /// that does not fail, a day stays bounded, and time never stands still. (`Watch` asserts the first three.)
    #[test]
    fn any_life_is_bearable(steps in proptest::collection::vec((0_usize..8, 0_u64..400, 0_u8..12), 1..120)) {
        let world = World::new();
        let worlds = [
            (&world.home, Some("home")), (&world.docked, Some("home")), (&world.vpn, Some("home")),
            (&world.vpn_gone, Some("home")), (&world.cafe, Some("cafe")), (&world.portal, Some("cafe")),
            (&world.offline, None), (&world.blind, Some("cafe")),
        ];
        let mut watch = Watch::new();
        for (world, seconds, event) in steps {
            let (verdict, network) = worlds[world];
            watch.live(verdict, network, Duration::from_secs(seconds));
            let now = watch.now.clone();
            match event {
                0 => watch.sleep(HOUR),
                1 => watch.alerts.snooze(Snooze::EverythingForAnHour, &now),
                2 => watch.alerts.snooze(Snooze::ThisNetworkUntilTomorrow, &now),
                _ => {}
            }
        }
        let mut by_day: BTreeMap<jiff::civil::Date, usize> = BTreeMap::new();
        for (day, _) in &watch.bubbles {
            *by_day.entry(*day).or_default() += 1;
        }
        // Six a day, what is new and grave in two places, and one that is graver than all.
        prop_assert!(by_day.values().all(|count| *count <= 6 + 5), "{by_day:?}");
        prop_assert_eq!(watch.stale, Duration::ZERO);
    }
}
