//! `homeward check`: look once, judge, say so.

use std::path::PathBuf;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::commands::exit::Stop;
use crate::commands::recorded::{self, Recorded};
use crate::commands::{console, facts_file, remembered};
use crate::facts::{Facts, Looker, Observed, Reason, Thing};
use crate::guidance::{self, Guidance, Moment, Places};
use crate::outputs::{fleet, html, json, terminal};
use crate::sources::machine::Machine;
use crate::sources::{self, Budget, Questions};
use crate::verdict::{self, Selection, Verdict};
use crate::words::Words;

/// What is asked on the command line.
#[derive(Clone, Debug)]
pub struct Options {
    /// JSON instead of text.
    pub json: bool,
    /// Send nothing.
    pub passive: bool,
    /// The whole run.
    pub timeout: Duration,
    /// A guidance file instead of the installed ones.
    pub guidance: Option<PathBuf>,
    /// Recorded facts instead of a look.
    pub facts: Option<PathBuf>,
    /// Where to keep the facts.
    pub save_facts: Option<PathBuf>,
    /// Where to write the explanation as a page.
    pub html: Option<PathBuf>,
    /// Where to write the verdict as metrics.
    pub metrics: Option<PathBuf>,
    /// Which checks.
    pub selection: Selection,
    /// Where the sensor listens, if not where it usually does.
    pub sensor: Option<PathBuf>,
    /// Passes one by one.
    pub verbose: bool,
}

/// Runs the check; gives the exit code of the verdict.
///
/// # Errors
/// A [`Stop`] when it does not come to a verdict, or the verdict could not be told.
pub fn run(options: &Options, words: &Words) -> Result<u8, Stop> {
    let deadline = Instant::now() + options.timeout;
    let (facts, guidance) = match &options.facts {
        Some(path) => {
            let Recorded { facts, guidance: own, .. } = recorded(path.clone(), deadline)?;
            // A bundle is judged by what it was judged by, unless another guidance is chosen.
            match own.filter(|_| options.guidance.is_none()) {
                Some(own) => (facts, own),
                None => (facts, guidance(options, deadline)?),
            }
        }
        None => {
            let guidance = guidance(options, deadline)?;
            (look(options.passive, options.sensor.clone(), &guidance, deadline)?, guidance)
        }
    };
    let live = options.facts.is_none();
    let (facts, guidance, verdict) = judge(facts, guidance, options.selection.clone(), deadline)?;
    if options.json {
        console::print(&json::v1::document(words, &verdict, &guidance).map_err(Stop::our_fault)?)?;
    } else {
        let passive = facts.taken_by.passive;
        let page = terminal::page(words, &verdict, &guidance, passive, options.verbose, console::look());
        console::print(page.as_bytes())?;
    }
    if live {
        remembered::learn(&Machine::this(), &facts);
    }
    if let Some(path) = &options.save_facts {
        facts_file::write(path, &facts)?;
    }
    if let Some(path) = &options.html {
        let page = html::explanation(words, &verdict, &guidance).map_err(Stop::our_fault)?;
        facts_file::put(path, page.as_bytes(), "--html")?;
    }
    if let Some(path) = &options.metrics {
        facts_file::publish(path, fleet::metrics::text(&verdict).as_bytes())
            .map_err(|error| Stop::unwritable(path, &error))?;
    }
    Ok(verdict.word.exit_code())
}

/// The guidance in force.
fn guidance(options: &Options, deadline: Instant) -> Result<Guidance, Stop> {
    let chosen = options.guidance.clone();
    let moment = if options.facts.is_some() { Moment::Recorded } else { Moment::Live };
    in_time(deadline, move || guidance::load(&Places::this(), chosen.as_deref(), moment))?
        .ok_or_else(|| Stop::bad_input("guidance: could not be read in time"))?
        .map_err(|problem| console::problem(&problem))
}

/// A recorded moment.
fn recorded(path: PathBuf, deadline: Instant) -> Result<Recorded, Stop> {
    let name = path.to_string_lossy().into_owned();
    in_time(deadline, move || recorded::read(&path))?
        .ok_or_else(|| Stop::bad_input(format!("{name}: could not be read in time")))?
}

/// The verdict. Judging takes a moment; only a facts file made to be slow takes long.
fn judge(
    facts: Facts,
    guidance: Guidance,
    selection: Selection,
    deadline: Instant,
) -> Result<(Facts, Guidance, Verdict), Stop> {
    let least = Instant::now() + Duration::from_secs(1);
    in_time(deadline.max(least), move || {
        let verdict = verdict::judge(&facts, &guidance, &selection);
        (facts, guidance, verdict)
    })?
    .ok_or_else(|| Stop::bad_input("the facts could not be judged in time"))
}

/// A look at this machine. What is not back in time is unknown for that reason.
///
/// # Errors
/// A fault of ours.
pub(super) fn look(
    passive: bool,
    sensor: Option<PathBuf>,
    guidance: &Guidance,
    deadline: Instant,
) -> Result<Facts, Stop> {
    let now = console::now();
    let questions = Questions { destinations: guidance.destinations.clone(), portal: guidance.portal.clone() };
    // Each source keeps to the budget by itself; the margin is for judging and telling. Should one
    // hold up its thread all the same, the look as a whole is given up.
    let margin = (deadline.saturating_duration_since(Instant::now()) / 10).min(Duration::from_millis(200));
    let before = |margin| deadline.checked_sub(margin).unwrap_or(deadline);
    let ready = before(margin);
    let facts = in_time(before(margin / 2), move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let machine = match sensor {
            Some(socket) => Machine::this().with_sensor(socket),
            None => Machine::this(),
        };
        let facts = runtime.block_on(async {
            let budget = Budget { deadline: tokio::time::Instant::from_std(ready), passive };
            Box::pin(sources::look(&machine, &questions, budget, now)).await
        });
        // A blocking call that is still stuck is left behind, not waited for.
        runtime.shutdown_background();
        Ok::<Facts, std::io::Error>(facts)
    })?;
    let mut facts = match facts {
        Some(facts) => facts.map_err(Stop::our_fault)?,
        None => nothing_in_time(now, passive),
    };
    remembered::recall(&Machine::this(), &mut facts);
    Ok(facts)
}

/// The moment of a look that did not come back.
fn nothing_in_time(now: jiff::Timestamp, passive: bool) -> Facts {
    fn late<T>(what: Thing) -> Observed<T> {
        Observed::Unknown(Reason::TimedOut { what })
    }
    let looker = Looker { homeward: env!("CARGO_PKG_VERSION").to_owned(), root: false, passive };
    Facts {
        link: late(Thing::Netlink),
        wifi: late(Thing::Nl80211),
        vpn: late(Thing::WireguardPeers),
        routes: late(Thing::RouteLookup),
        dns: late(Thing::ResolvConf),
        dhcp: late(Thing::DhcpLease),
        portal: late(Thing::PortalProbe),
        firewall: late(Thing::Nftables),
        proxy: late(Thing::ProxySettings),
        profiles: late(Thing::Profiles),
        attestations: late(Thing::StateFolder),
        traffic: late(Thing::Sensor),
        sensor: late(Thing::Sensor),
        ..Facts::unknown(now, looker)
    }
}

/// Runs `work` on a thread of its own and waits for it until the deadline; `None` when it is late. The
/// process does not wait for a late thread when it ends.
fn in_time<T: Send + 'static>(deadline: Instant, work: impl FnOnce() -> T + Send + 'static) -> Result<Option<T>, Stop> {
    let (done, wait) = mpsc::sync_channel(1);
    std::thread::Builder::new().spawn(move || done.send(work())).map_err(Stop::our_fault)?;
    match wait.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
        Ok(result) => Ok(Some(result)),
        Err(mpsc::RecvTimeoutError::Timeout) => Ok(None),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(Stop::our_fault("a part of Homeward failed; see above")),
    }
}
