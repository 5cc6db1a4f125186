//! `homeward-sensor`: sees packets, and reads what only a privileged process may, for `homeward check` and `watch`.
//!
//! It never judges, looks up no name, keeps no content, and reads nothing from those who listen to it. In order:
//!
//! 1. [`arguments`]; the listening socket; the socket of packets, filtered and bound, not yet read;
//! 2. a second process ([`gather`]) that keeps the one right that reading WireGuard, IPsec and nftables takes and never
//!    meets a packet, so that the process which meets packets needs no right at all;
//! 3. the [`cage`]: another user, no rights, few system calls, few files; what took hold is tried, and told to who listens;
//! 4. only now the first packet is read ([`watch`], [`sight`], [`witness`]), and what was seen is [`publish`]ed.

pub mod admit;
pub mod arguments;
pub mod cage;
pub mod gather;
pub mod publish;
pub mod sight;
pub mod watch;
pub mod witness;

use std::ffi::OsString;
use std::fmt::Display;

use crate::wire::live::Source;
use crate::wire::matcher::Matcher;
use arguments::{Asked, Options};

/// Exit codes, as `homeward`'s: wrong use, a fault of ours, not permitted.
const WRONG_USE: u8 = 64;
const OUR_FAULT: u8 = 70;
const NOT_PERMITTED: u8 = 77;

/// Why it ends.
#[derive(Debug)]
pub struct Stop {
    /// The exit code.
    pub code: u8,
    /// What is said on standard error.
    pub says: String,
}

impl Stop {
    fn fault(doing: &str, error: impl Display) -> Self {
        Self { code: OUR_FAULT, says: format!("{doing}: {error}") }
    }

    fn of_io(doing: &str, error: &std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::PermissionDenied => Self {
                code: NOT_PERMITTED,
                says: format!("{doing}: not permitted: start it as root, or with CAP_NET_RAW and CAP_NET_ADMIN"),
            },
            _ => Self::fault(doing, error),
        }
    }
}

/// Runs it; gives the exit code.
pub fn main(arguments: impl Iterator<Item = OsString>) -> u8 {
    // A panic's message may quote what was read: only its place is told.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, ToString::to_string);
        note(&format!("a fault of ours at {place}"));
    }));
    let run = || match arguments::read(arguments) {
        Ok(Asked::Help) => say(arguments::HELP),
        Ok(Asked::Version) => say(&format!("homeward-sensor {}\n", env!("CARGO_PKG_VERSION"))),
        Ok(Asked::Gather) => gather::run(),
        Ok(Asked::Watch(options)) => watch(&options),
        Err(says) => Err(Stop { code: WRONG_USE, says }),
    };
    match run() {
        Ok(()) => 0,
        Err(Stop { code, says }) => {
            note(&says);
            code
        }
    }
}

fn watch(options: &Options) -> Result<(), Stop> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Stop::fault("starting", error))?;
    let matcher = Matcher::built_in().map_err(|error| Stop::fault("signatures", error))?;
    runtime.block_on(async {
        let listener = match options.once {
            Some(_) => None,
            None => Some(publish::Listener::open(&options.socket)?),
        };
        let source = if options.channels { Source::channels() } else { Source::open() };
        let source = source.map_err(|error| Stop::of_io("opening the packet socket", &error))?;
        let gatherer = gather::Gatherer::start().map_err(|error| Stop::fault("starting the second process", error))?;
        watch::run(options, &matcher, listener, source, gatherer).await
    })
}

/// Tells standard error. A line that cannot be written is nobody's loss.
#[expect(clippy::print_stderr, reason = "the service manager keeps it")]
pub(crate) fn note(says: &str) {
    eprintln!("homeward-sensor: {says}");
}

/// Tells standard output.
fn say(text: &str) -> Result<(), Stop> {
    use std::io::Write as _;
    std::io::stdout().write_all(text.as_bytes()).map_err(|error| Stop::fault("writing", error))
}

/// The time, by the clock on the wall: for people, never to measure by.
#[expect(clippy::disallowed_methods, reason = "the sensor is where its time comes from")]
pub(crate) fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
