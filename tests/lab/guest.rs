//! Scenes in a virtual machine, all of one place in one boot.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use super::scene::Staged;
use super::vm::{Boot, Vm};

/// A place in a virtual machine.
pub(crate) struct Guest<'a> {
    /// The folder of the boot under `target/lab/`.
    pub(crate) name: &'a str,
    /// The guest's root.
    pub(crate) root: &'a Path,
    /// The guest's first program; `/lab/guest` is the script made here.
    pub(crate) init: &'a str,
    /// The shell files a scene is told in, in `tests/lab/`.
    pub(crate) words: &'a [&'a str],
    /// What the guest's script does first; defines `scene FOLDER`.
    pub(crate) prologue: &'a str,
    /// Memory in MiB.
    pub(crate) memory: u32,
    /// The whole boot may take no longer.
    pub(crate) limit: Duration,
}

impl Guest<'_> {
    /// Plays all these scenes in one boot.
    pub(crate) fn play(&self, here: &Path, scenes: &[&Staged]) -> Result<(), String> {
        let vm = Vm::prepare(&here.join("target/lab-cache"))?;
        let shared = here.join("target/lab").join(self.name);
        let _ = std::fs::remove_dir_all(&shared);
        let kept = |error: std::io::Error| error.to_string();
        std::fs::create_dir_all(&shared).map_err(kept)?;
        for word in self.words {
            std::fs::copy(here.join("tests/lab").join(word), shared.join(word)).map_err(kept)?;
        }
        // What a package installs.
        for file in ["homeward-sensor.service", "homeward-sensor.socket", "homeward-sensor.sysusers"] {
            std::fs::copy(here.join("service").join(file), shared.join(file)).map_err(kept)?;
        }
        // The packages themselves, where `.ci/package` has made them; the scene that installs them fails without.
        for file in ["homeward.deb", "homeward-next.deb"] {
            let _ = std::fs::copy(here.join("target/debian").join(file), shared.join(file));
        }
        // Symbols are read over 9p with the rest: the guest's copy goes without.
        for (name, program) in
            [("homeward", env!("CARGO_BIN_EXE_homeward")), ("homeward-sensor", env!("CARGO_BIN_EXE_homeward-sensor"))]
        {
            let stripped = shared.join(name);
            super::vm::run(std::process::Command::new("strip").args([
                "-o".as_ref(),
                stripped.as_os_str(),
                program.as_ref(),
            ]))?;
        }
        let words: Vec<_> = self.words.iter().map(|word| Path::new("/lab").join(word)).collect();
        let mut guest = self.prologue.to_owned();
        for staged in scenes {
            let folder = shared.join(&staged.name);
            let seen = Path::new("/lab").join(&staged.name);
            std::fs::create_dir_all(&folder).map_err(kept)?;
            let script = staged.script(&words, Path::new("/lab/homeward"), &seen);
            std::fs::write(folder.join("script.sh"), script).map_err(kept)?;
            let _ = writeln!(guest, "scene '{}'", seen.display());
        }
        guest.push_str("sync; echo o > /proc/sysrq-trigger; sleep 30\n");
        let script = shared.join("guest");
        std::fs::write(&script, guest).map_err(kept)?;
        std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).map_err(kept)?;

        let serial = shared.join("serial.log");
        let booted = vm.boot(&Boot {
            root: self.root,
            shared: &shared,
            init: self.init,
            serial: &serial,
            memory: self.memory,
            limit: self.limit,
        });
        for staged in scenes {
            bring_home(&shared.join(&staged.name), &staged.kept).map_err(kept)?;
            let _ = std::fs::copy(&serial, staged.kept.join("serial.log"));
        }
        booted
    }
}

fn bring_home(from: &Path, to: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
