//! The wire laboratory: a scene in network, mount and process namespaces of this machine.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::scene::Staged;
use super::vm::ended_within;

/// Longer than any scene may take.
const LIMIT: Duration = Duration::from_secs(90);

/// Plays one scene to its end.
pub(crate) fn play(here: &Path, staged: &Staged) -> Result<(), String> {
    let words = ["world.sh", "words.sh", "tunnels.sh", "desktop.sh"].map(|word| here.join("tests/lab").join(word));
    let script = staged.script(&words, Path::new(env!("CARGO_BIN_EXE_homeward")), &staged.kept);
    let file = staged.kept.join("script.sh");
    std::fs::write(&file, script).map_err(|error| error.to_string())?;
    let log = std::fs::File::create(staged.kept.join("world.log")).map_err(|error| error.to_string())?;
    let mut child = Command::new("unshare")
        .args(["--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child", "bash"])
        .arg(&file)
        .stdin(Stdio::null())
        .stdout(log.try_clone().map_err(|error| error.to_string())?)
        .stderr(log)
        .spawn()
        .map_err(|error| format!("not run: cannot start `unshare`: {error}"))?;
    if ended_within(&mut child, LIMIT)? {
        Ok(())
    } else {
        Err(format!("not run to its end: {} seconds were not enough", LIMIT.as_secs()))
    }
}
