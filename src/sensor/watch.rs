//! The watch: packets, links, listeners and the second process, in one loop on one thread.

use std::fmt::Write as _;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::thread::CapabilitySet;
use tokio::io::unix::AsyncFd;
use tokio::signal::unix::{SignalKind, signal};

use super::arguments::Options;
use super::cage::{self, Cage, Calls};
use super::gather::{Gatherer, Said};
use super::publish::{Listener, Publisher};
use super::sight::{Moment, Sight};
use super::witness::Witness;
use super::{Stop, admit, note, say};
use crate::facts::sensor::{Capture, Confined, Hello, Line, Losses, Privileged, Report};
use crate::sources::link::follow::Follower;
use crate::wire::live::links::{self, Followed};
use crate::wire::live::{self, Source};
use crate::wire::matcher::Matcher;
use crate::wire::{FrameSource as _, Stamp};

/// Packets looked at in a second, and at once; what comes beyond is let go unread and counted.
const PACE: f64 = 50_000.0;
const BURST: f64 = 25_000.0;

/// Packets looked at before others have their turn.
const BATCH: u32 = 2_000;

/// After word of a change of links, so long is waited for more of it.
const SETTLE: Duration = Duration::from_millis(150);

/// A report is made at most this often; where only numbers have changed, that often.
const NEWS: Duration = Duration::from_secs(1);
const NUMBERS: Duration = Duration::from_secs(10);

/// The second process is waited for at most this long, at the start and before a report.
const START: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_millis(500);

/// Confines this process and watches until it is told to end.
///
/// # Errors
/// When it cannot be confined, or the packet socket fails.
pub async fn run(
    options: &Options,
    matcher: &Matcher,
    listener: Option<Listener>,
    mut source: Source,
    mut gatherer: Gatherer,
) -> Result<(), Stop> {
    let failed = |doing: &'static str| move |error: std::io::Error| Stop::fault(doing, error);
    let mut end = signal(SignalKind::terminate()).map_err(failed("waiting for signals"))?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed("waiting for signals"))?;
    let follower = Follower::open().map_err(|reason| Stop::fault("following links", format!("{reason:?}")))?;
    let capture = match source {
        Source::Ring(_) => Capture::Ring,
        Source::Channels(_) => Capture::Channels,
    };
    let ready = source.readiness().map_err(failed("waiting for packets"))?;

    // From here on, no rights. The service manager is told before its socket is out of reach.
    let other = tokio::time::timeout(START, gatherer.said()).await;
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    let mut calls = vec![Calls::Accept];
    if capture == Capture::Channels {
        calls.push(Calls::Bind);
    }
    let own = cage::enter(&Cage {
        process: "packets",
        keep: CapabilitySet::empty(),
        read: &[admit::folder()],
        remove_in: listener.as_ref().and_then(Listener::folder),
        calls: &calls,
    })?;
    let mut processes = vec![own];
    let gatherer = match other {
        Ok(Ok(Said::Confined(confined))) => {
            processes.push(confined);
            Some(gatherer)
        }
        _ => None,
    };
    if gatherer.is_none() {
        note("the second process does not answer: WireGuard, IPsec and nftables stay unknown");
    }
    for confined in &processes {
        note(&told(confined));
    }

    let now = Moment::now();
    let hello = Hello { version: env!("CARGO_PKG_VERSION").to_owned(), started: now.wall, capture, processes };
    let publisher =
        listener.map(|listener| Publisher::new(listener, &Line::hello(hello), Path::new(admit::USERS), now.steady));
    let mut watch = Watch {
        only: options.interfaces.clone(),
        sight: Sight::new(matcher),
        witness: Witness::default(),
        follower,
        unheard: 0,
        losses: Losses::default(),
        privileged: Privileged::default(),
        allowance: (BURST, now.steady),
        gatherer,
        news: false,
        told: now.steady,
        told_packets: 0,
    };
    watch.links(&mut source).await?;
    let until = options.once.map(|once| now.steady + once);
    let ended = async {
        tokio::select! {
            _ = end.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    watch.watch(&mut source, &ready, publisher, until, ended).await?;
    if options.once.is_some() {
        watch.ask().await;
        let report = watch.report(&mut source, Moment::now());
        return say(&if options.json { json(report)? } else { text(&report) });
    }
    Ok(())
}

/// What the loop holds.
struct Watch<'m> {
    /// Only these links.
    only: Vec<String>,
    sight: Sight<'m>,
    witness: Witness,
    follower: Follower,
    unheard: u64,
    losses: Losses,
    privileged: Privileged,
    /// Packets that may still be looked at, and as of when.
    allowance: (f64, Instant),
    gatherer: Option<Gatherer>,
    /// Something was seen that was not told yet.
    news: bool,
    /// When a report was last made, and how many packets it told of.
    told: Instant,
    told_packets: u64,
}

impl Watch<'_> {
    async fn watch(
        &mut self,
        source: &mut Source,
        ready: &AsyncFd<OwnedFd>,
        mut publisher: Option<Publisher>,
        until: Option<Instant>,
        end: impl Future<Output = ()>,
    ) -> Result<(), Stop> {
        tokio::pin!(end);
        // When links are read anew, and when a report is due: nothing is due where nobody listens.
        let mut settled: Option<Instant> = None;
        let mut asked: Option<Instant> = None;
        loop {
            let heard = publisher.as_mut().is_some_and(Publisher::is_heard);
            let due = match asked {
                Some(at) => Some(at + ANSWER),
                None if heard => Some(self.told + if self.news { NEWS } else { NUMBERS }),
                None => None,
            };
            let next = [settled, due, until].into_iter().flatten().min();
            tokio::select! {
                () = &mut end => return Ok(()),
                ready = ready.readable() => {
                    let mut ready = ready.map_err(|error| Stop::fault("waiting for packets", error))?;
                    if !self.packets(source) {
                        ready.clear_ready();
                    }
                    if self.witnessed() && heard && let Some(publisher) = &mut publisher {
                        self.tell(publisher, source);
                    }
                }
                changed = self.follower.changed(), if settled.is_none() => {
                    changed.map_err(|reason| Stop::fault("following links", format!("{reason:?}")))?;
                    settled = Some(Instant::now() + SETTLE);
                }
                admitted = come(&mut publisher) => {
                    if admitted {
                        // They are told all as soon as the second process has answered.
                        asked = Some(Instant::now());
                        self.request().await;
                    }
                }
                said = said(&mut self.gatherer) => {
                    self.hear(said);
                    if asked.take().is_some() && let Some(publisher) = &mut publisher {
                        self.tell(publisher, source);
                    }
                }
                () = sleep(next) => {
                    let now = Instant::now();
                    if until.is_some_and(|until| now >= until) {
                        return Ok(());
                    }
                    if settled.is_some_and(|at| now >= at) {
                        settled = None;
                        self.links(source).await?;
                    }
                    if due.is_some_and(|due| now >= due) && let Some(publisher) = &mut publisher {
                        if asked.take().is_some() || self.is_news() {
                            self.tell(publisher, source);
                        } else {
                            self.told = now;
                        }
                        self.request().await;
                    }
                }
            }
        }
    }

    /// Reads the links anew and hears those that matter.
    async fn links(&mut self, source: &mut Source) -> Result<(), Stop> {
        let now = self.follower.list().await;
        let now = now.map_err(|reason| Stop::fault("reading links", format!("{reason:?}")))?;
        let mut followed: Vec<Followed> = links::matter(&now.interfaces, &now.outward, &self.only);
        let unheard = source.follow(&followed);
        self.unheard = unheard.len() as u64;
        followed.retain(|link| !unheard.contains(link));
        self.news |= self.sight.follow(&followed, Moment::now());
        Ok(())
    }

    /// Looks at the packets that are there, as many as may be at once; whether there may be more.
    fn packets(&mut self, source: &mut Source) -> bool {
        let now = Moment::now();
        let (allowance, at) = self.allowance;
        let passed = now.steady.saturating_duration_since(at).as_secs_f64();
        let mut allowance = (allowance + passed * PACE).min(BURST);
        source.at(Stamp(i64::try_from(now.wall.as_nanosecond()).unwrap_or(0)));
        self.sight.turn(now);
        let mut more = true;
        for _ in 0..BATCH {
            if allowance < 1.0 {
                // A flood: what waits is let go, so that the machine stays usable and later packets find room.
                match source.shed() {
                    0 => more = false,
                    shed => self.losses.shed += shed,
                }
                break;
            }
            let Ok(Some(frame)) = source.next() else {
                more = false;
                break;
            };
            allowance -= 1.0;
            let Some(interface) = live::interface(&frame) else { continue };
            let Some(name) = self.sight.name(interface) else { continue };
            self.news |= self.witness.look(&frame, name, now.steady);
            self.news |= self.sight.frame(interface, &frame);
        }
        self.allowance = (allowance, now.steady);
        more
    }

    /// Whether a probe was seen that is to be told at once.
    fn witnessed(&mut self) -> bool {
        self.witness.take_new()
    }

    fn is_news(&self) -> bool {
        self.news || self.sight.packets() != self.told_packets
    }

    async fn request(&mut self) {
        if let Some(gatherer) = &mut self.gatherer {
            gatherer.ask().await;
        }
    }

    /// Asks the second process and waits for what it says.
    async fn ask(&mut self) {
        self.request().await;
        if let Ok(said) = tokio::time::timeout(ANSWER, said(&mut self.gatherer)).await {
            self.hear(said);
        }
    }

    fn hear(&mut self, said: std::io::Result<Said>) {
        match said {
            Ok(Said::Read(privileged)) => self.privileged = *privileged,
            Ok(Said::Confined(_)) => {}
            Err(error) => {
                note(&format!("the second process is gone: {error}"));
                self.gatherer = None;
                self.privileged = Privileged::default();
            }
        }
    }

    fn tell(&mut self, publisher: &mut Publisher, source: &mut Source) {
        let now = Moment::now();
        let report = self.report(source, now);
        publisher.tell(&Line::report(report), now.steady);
        self.told = now.steady;
        self.told_packets = self.sight.packets();
        self.news = false;
    }

    fn report(&mut self, source: &mut Source, now: Moment) -> Report {
        self.losses.lost += source.lost();
        self.losses.faults = self.sight.faults();
        self.losses.overruns = self.follower.overruns();
        self.losses.unheard = self.unheard;
        let (mut traffic, links) = self.sight.report(now);
        traffic.lost = self.losses.lost + self.losses.shed;
        Report {
            at: now.wall,
            links,
            traffic,
            losses: self.losses,
            privileged: self.privileged.clone(),
            witnessed: self.witness.lately(now.steady),
        }
    }
}

/// Whether someone came and was let in; never, where nobody can come.
async fn come(publisher: &mut Option<Publisher>) -> bool {
    match publisher {
        Some(publisher) => publisher.come().await,
        None => std::future::pending().await,
    }
}

/// What the second process says; nothing, where there is none or it was not asked.
async fn said(gatherer: &mut Option<Gatherer>) -> std::io::Result<Said> {
    match gatherer {
        Some(gatherer) => gatherer.said().await,
        None => std::future::pending().await,
    }
}

async fn sleep(until: Option<Instant>) {
    match until {
        Some(until) => tokio::time::sleep_until(until.into()).await,
        None => std::future::pending().await,
    }
}

/// How a process is confined, for the journal.
fn told(confined: &Confined) -> String {
    let Confined { process, user, capabilities, no_new_privileges, system_calls, files } = confined;
    let rights = if capabilities.is_empty() { "no capability".to_owned() } else { capabilities.join(", ") };
    let mut text = format!("process {process}: user {user}, {rights}");
    for (holds, what) in
        [(*no_new_privileges, "no new privileges"), (*system_calls, "system calls"), (*files, "files (Landlock)")]
    {
        let _ = write!(text, ", {what}{}", if holds { "" } else { ": NOT confined" });
    }
    text
}

fn json(report: Report) -> Result<String, Stop> {
    let mut text =
        serde_json::to_string_pretty(&Line::report(report)).map_err(|error| Stop::fault("telling", error))?;
    text.push('\n');
    Ok(text)
}

fn text(report: &Report) -> String {
    let mut text = String::new();
    for link in &report.links {
        let _ = writeln!(text, "heard {} for {} s", link.interface, link.seconds);
    }
    for sighting in &report.traffic.sightings {
        let on = sighting.interface.as_deref().unwrap_or("?");
        let _ = writeln!(text, "{:8} {:12} {}", sighting.packets, on, sighting.label);
    }
    let _ = writeln!(text, "{} packets, {} lost", report.traffic.packets, report.traffic.lost);
    text
}
