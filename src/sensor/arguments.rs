//! What is asked on the command line. Few words, read by hand: the privileged program carries no more code than it must.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// Told on `--help`.
pub const HELP: &str = "\
Sees what leaves and reaches this machine, and tells it to homeward check and homeward watch.

Usage: homeward-sensor [OPTIONS]

Options:
      --socket PATH     Where to listen [default: /run/homeward/sensor.sock]
      --interface NAME  Hear only this link; may be given again [default: all that matter]
      --once SECS       Listen to nobody: look for so long, tell what was seen, end
      --json            With --once: tell it as one JSON document (homeward.sensor/1)
      --channels        Read packets one by one, as where the kernel has no ring for them
  -h, --help            Print help
  -V, --version         Print version

It needs CAP_NET_RAW, and CAP_NET_ADMIN for WireGuard, IPsec and nftables; it gives them away before it
reads the first packet. Root and users with an active session at this machine may listen.

Exit codes: 0 ended as asked, 64 wrong use, 70 a fault of ours, 77 not permitted
";

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Tell the usage.
    Help,
    /// Tell the version.
    Version,
    /// Be the second process.
    Gather,
    /// Watch.
    Watch(Options),
}

/// How to watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Where to listen.
    pub socket: PathBuf,
    /// Only these links.
    pub interfaces: Vec<String>,
    /// For so long, listening to nobody.
    pub once: Option<Duration>,
    /// JSON instead of text, with `once`.
    pub json: bool,
    /// Without a ring.
    pub channels: bool,
}

/// The word by which this program calls itself to be the second process.
pub(super) const GATHER: &str = "--gather";

/// Longest look of `--once`, in seconds.
const LONGEST: f64 = 86_400.0;

/// Reads them.
///
/// # Errors
/// What is wrong, in a sentence.
pub fn read(mut arguments: impl Iterator<Item = OsString>) -> Result<Asked, String> {
    let mut options = Options {
        socket: PathBuf::from("/run/homeward/sensor.sock"),
        interfaces: Vec::new(),
        once: None,
        json: false,
        channels: false,
    };
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy();
        let (word, mut joined) = match text.split_once('=') {
            Some((word, value)) if word.starts_with("--") => (word, Some(OsString::from(value))),
            _ => (&*text, None),
        };
        let mut value = |what: &str| joined.take().or_else(|| arguments.next()).ok_or(format!("{word} needs {what}"));
        match word {
            "-h" | "--help" => return Ok(Asked::Help),
            "-V" | "--version" => return Ok(Asked::Version),
            GATHER => return Ok(Asked::Gather),
            "--socket" => options.socket = value("a path")?.into(),
            "--interface" => {
                let name = value("a name")?.into_string().map_err(|_| "--interface: not a name".to_owned())?;
                options.interfaces.push(name);
            }
            "--once" => options.once = Some(seconds(&value("seconds")?.to_string_lossy())?),
            "--json" => options.json = true,
            "--channels" => options.channels = true,
            other => return Err(format!("{}: unknown; --help tells what there is", other.escape_default())),
        }
        if joined.is_some() {
            return Err(format!("{word} takes no value"));
        }
    }
    if options.json && options.once.is_none() {
        return Err("--json goes with --once".to_owned());
    }
    Ok(Asked::Watch(options))
}

fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.1..=LONGEST).contains(&seconds) => Ok(Duration::from_secs_f64(seconds)),
        _ => Err(format!("--once: give seconds, from 0.1 to {LONGEST}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Result<Asked, String> {
        read(text.split_whitespace().map(OsString::from))
    }

    #[test]
    fn the_contract_is_read() {
        let Ok(Asked::Watch(options)) = asked("--interface eth0 --interface=wg0 --once 2.5 --json") else {
            panic!("not read");
        };
        assert_eq!(options.interfaces, ["eth0", "wg0"]);
        assert_eq!((options.once, options.json), (Some(Duration::from_millis(2500)), true));
        let Ok(Asked::Watch(options)) = asked("--socket /x/y") else { panic!("not read") };
        assert_eq!(options.socket, PathBuf::from("/x/y"));
        assert_eq!(asked("--help"), Ok(Asked::Help));
    }

    #[test]
    fn wrong_use_is_told() {
        for text in
            ["--socket", "--once", "--once x", "--once -1", "--once 1e9", "--json", "--wrong", "--json=1 --once 1", "x"]
        {
            assert!(asked(text).is_err(), "{text}");
        }
        assert!(asked("\u{1b}[2J").is_err_and(|says| !says.contains('\u{1b}')));
    }
}
