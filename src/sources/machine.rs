//! The machine as the sources see it: where files are, which bus to ask. Tests give it a folder for
//! a root and a bus of their own.

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
}

impl Machine {
    /// This machine.
    pub fn this() -> Self {
        Self { root: PathBuf::from("/"), state: state_folder(), bus_address: None, bus: OnceCell::new() }
    }

    /// A machine whose files lie under `root` and whose system bus is at `bus_address`.
    pub fn at(root: impl Into<PathBuf>, state: Option<PathBuf>, bus_address: Option<String>) -> Self {
        Self { root: root.into(), state, bus_address, bus: OnceCell::new() }
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

/// `$XDG_STATE_HOME/homeward`, by default `~/.local/state/homeward`.
fn state_folder() -> Option<PathBuf> {
    use etcetera::BaseStrategy as _;
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.state_dir()?.join("homeward"))
}
