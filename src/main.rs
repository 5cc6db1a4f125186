//! `homeward`: arguments in, exit code out.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, Parser, Subcommand};
use homeward::commands::exit::{self, Stop};
use homeward::commands::{
    attest, check, checks, console, generate, guidance, history, inspect, networks, privacy, report, signatures, watch,
};
use homeward::facts::attest::Answer;
use homeward::facts::text::harmless;
use homeward::outputs::fleet::otlp;
use homeward::redact::Level;
use homeward::verdict::Selection;
use homeward::words::Words;

const EXIT_CODES: &str = "\
Exit codes:
  0  ok            nothing in the guidance speaks against working here
  1  attention     usable; something should be put right
  2  not ok        do not work over this connection as it is
  3  cannot tell   something needed for the answer could not be learned
  64 wrong use   65 bad facts file or guidance
  70 a fault of ours   77 not permitted";

const EXAMPLES: &str = "\
Examples:
  homeward check                          look at this connection and judge it
  homeward watch                          stay, tell when something needs you
  homeward report                         write a file for the helpdesk, names taken out
  homeward explain wifi-unencrypted       what a check is about, and what to do
  homeward guidance show                  what is asked of you, and who asks it
  homeward privacy                        all it can send, all it keeps";

const CHECK_EXAMPLES: &str = "\
Examples:
  homeward check --passive                send nothing at all
  homeward check -v                       show what is fine, too
  homeward check --json                   for scripts: the format homeward.check/1
  homeward check --only vpn-down dns-leak
  homeward check --save-facts moment.json keep the moment, in a file of yours,
  homeward check --facts moment.json      and judge it again, here or elsewhere";

const INSPECT_EXAMPLES: &str = "\
Examples:
  homeward inspect capture.pcapng         what was on the wire, and what is wrong with it
  homeward inspect --json *.pcap.zst      for scripts: the format homeward.inspect/1
  tcpdump -U -w - | homeward inspect --jsonl -
                                          as it comes";

const REPORT_EXAMPLES: &str = "\
Examples:
  homeward report --note \"calls drop since noon\"
                                          look, and write homeward-report-….zip here
  homeward report --preview | less        read all of it, write nothing
  homeward report --redact public         fit to be shown to anybody
For the helpdesk:
  homeward check --facts REPORT.zip       judge it again, by what it was judged by
  homeward report diff GOOD.zip BAD.zip   what is different
  homeward report decode K7W3-D14Q-2F     what a code read out over the phone says";

const WATCH_EXAMPLES: &str = "\
Examples:
  homeward watch                          notify and show an icon till log-out
  homeward watch --install                … from the next log-in on
  homeward watch --no-tray --no-notify --jsonl
                                          for programs: a line a change";

const ATTEST_EXAMPLES: &str = "\
Examples:
  homeward attest                              the questions, and your answers so far
  homeward attest router-password-attested yes answer one";

/// Tells whether the connection you work over meets your employer's guidance, and why.
#[derive(Debug, Parser)]
#[command(name = "homeward", version, after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"), max_term_width = 80)]
struct Cli {
    /// Language to speak; there is en so far [default: by the locale]
    #[arg(long, global = true, value_name = "LANG")]
    lang: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Look at this connection once and judge it
    #[command(after_help = format!("{CHECK_EXAMPLES}\n\n{EXIT_CODES}"))]
    Check(Check),
    /// Stay, notify when something needs you, show an icon that tells how it is
    #[command(after_help = WATCH_EXAMPLES)]
    Watch(Watch),
    /// Read packet captures, tell what they show and judge it
    #[command(after_help = format!("{INSPECT_EXAMPLES}\n\n{EXIT_CODES}"))]
    Inspect(Inspect),
    /// List the signatures, run their examples, see which matches what
    Signatures {
        #[command(subcommand)]
        command: SignaturesCommand,
    },
    /// List the checks
    Checks {
        #[command(subcommand)]
        command: Option<ChecksCommand>,
    },
    /// Tell all about one check: what, why, what to do, whose rule, its limits
    Explain {
        /// The check, e.g. wifi-unencrypted
        id: String,
    },
    /// Show what is asked of a connection, try a guidance file, see which check serves which clause
    Guidance {
        #[command(subcommand)]
        command: GuidanceCommand,
    },
    /// Answer the questions no program can answer
    #[command(after_help = ATTEST_EXAMPLES)]
    Attest {
        /// The question, e.g. router-password-attested [default: all]
        id: Option<String>,
        /// The answer
        #[arg(value_enum)]
        answer: Option<Reply>,
    },
    /// What happened when, as far as homeward watch saw it
    History {
        /// How long back: 90m, 24h, 7d
        #[arg(long, value_name = "TIME", default_value = "7d", value_parser = history::duration)]
        since: jiff::SignedDuration,
        /// Print one JSON document (homeward.history/1)
        #[arg(long)]
        json: bool,
    },
    /// Write a report for the helpdesk: the moment, what came before, what is wrong; names taken out, nothing sent
    #[command(after_help = REPORT_EXAMPLES, args_conflicts_with_subcommands = true)]
    Report(Report),
    /// The places met before: list them, trust this one, forget
    Networks {
        #[command(subcommand)]
        command: NetworksCommand,
    },
    /// Write the manual pages and the shells' completions into a folder, for packagers
    #[command(hide = true)]
    Generate {
        /// The folder; man/ and completions/ are made in it
        folder: PathBuf,
    },
    /// Tell every packet Homeward can send, every file it keeps, and who can read it
    Privacy {
        /// As it is under this guidance instead of the installed one
        #[arg(long, value_name = "FILE")]
        guidance: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
struct Report {
    #[command(subcommand)]
    command: Option<ReportCommand>,
    /// Where to write it: a file, a folder, or - for standard output [default: homeward-report-DATE-TIME.zip here]
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// How far back the history in it goes: 90m, 24h, 7d
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = history::duration)]
    since: jiff::SignedDuration,
    /// How much is taken out
    #[arg(long, value_enum, value_name = "LEVEL", default_value = "support")]
    redact: Redaction,
    /// What you want to say to the helpdesk
    #[arg(long, value_name = "TEXT", value_parser = report::note)]
    note: Option<String>,
    /// Print all that would be in it; write nothing
    #[arg(long, conflicts_with = "output")]
    preview: bool,
    /// Send nothing: report what can be read
    #[arg(long)]
    passive: bool,
    /// Judge by this guidance instead of the installed one
    #[arg(long, value_name = "FILE")]
    guidance: Option<PathBuf>,
    /// Report facts recorded earlier, or another report, instead of looking
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum ReportCommand {
    /// Tell what is different between two reports, or facts files
    Diff {
        /// The first, e.g. of a good day
        first: PathBuf,
        /// The second, e.g. of a bad day
        second: PathBuf,
        /// Print one JSON document (homeward.difference/1)
        #[arg(long)]
        json: bool,
    },
    /// Tell what a code says that was read out over the phone
    Decode {
        /// The code; hyphens, spaces and case do not matter
        #[arg(required = true)]
        code: Vec<String>,
    },
}

#[derive(Debug, Args)]
struct Watch {
    /// No icon on the panel
    #[arg(long)]
    no_tray: bool,
    /// No notifications
    #[arg(long)]
    no_notify: bool,
    /// Print a line of JSON for every change of the verdict or of an alert (homeward.watch/1)
    #[arg(long)]
    jsonl: bool,
    /// Judge by this guidance instead of the installed one
    #[arg(long, value_name = "FILE")]
    guidance: Option<PathBuf>,
    /// Where homeward-sensor listens [default: /run/homeward/sensor.sock]
    #[arg(long, value_name = "SOCKET")]
    sensor: Option<PathBuf>,
    /// Tell the system's journal of every change, in fields (HOMEWARD_CHECK=…)
    #[arg(long, help_heading = "For a fleet")]
    journal: bool,
    /// Keep the verdict as metrics in this file, for node_exporter's folder of text files (NAME.prom)
    #[arg(long, value_name = "FILE", help_heading = "For a fleet")]
    metrics: Option<PathBuf>,
    /// Send every change to this collector as OpenTelemetry logs (OTLP/HTTP); nothing is sent without this
    #[arg(long, value_name = "URL", value_parser = otlp::endpoint, help_heading = "For a fleet")]
    otlp: Option<String>,
    /// Start with the session from now on (no package needed), and end
    #[arg(long, conflicts_with_all = ["uninstall", "jsonl", "guidance", "sensor", "no_tray", "no_notify", "journal", "metrics", "otlp"])]
    install: bool,
    /// Start with the session no more, and end
    #[arg(long, conflicts_with_all = ["jsonl", "guidance", "sensor", "no_tray", "no_notify", "journal", "metrics", "otlp"])]
    uninstall: bool,
}

#[derive(Debug, Args)]
struct Inspect {
    /// The captures: pcap or pcapng, plain, gzip or zstd; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print one JSON document (homeward.inspect/1)
    #[arg(long)]
    json: bool,
    /// Print a line of JSON for each new sighting as it comes (homeward.sighting/1), then the document on one line
    #[arg(long, conflicts_with = "json")]
    jsonl: bool,
    /// Judge by this guidance instead of the installed one
    #[arg(long, value_name = "FILE")]
    guidance: Option<PathBuf>,
    /// Use the signatures in this folder, too
    #[arg(long, value_name = "DIR")]
    signatures: Option<PathBuf>,
    /// Show what is fine, and who spoke with whom
    #[arg(short, long)]
    verbose: bool,
}

#[derive(Debug, Subcommand)]
enum SignaturesCommand {
    /// List them: what each shows, what that means, its name and its source
    List {
        /// Use the signatures in this folder, too
        #[arg(long, value_name = "DIR")]
        signatures: Option<PathBuf>,
        /// Print one JSON document (homeward.signatures/1)
        #[arg(long)]
        json: bool,
    },
    /// Run every example through the classifier (exit 65 when one does not hold)
    Test {
        /// Files of signatures [default: the built-in and the installed ones]
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Use the signatures in this folder, too
        #[arg(long, value_name = "DIR")]
        signatures: Option<PathBuf>,
    },
    /// Tell which signature matches which packet of a capture
    Match {
        /// The capture; - is standard input
        #[arg(value_name = "FILE")]
        capture: PathBuf,
        /// Use the signatures in this folder, too
        #[arg(long, value_name = "DIR")]
        signatures: Option<PathBuf>,
        /// Print a line of JSON for each match (homeward.match/1)
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
enum ChecksCommand {
    /// Tell all about one check
    Explain {
        /// The check, e.g. wifi-unencrypted
        id: String,
    },
}

#[derive(Debug, Subcommand)]
enum GuidanceCommand {
    /// Show the guidance in force, and which file sets what
    Show {
        /// Show this guidance instead of the installed one
        #[arg(long, value_name = "FILE")]
        guidance: Option<PathBuf>,
        /// Print one JSON document (homeward.guidance/1)
        #[arg(long)]
        json: bool,
    },
    /// Try a guidance file: says good (exit 0), or everything wrong with it (exit 65)
    Validate {
        /// The file
        file: PathBuf,
    },
    /// Show which checks serve which clause, and what becomes of the others
    Coverage {
        /// For this guidance instead of the installed one
        #[arg(long, value_name = "FILE")]
        guidance: Option<PathBuf>,
        /// Print one JSON document (homeward.coverage/1)
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
enum NetworksCommand {
    /// List them
    List {
        /// Print one JSON document (homeward.networks-list/1)
        #[arg(long)]
        json: bool,
    },
    /// Tell Homeward that the network you are in is one you know, as it is now
    Trust,
    /// Forget one, or all
    Forget {
        /// The beginning of its id, at least four characters, or the name of one you trust
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        network: Option<String>,
        /// All of them
        #[arg(long)]
        all: bool,
    },
}

/// How much is taken out of a report.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Redaction {
    /// Nothing: names and addresses as they were seen
    None,
    /// What is yours: names of networks, addresses, keys
    Support,
    /// What is your employer's, too: fit to be shown to anybody
    Public,
}

impl From<Redaction> for Level {
    fn from(redaction: Redaction) -> Self {
        match redaction {
            Redaction::None => Self::None,
            Redaction::Support => Self::Support,
            Redaction::Public => Self::Public,
        }
    }
}

/// An answer on the command line.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Reply {
    Yes,
    No,
    DontKnow,
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        match reply {
            Reply::Yes => Self::Yes,
            Reply::No => Self::No,
            Reply::DontKnow => Self::DontKnow,
        }
    }
}

#[derive(Debug, Args)]
struct Check {
    /// Print one JSON document (homeward.check/1)
    #[arg(long)]
    json: bool,
    /// Send nothing: judge by what can be read
    #[arg(long)]
    passive: bool,
    /// The whole run takes at most this long
    #[arg(long, value_name = "SECS", default_value = "5", value_parser = seconds, allow_negative_numbers = true)]
    timeout: Duration,
    /// Judge by this guidance instead of the installed one
    #[arg(long, value_name = "FILE")]
    guidance: Option<PathBuf>,
    /// Judge facts recorded earlier, or a report (by what it was judged by), instead of looking; - is standard input
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
    /// Keep the facts in a file that only you can read
    #[arg(long, value_name = "FILE")]
    save_facts: Option<PathBuf>,
    /// Write the explanation as a page for the browser, too, in a file that only you can read
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write the verdict as metrics, too, for node_exporter's folder of text files (NAME.prom)
    #[arg(long, value_name = "FILE")]
    metrics: Option<PathBuf>,
    /// Ask only these checks
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    only: Vec<String>,
    /// Leave these checks out
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    skip: Vec<String>,
    /// Where homeward-sensor listens [default: /run/homeward/sensor.sock]
    #[arg(long, value_name = "SOCKET")]
    sensor: Option<PathBuf>,
    /// Show what is fine and what does not apply, one by one
    #[arg(short, long)]
    verbose: bool,
}

fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.1..=3600.0).contains(&seconds) => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("give seconds, from 0.1 to 3600".to_owned()),
    }
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // `--help` and `--version` come this way, too, and are no mistakes.
            let code = if error.use_stderr() { exit::WRONG_USE } else { 0 };
            match (error.use_stderr(), error.kind()) {
                (true, kind) if kind != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                    let says = error.render().to_string();
                    console::note(harmless_lines(says.strip_prefix("error: ").unwrap_or(&says)).trim_end());
                }
                _ => drop(error.print()),
            }
            return ExitCode::from(code);
        }
    };
    std::panic::set_hook(Box::new(|panic| console::note(&exit::fault(panic))));
    match std::panic::catch_unwind(|| run(cli)) {
        Ok(Ok(code)) => ExitCode::from(code),
        Ok(Err(stop)) => {
            console::note(&stop.says);
            ExitCode::from(stop.code)
        }
        // The hook has told it.
        Err(_) => ExitCode::from(exit::OUR_FAULT),
    }
}

/// What clap says quotes what was typed: each line is made harmless.
fn harmless_lines(text: &str) -> String {
    text.lines().map(|line| harmless(line, 1000)).collect::<Vec<_>>().join("\n")
}

fn run(cli: Cli) -> Result<u8, Stop> {
    let picked = console::language(cli.lang.as_deref());
    let words = Words::new(picked.lang);
    if let Some(lang) = picked.missing {
        console::note(&words.say(&homeward::checks::say("lang-missing").with("lang", lang)));
    }
    match cli.command {
        Command::Check(asked) => check::run(&asked.options(&words)?, &words),
        Command::Watch(Watch { install: true, .. }) => watch::install(&words),
        Command::Watch(Watch { uninstall: true, .. }) => watch::uninstall(&words),
        Command::Watch(asked) => watch::run(&asked.options(), &words),
        Command::Inspect(asked) => inspect::run(&asked.options(), &words),
        Command::Signatures { command: SignaturesCommand::List { signatures, json } } => {
            signatures::list(&words, signatures.as_deref(), json)
        }
        Command::Signatures { command: SignaturesCommand::Test { files, signatures } } => {
            signatures::test(&words, &files, signatures.as_deref())
        }
        Command::Signatures { command: SignaturesCommand::Match { capture, signatures, json } } => {
            signatures::matches(&words, &capture, signatures.as_deref(), json)
        }
        Command::Checks { command: None } => checks::list(&words),
        Command::Checks { command: Some(ChecksCommand::Explain { id }) } | Command::Explain { id } => {
            checks::explain(&words, &id)
        }
        Command::Report(Report { command: Some(ReportCommand::Diff { first, second, json }), .. }) => {
            report::diff(&words, [&first, &second], json, console::look())
        }
        Command::Report(Report { command: Some(ReportCommand::Decode { code }), .. }) => {
            report::decode(&words, &code.join(" "))
        }
        Command::Report(asked) => report::run(&asked.options(), &words),
        Command::History { since, json } => history::run(&words, since, json),
        Command::Generate { folder } => generate::run(Cli::command(), &folder),
        Command::Networks { command: NetworksCommand::List { json } } => networks::list(&words, json),
        Command::Networks { command: NetworksCommand::Trust } => networks::trust(&words),
        Command::Networks { command: NetworksCommand::Forget { network, .. } } => {
            networks::forget(&words, network.as_deref())
        }
        Command::Privacy { guidance } => privacy::run(&words, guidance.as_deref()),
        Command::Guidance { command: GuidanceCommand::Show { guidance, json } } => {
            guidance::show(&words, guidance.as_deref(), json)
        }
        Command::Guidance { command: GuidanceCommand::Validate { file } } => guidance::validate(&words, &file),
        Command::Guidance { command: GuidanceCommand::Coverage { guidance, json } } => {
            guidance::covered(&words, guidance.as_deref(), json)
        }
        Command::Attest { id, answer } => attest::run(&words, id.as_deref(), answer.map(Answer::from)),
    }
}

impl Report {
    fn options(self) -> report::Options {
        let Self { output, since, redact, note, preview, passive, guidance, facts, .. } = self;
        report::Options { output, since, level: redact.into(), note, preview, passive, guidance, facts }
    }
}

impl Watch {
    fn options(self) -> watch::Options {
        let Self { no_tray, no_notify, jsonl, guidance, sensor, journal, metrics, otlp, .. } = self;
        watch::Options { tray: !no_tray, notify: !no_notify, jsonl, guidance, sensor, journal, metrics, otlp }
    }
}

impl Inspect {
    fn options(self) -> inspect::Options {
        let Self { files, json, jsonl, guidance, signatures, verbose } = self;
        inspect::Options { files, json, jsonl, guidance, signatures, verbose }
    }
}

impl Check {
    fn options(self, words: &Words) -> Result<check::Options, Stop> {
        for id in self.only.iter().chain(&self.skip) {
            checks::find(words, id)?;
        }
        if !self.only.is_empty() && self.only.iter().all(|id| self.skip.contains(id)) {
            return Err(Stop::wrong_use(words.get("nothing-left")));
        }
        Ok(check::Options {
            json: self.json,
            passive: self.passive,
            timeout: self.timeout,
            guidance: self.guidance,
            facts: self.facts,
            save_facts: self.save_facts,
            html: self.html,
            metrics: self.metrics,
            selection: Selection { only: self.only, skip: self.skip },
            sensor: self.sensor,
            verbose: self.verbose,
        })
    }
}
