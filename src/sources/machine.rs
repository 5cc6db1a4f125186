//! The machine as the sources see it: where files are, which bus to ask, what the environment says.
//! Tests give it a folder for a root, a bus and an environment of their own.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use tokio::sync::OnceCell;

use crate::facts::{Reason, Thing};

/// Handles to one machine.
#[derive(Debug)]
pub struct Machine {
    root: PathBuf,
    state: Option<PathBuf>,
    bus_address: Option<String>,
    bus: OnceCell<Result<zbus::Connection, Reason>>,
    variables: BTreeMap<String, String>,
    sensor: PathBuf,
}

/// Where `homeward-sensor` listens.
const SENSOR: &str = "/run/homeward/sensor.sock";

/// No file that is read here has a reason to be longer (bytes).
const FILE_LIMIT: u64 = 256 * 1024;

impl Machine {
    /// This machine.
    pub fn this() -> Self {
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self { variables, ..Self::at("/", state_folder(), None) }
    }

    /// A machine whose files lie under `root` and whose system bus is at `bus_address`. Its
    /// environment is empty.
    pub fn at(root: impl Into<PathBuf>, state: Option<PathBuf>, bus_address: Option<String>) -> Self {
        let root = root.into();
        let sensor = root.join(SENSOR.trim_start_matches('/'));
        Self { root, state, bus_address, bus: OnceCell::new(), variables: BTreeMap::new(), sensor }
    }

    /// What this machine and its user are called: nothing is told of either.
    pub fn own_names(&self) -> Vec<(&'static str, String)> {
        let host = self.read_text("/proc/sys/kernel/hostname", Thing::StateFolder).ok();
        let home = self.variable("HOME").map(|home| ("home", home.to_owned()));
        let user = self.variable("USER").map(|user| ("user", user.to_owned()));
        let host = host.map(|host| ("host", host.trim().to_owned()));
        [home, user, host].into_iter().flatten().collect()
    }

    /// The system and its kernel, as far as they say.
    pub fn versions(&self) -> Vec<(&'static str, String)> {
        // Why one could not be read does not matter here.
        let read = |path: &str| self.read_text(path, Thing::StateFolder).ok();
        let system = read("/etc/os-release").and_then(|text| {
            let line = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
            Some(line.trim_matches('"').to_owned())
        });
        let kernel = read("/proc/sys/kernel/osrelease").map(|text| text.trim().to_owned());
        [("system", system), ("kernel", kernel)]
            .into_iter()
            .filter_map(|(name, version)| Some((name, version?)))
            .collect()
    }

    /// The same machine with this connection as its system bus.
    #[must_use]
    pub fn with_bus(mut self, bus: zbus::Connection) -> Self {
        self.bus = OnceCell::new_with(Some(Ok(bus)));
        self
    }

    /// The same machine with these environment variables.
    #[must_use]
    pub fn with_variables(mut self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        self.variables = variables.into_iter().collect();
        self
    }

    /// The same machine with its sensor at this socket.
    #[must_use]
    pub fn with_sensor(mut self, socket: PathBuf) -> Self {
        self.sensor = socket;
        self
    }

    /// Where the sensor listens.
    pub fn sensor(&self) -> &Path {
        &self.sensor
    }

    /// An environment variable of the person, if it is set and not empty.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Reads a file of the machine, given by its absolute path, up to 256 KiB.
    ///
    /// # Errors
    /// A [`Reason`] about `what` when the file is not there, may not be read, is no plain file, or is longer.
    pub fn read(&self, absolute: &str, what: Thing) -> Result<Vec<u8>, Reason> {
        let told = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => Reason::NotAvailable { what },
            std::io::ErrorKind::PermissionDenied => Reason::NotPermitted { what },
            _ => Reason::failed(what, error),
        };
        let path = self.inside(absolute);
        if !std::fs::metadata(&path).map_err(told)?.is_file() {
            return Err(Reason::failed(what, "not a plain file"));
        }
        let mut bytes = Vec::new();
        std::fs::File::open(&path).map_err(told)?.take(FILE_LIMIT + 1).read_to_end(&mut bytes).map_err(told)?;
        if bytes.len() as u64 > FILE_LIMIT {
            return Err(Reason::failed(what, "longer than 256 KiB"));
        }
        Ok(bytes)
    }

    /// The same as text; what is not UTF-8 becomes the replacement character.
    ///
    /// # Errors
    /// As [`Machine::read`].
    pub fn read_text(&self, absolute: &str, what: Thing) -> Result<String, Reason> {
        self.read(absolute, what).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Names in a folder of the machine, sorted; none when it is not there or may not be read.
    /// No more than the first thousand are looked at.
    pub fn names_in(&self, absolute: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.path(absolute)) else { return Vec::new() };
        let mut names: Vec<_> =
            entries.take(1000).filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
        names.sort();
        names
    }

    /// Where a symbolic link of the machine leads, as an absolute path.
    pub fn target(&self, absolute: &str) -> Option<String> {
        let target = std::fs::read_link(self.path(absolute)).ok()?;
        let joined = Path::new(absolute).parent()?.join(target);
        let mut parts: Vec<&str> = Vec::new();
        for part in joined.to_str()?.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        Some(format!("/{}", parts.join("/")))
    }

    /// The path with a final symbolic link followed within the root.
    fn inside(&self, absolute: &str) -> PathBuf {
        let mut path = absolute.to_owned();
        for _ in 0..8 {
            let Some(target) = self.target(&path) else { break };
            path = target;
        }
        self.path(&path)
    }

    /// A file of the machine, given by its absolute path.
    pub fn path(&self, absolute: &str) -> PathBuf {
        self.root.join(absolute.trim_start_matches('/'))
    }

    /// The folder for Homeward's own files of this user, if the user has a home.
    pub fn state(&self) -> Option<&Path> {
        self.state.as_deref()
    }

    /// Whether this process runs as root in its user namespace.
    pub fn is_root(&self) -> bool {
        // The owner of /proc/self is the effective user.
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
    }

    /// The system bus, connected once.
    ///
    /// # Errors
    /// A [`Reason`] when there is no bus, or it does not let us in.
    pub async fn system_bus(&self) -> Result<&zbus::Connection, Reason> {
        self.bus.get_or_init(|| self.connect()).await.as_ref().map_err(Clone::clone)
    }

    async fn connect(&self) -> Result<zbus::Connection, Reason> {
        let builder = match &self.bus_address {
            Some(address) => zbus::connection::Builder::address(address.as_str()),
            None => zbus::connection::Builder::system(),
        };
        match builder {
            Ok(builder) => builder.build().await.map_err(|_| Reason::NotRunning { what: Thing::SystemBus }),
            Err(error) => Err(Reason::failed(Thing::SystemBus, error)),
        }
    }
}

/// How long this computer has been up, its sleep included (`CLOCK_BOOTTIME`).
pub fn since_boot() -> std::time::Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    std::time::Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// `$XDG_STATE_HOME/homeward`, by default `~/.local/state/homeward`.
fn state_folder() -> Option<PathBuf> {
    use etcetera::BaseStrategy as _;
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.state_dir()?.join("homeward"))
}
