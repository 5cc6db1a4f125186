//! The second process: reads WireGuard, IPsec and nftables, which takes the right to administer the network at the
//! moment of asking. It keeps that right and no other, and meets no packet: what it reads comes from the kernel alone.
//! The first process asks by sending a byte, whose value means nothing, and is answered with a line of JSON.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream as Blocking;
use std::path::Path;
use std::process::{Child, Stdio};

use rustix::thread::CapabilitySet;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;

use super::Stop;
use super::arguments::GATHER;
use super::cage::{self, Cage, Calls};
use crate::facts::sensor::{Confined, LONGEST_LINE, Privileged};
use crate::sources::{firewall, vpn};

/// What the second process says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    /// First: how it is confined.
    Confined(Confined),
    /// Then, each time it is asked.
    Read(Box<Privileged>),
}

/// Is the second process: answers until nobody is there to ask.
pub(super) fn run() -> Result<(), Stop> {
    let failed = |error: io::Error| Stop::fault("the second process", error);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let tables = Tables::open();
    let confined = cage::enter(&Cage {
        process: "gather",
        keep: CapabilitySet::NET_ADMIN,
        read: &[Path::new("/proc/net/")],
        remove_in: None,
        calls: &[Calls::Netlink],
    })?;
    let mut stream = Blocking::from(io::stdin().as_fd().try_clone_to_owned().map_err(failed)?);
    answer(&mut stream, &Said::Confined(confined)).map_err(failed)?;
    let mut byte = [0];
    while stream.read(&mut byte).map_err(failed)? == 1 {
        let read = runtime.block_on(read(&tables));
        answer(&mut stream, &Said::Read(Box::new(read))).map_err(failed)?;
    }
    Ok(())
}

fn answer(stream: &mut Blocking, said: &Said) -> io::Result<()> {
    let mut line = serde_json::to_vec(said)?;
    line.push(b'\n');
    stream.write_all(&line)
}

async fn read(tables: &Tables) -> Privileged {
    let (wireguard, ipsec) = vpn::privileged(super::now()).await;
    Privileged { wireguard, ipsec, firewall: firewall::look_beside(|| tables.may_filter()).await }
}

/// The kernel's files of the older packet filter's tables: only root may open them, so they are opened beforehand.
struct Tables(Vec<(&'static str, Option<File>)>);

impl Tables {
    fn open() -> Self {
        Self(firewall::XTABLES.iter().map(|path| (*path, File::open(path).ok())).collect())
    }

    /// Whether there are rules of it, or may be: a file that came later, or that may not be read, does not tell.
    fn may_filter(&self) -> bool {
        self.0.iter().any(|(path, file)| match file {
            Some(file) => names(file).map_or(true, |names| firewall::filters(&names)),
            None => Path::new(path).exists(),
        })
    }
}

fn names(mut file: &File) -> io::Result<String> {
    let mut names = String::new();
    file.rewind()?;
    file.take(4096).read_to_string(&mut names)?;
    Ok(names)
}

/// The first process's end of it.
pub struct Gatherer {
    stream: UnixStream,
    buffer: Vec<u8>,
    /// It was asked and has not answered.
    asked: bool,
    /// Kept so that the process is not taken for a lost one.
    _child: Child,
}

impl Gatherer {
    /// Starts the second process: this very program, once more.
    ///
    /// # Errors
    /// When it cannot be started.
    #[expect(clippy::disallowed_methods, reason = "it starts itself, to be two processes of which each has few rights")]
    pub fn start() -> io::Result<Self> {
        let (ours, theirs) = Blocking::pair()?;
        let child = std::process::Command::new("/proc/self/exe")
            .arg(GATHER)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::from(std::os::fd::OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .spawn()?;
        ours.set_nonblocking(true)?;
        Ok(Self { stream: UnixStream::from_std(ours)?, buffer: Vec::new(), asked: false, _child: child })
    }

    /// Asks, unless an answer is outstanding.
    pub async fn ask(&mut self) {
        if !self.asked {
            self.asked = self.stream.write_all(&[0]).await.is_ok();
        }
    }

    /// Whether an answer is outstanding.
    pub const fn is_asked(&self) -> bool {
        self.asked
    }

    /// What it says next. May be given up at any time without losing anything.
    ///
    /// # Errors
    /// When the process is gone or talks nonsense: it will not speak again.
    pub async fn said(&mut self) -> io::Result<Said> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=end).collect();
                self.asked = false;
                return Ok(serde_json::from_slice(&line)?);
            }
            if self.buffer.len() > LONGEST_LINE {
                return Err(io::Error::other("a line without an end"));
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}
