//! `homeward watch`: something changed, or it is time → look → judge → alerts → bubbles and tray. The only loop.

mod fleet;
mod install;
mod kept;
mod lines;
mod open;
mod pace;
mod post;
mod present;
mod report;
mod single;
mod vpn;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::alerts::{Action, Alerts, Now, Offer, Settings, Snooze};
use crate::checks::say;
use crate::commands::exit::Stop;
use crate::commands::{check, console, networks, remembered};
use crate::facts::Facts;
use crate::guidance::{self, Guidance, Moment, Places};
use crate::history::Keeper;
use crate::inference;
use crate::inference::vpn::Level;
use crate::outputs::tray::Choice;
use crate::outputs::{desktop, html, json};
use crate::sources::changes::{Change, Changes};
use crate::sources::machine::{self, Machine};
use crate::verdict::{self, Selection, Verdict, Word};
use crate::words::Words;

pub use install::{install, uninstall};
use pace::Pace;
use present::Presence;

/// What is asked on the command line.
#[derive(Clone, Debug)]
pub struct Options {
    /// Put an icon on the panel.
    pub tray: bool,
    /// Show notifications.
    pub notify: bool,
    /// A line of JSON for every change of the verdict or of an alert.
    pub jsonl: bool,
    /// A guidance file instead of the installed ones.
    pub guidance: Option<PathBuf>,
    /// Where the sensor listens, if not where it usually does.
    pub sensor: Option<PathBuf>,
    /// Tell the journal.
    pub journal: bool,
    /// A file of metrics.
    pub metrics: Option<PathBuf>,
    /// The address of a collector's logs.
    pub otlp: Option<String>,
}

/// One look may take this long.
const LOOK: Duration = Duration::from_secs(5);

/// One moment, judged.
struct Judged {
    facts: Facts,
    guidance: Guidance,
    verdict: Verdict,
}

/// Why the loop woke.
enum Woke {
    Changed(Change),
    Looked(Box<Result<Judged, Stop>>),
    LookDue,
    AlertDue,
    Asked(Choice),
    Desktop(desktop::Event),
    Retry,
    End,
}

/// Watches until it is told to end.
///
/// # Errors
/// When another watches in this session, there is no session, or standard output cannot be written.
pub fn run(options: &Options, words: &Words) -> Result<u8, Stop> {
    let folder = single::folder(words)?;
    let _alone = single::alone(words, &folder)?;
    // A guidance file that is faulty now is told now; one that becomes so later does not end the watch.
    let guidance = load(options)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Stop::our_fault)?;
    let done = runtime.block_on(async {
        let mut watch = Watch::new(options, words, folder, guidance)?;
        watch.run().await
    });
    runtime.shutdown_background();
    done.map(|()| 0)
}

fn load(options: &Options) -> Result<Guidance, Stop> {
    guidance::load(&Places::this(), options.guidance.as_deref(), Moment::Live)
        .map_err(|problem| console::problem(&problem))
}

/// Records go to this collector from now on.
fn collector(words: &Words, machine: &Machine, url: &str) -> Result<post::Post, Stop> {
    let database =
        crate::commands::history::path(machine).ok_or_else(|| Stop::wrong_use(words.get("networks-no-home")))?;
    let key = remembered::change(machine, |memory| memory.key_for("collector")).map_err(Stop::our_fault)?;
    let instance = key.iter().take(8).fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let collector = post::Collector { url: url.to_owned(), instance };
    post::Post::new(collector, database, words.lang()).map_err(Stop::our_fault)
}

/// This moment, by both clocks.
fn now() -> Now {
    Now { boot: machine::since_boot(), wall: console::now().to_zoned_datetime(jiff::tz::TimeZone::system()) }
}

struct Watch<'a> {
    options: &'a Options,
    words: &'a Words,
    /// `$XDG_RUNTIME_DIR/homeward`.
    folder: PathBuf,
    guidance: Guidance,
    alerts: Alerts,
    store: kept::Store,
    diary: kept::Diary,
    keeper: Keeper,
    fleet: fleet::Fleet,
    post: Option<post::Post>,
    changes: Changes,
    presence: Presence,
    asked: mpsc::UnboundedReceiver<Choice>,
    pace: Pace,
    looking: Option<JoinHandle<Result<Judged, Stop>>>,
    /// Why the look that is due, or under way, is made.
    causes: Vec<Change>,
    last: Option<Judged>,
    lines: lines::Lines,
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl<'a> Watch<'a> {
    fn new(options: &'a Options, words: &'a Words, folder: PathBuf, guidance: Guidance) -> Result<Self, Stop> {
        let machine = options.sensor.clone().map_or_else(Machine::this, |socket| Machine::this().with_sensor(socket));
        let places = Places::this();
        let mut folders: Vec<PathBuf> = Vec::new();
        for file in places.user.iter().chain([&places.employer]).chain(&options.guidance) {
            folders.extend(file.parent().map(PathBuf::from));
        }
        let store = kept::Store::of(&machine);
        let (ask, asked) = mpsc::unbounded_channel();
        let heard = |kind| signal(kind).map_err(Stop::our_fault);
        Ok(Self {
            options,
            words,
            folder,
            guidance,
            alerts: Alerts::new(Settings::default(), store.read()),
            store,
            diary: kept::Diary::of(&machine),
            keeper: Keeper::default(),
            fleet: fleet::Fleet::new(options.journal, options.metrics.clone()),
            post: options.otlp.as_ref().map(|url| collector(words, &machine, url)).transpose()?,
            changes: Changes::of(&machine, folders),
            presence: Presence::new(options.tray, options.notify, ask),
            asked,
            pace: Pace::new(Instant::now()),
            looking: None,
            causes: Vec::new(),
            last: None,
            lines: lines::Lines::new(options.jsonl),
            terminate: heard(SignalKind::terminate())?,
            interrupt: heard(SignalKind::interrupt())?,
            hang_up: heard(SignalKind::hangup())?,
        })
    }

    async fn run(&mut self) -> Result<(), Stop> {
        self.presence.connect(self.words, None).await;
        while !self.lines.closed() {
            match self.wait().await {
                Woke::Changed(change) => self.changed(change),
                Woke::LookDue => self.look(),
                Woke::Looked(judged) => self.looked(*judged).await?,
                Woke::AlertDue => self.act().await?,
                Woke::Asked(Choice::Quit) | Woke::End => break,
                Woke::Asked(choice) => self.asked(choice).await?,
                Woke::Desktop(event) => self.of_desktop(event).await?,
                Woke::Retry => {
                    if self.presence.connect(self.words, self.shown()).await {
                        self.alerts.lost();
                        self.act().await?;
                    }
                }
            }
        }
        self.presence.leave().await;
        self.diary.end(now().wall.timestamp());
        self.store.write(self.alerts.kept());
        Ok(())
    }

    /// Waits for whatever comes first.
    async fn wait(&mut self) -> Woke {
        let alert = self.alerts.poll_timeout(&now()).map(|due| due.saturating_sub(machine::since_boot()));
        let look = self.looking.is_none().then(|| self.pace.due()).flatten();
        let retry = self.presence.retry();
        tokio::select! {
            _ = self.terminate.recv() => Woke::End,
            _ = self.interrupt.recv() => Woke::End,
            _ = self.hang_up.recv() => Woke::End,
            judged = async { self.looking.as_mut().expect_pending().await } => {
                self.looking = None;
                let fault = |error: tokio::task::JoinError| Err(Stop::our_fault(error));
                Woke::Looked(Box::new(judged.unwrap_or_else(fault)))
            }
            change = self.changes.next() => Woke::Changed(change),
            Some(choice) = self.asked.recv() => Woke::Asked(choice),
            event = self.presence.next() => Woke::Desktop(event),
            () = until(look) => Woke::LookDue,
            () = until(alert.and_then(|wait| Instant::now().checked_add(wait))) => Woke::AlertDue,
            () = until(retry) => Woke::Retry,
        }
    }

    fn changed(&mut self, change: Change) {
        let mut all = vec![change];
        all.extend(self.changes.rest());
        if all.contains(&Change::Resumed) {
            self.alerts.resumed(&now());
        }
        if all.contains(&Change::Guidance) {
            // A person did that, and waits for what comes of it.
            self.pace.at_once(Instant::now());
            match load(self.options) {
                Ok(guidance) => self.guidance = guidance,
                Err(stop) => console::note(&self.words.say(&say("watch-guidance-kept").with("why", stop.says))),
            }
        }
        for change in all {
            if !self.causes.contains(&change) {
                self.causes.push(change);
            }
        }
        self.pace.changed(Instant::now());
    }

    /// Begins a look, in a thread that may block.
    fn look(&mut self) {
        self.pace.began(Instant::now());
        let (guidance, sensor) = (self.guidance.clone(), self.options.sensor.clone());
        self.looking = Some(tokio::task::spawn_blocking(move || {
            let facts = check::look(false, sensor, &guidance, Instant::now() + LOOK)?;
            let verdict = verdict::judge(&facts, &guidance, &Selection::default());
            remembered::learn(&Machine::this(), &facts);
            Ok(Judged { facts, guidance, verdict })
        }));
    }

    async fn looked(&mut self, judged: Result<Judged, Stop>) -> Result<(), Stop> {
        let judged = match judged {
            Ok(judged) => judged,
            Err(stop) => {
                console::note(&stop.says);
                self.pace.again(Instant::now(), true);
                return Ok(());
            }
        };
        let now = now();
        // By its hash, where there is one: what is kept names no network.
        let id = remembered::id(&Machine::this(), &judged.facts);
        let network = id.clone().or_else(|| inference::place::name(&judged.facts));
        self.alerts.observe(&judged.verdict, network.as_deref(), &now);
        self.pace.again(Instant::now(), judged.verdict.word != Word::Ok && !judged.verdict.offline());
        let causes = std::mem::take(&mut self.causes);
        self.lines.verdict(self.words, &judged.verdict, &causes)?;
        self.fleet.measure(self.words, &judged.verdict);
        if judged.guidance.at_work(now.wall.datetime()) {
            self.keep(&judged.verdict, id.as_deref(), now.wall.timestamp());
        } else {
            self.diary.rest();
            self.keeper = Keeper::default();
        }
        self.last = Some(judged);
        self.presence.show(self.shown()).await;
        self.act().await
    }

    /// Keeps what changed, and tells it to whoever is to be told.
    fn keep(&mut self, verdict: &Verdict, network: Option<&str>, now: jiff::Timestamp) {
        let entries = self.keeper.observe(verdict, network);
        let events = fleet::events(&entries, verdict, network);
        self.fleet.tell(self.words, &events);
        let records =
            events.iter().filter(|_| self.post.is_some()).filter_map(|event| serde_json::to_string(event).ok());
        if let Some(why) = self.diary.write(&entries, &records.collect::<Vec<_>>(), now) {
            console::note(&self.words.say(&say("history-not-kept").with("why", why)));
        }
        if let Some(post) = self.post.as_ref().filter(|_| !events.is_empty()) {
            post.wake();
        }
    }

    /// What the tray shows now.
    fn shown(&self) -> Option<crate::outputs::tray::Shown> {
        let judged = self.last.as_ref()?;
        let asleep = self.alerts.asleep_until(&now()).map(|until| {
            let until = until.to_zoned_datetime(jiff::tz::TimeZone::system()).strftime("%H:%M").to_string();
            self.words.say(&say("tray-asleep").with("until", until))
        });
        let none = |vpn: &inference::connection::VpnSummary| vpn.level <= Level::Configured;
        let vpn = self.can(Offer::ConnectVpn) && judged.verdict.connection.vpn.as_ref().is_some_and(none);
        Some(crate::outputs::tray::Shown::of(self.words, &judged.verdict, asleep, vpn))
    }

    /// Does all that is due.
    async fn act(&mut self) -> Result<(), Stop> {
        while let Some(action) = self.alerts.poll_action(&now()) {
            match &action {
                Action::Show(bubble) | Action::Replace(bubble) => {
                    let mut told = desktop::told(self.words, bubble);
                    told.offers.retain(|(offer, _)| self.can(*offer));
                    self.lines.alert(&action, Some(&told))?;
                    self.presence.tell(self.words, &told).await;
                }
                Action::Withdraw(id) => {
                    self.lines.alert(&action, None)?;
                    self.presence.withdraw(id).await;
                }
            }
        }
        self.store.write(self.alerts.kept());
        Ok(())
    }

    /// Whether something would come of what a bubble offers.
    fn can(&self, offer: Offer) -> bool {
        let Some(judged) = &self.last else { return false };
        match offer {
            Offer::Explain | Offer::SnoozeNetwork => true,
            Offer::OpenSignIn => inference::place::sign_in_page(&judged.facts, &judged.guidance).is_some(),
            Offer::ConnectVpn => vpn::of_work(&judged.facts, &judged.guidance).is_some(),
        }
    }

    async fn asked(&mut self, choice: Choice) -> Result<(), Stop> {
        match choice {
            Choice::Explain(id) => self.explain(id).await,
            Choice::CheckNow => self.pace.at_once(Instant::now()),
            Choice::Trust => self.trust(),
            Choice::SnoozeNetwork => self.snooze(Snooze::ThisNetworkUntilTomorrow).await?,
            Choice::SnoozeAll => self.snooze(Snooze::EverythingForAnHour).await?,
            Choice::OpenSignIn => self.sign_in().await,
            Choice::ConnectVpn => self.connect_vpn().await,
            Choice::Report => self.report().await,
            Choice::Privacy => self.privacy().await,
            Choice::Quit => {}
        }
        Ok(())
    }

    async fn of_desktop(&mut self, event: desktop::Event) -> Result<(), Stop> {
        match event {
            desktop::Event::Chosen(id, Offer::Explain) => self.explain(Some(id)).await,
            desktop::Event::Chosen(_, Offer::OpenSignIn) => self.sign_in().await,
            desktop::Event::Chosen(_, Offer::ConnectVpn) => self.connect_vpn().await,
            desktop::Event::Chosen(_, Offer::SnoozeNetwork) => {
                self.snooze(Snooze::ThisNetworkUntilTomorrow).await?;
            }
            desktop::Event::Closed(id) => self.alerts.closed_by_person(id),
            desktop::Event::Came => {
                self.alerts.lost();
                self.act().await?;
            }
            desktop::Event::Lost => self.presence.lost(),
        }
        Ok(())
    }

    async fn snooze(&mut self, what: Snooze) -> Result<(), Stop> {
        self.alerts.snooze(what, &now());
        self.act().await?;
        self.presence.show(self.shown()).await;
        Ok(())
    }

    /// Writes the explanation of the present verdict and opens it.
    async fn explain(&mut self, id: Option<&str>) {
        let Some(judged) = &self.last else { return };
        let page = match html::explanation(self.words, &judged.verdict, &judged.guidance) {
            Ok(page) => page,
            Err(error) => return console::note(&error.to_string()),
        };
        open::page(self.words, &self.folder, "explanation.html", &page, id, &self.presence).await;
    }

    /// Saves the bundle for the helpdesk in the person's home, and says where.
    async fn report(&mut self) {
        let Some(judged) = &self.last else { return };
        let saved = report::save(self.words, judged);
        let (title, body) = match saved {
            Ok(report::Saved { path, code }) => {
                ("report-saved", self.words.say(&say("report-saved-where").with("path", path).with("code", code)))
            }
            Err(stop) => ("report-not-saved", stop.says),
        };
        let title = self.words.get(title);
        let told = desktop::Told { id: "report", title, body, critical: false, mild: true, offers: Vec::new() };
        self.presence.tell(self.words, &told).await;
    }

    async fn privacy(&mut self) {
        let page = crate::commands::privacy::text(self.words, &self.guidance);
        let page = html::plain(self.words, "tray-privacy", &page);
        match page {
            Ok(page) => open::page(self.words, &self.folder, "privacy.html", &page, None, &self.presence).await,
            Err(error) => console::note(&error.to_string()),
        }
    }

    /// Remembers that the person knows this network, and looks again: what was weaker than before is so no more.
    fn trust(&mut self) {
        let Some(judged) = &self.last else { return };
        if let Err(stop) = networks::trust_this(self.words, &judged.facts) {
            console::note(&stop.says);
        }
        self.pace.at_once(Instant::now());
    }

    /// Opens the sign-in page: the address the network announced, else the page whose asking it answered itself.
    async fn sign_in(&mut self) {
        let Some(judged) = &self.last else { return };
        if let Some(address) = inference::place::sign_in_page(&judged.facts, &judged.guidance) {
            open::address(self.words, address, &self.presence).await;
        }
        self.pace.at_once(Instant::now());
    }

    async fn connect_vpn(&mut self) {
        let Some(judged) = &self.last else { return };
        let Some(uuid) = vpn::of_work(&judged.facts, &judged.guidance) else { return };
        if let Err(why) = vpn::connect(&uuid).await {
            // Whoever pressed the button looks at the screen, not at a log.
            let why = self.words.reason(&why);
            let failed = desktop::Told {
                id: "vpn-not-started",
                title: self.words.get("watch-vpn-failed"),
                body: self.words.say(&say("watch-vpn-failed-why").with("why", why)),
                critical: false,
                mild: true,
                offers: Vec::new(),
            };
            self.presence.tell(self.words, &failed).await;
        }
    }
}

/// A look that may not be under way: then this never ends.
trait ExpectPending<T> {
    async fn expect_pending(self) -> T;
}

impl<T> ExpectPending<Result<T, tokio::task::JoinError>> for Option<&mut JoinHandle<T>> {
    async fn expect_pending(self) -> Result<T, tokio::task::JoinError> {
        match self {
            Some(handle) => handle.await,
            None => std::future::pending().await,
        }
    }
}

/// Sleeps until then; for ever where there is no then.
async fn until(then: Option<Instant>) {
    match then {
        Some(then) => tokio::time::sleep_until(then.into()).await,
        None => std::future::pending().await,
    }
}

/// The JSON lines of this command, whose format this is.
pub const FORMAT: &str = json::watch::FORMAT;
