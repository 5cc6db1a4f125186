//! The employer's file over the user's over the built-in, key by key; and the employer's locks.
//!
//! A list (`vpn.identity`, `destination`, `trusted`, …) is one key: the weightier file's list replaces the
//! lighter one's whole. A severity is a key for each check.

use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use super::problem::Problem;
use super::{Guidance, Ignored, Source, validate};
use crate::facts::text::harmless;

/// A file of guidance may be this long.
pub const LONGEST: u64 = 1 << 20;

/// One file, read and validated.
pub(super) struct Layer {
    pub(super) file: String,
    pub(super) settings: Vec<Setting>,
    pub(super) locked: Vec<String>,
}

/// One key, set.
pub(super) struct Setting {
    pub(super) key: String,
    pub(super) apply: Box<dyn FnOnce(&mut Draft)>,
}

/// Guidance while it is put together.
pub(super) struct Draft {
    pub(super) guidance: Guidance,
    /// `portal.probe`: when it ends as false, no target is left.
    pub(super) probe: bool,
}

/// What the employer's file does to the files beneath it.
pub(super) enum Above {
    /// Every key it sets outweighs theirs, and its locks hold.
    All(Layer),
    /// Another file was chosen in its stead: only what it locks holds.
    Locks(Layer),
}

/// Lays files over a base, the lightest first, then the employer's.
pub(super) fn lay(base: Guidance, files: Vec<Layer>, above: Option<Above>) -> Guidance {
    let mut draft = Draft { guidance: base, probe: true };
    let mut sources: Vec<String> = files.iter().rev().map(|layer| layer.file.clone()).collect();
    let (employer, all) = match above {
        Some(Above::All(layer)) => (Some(layer), true),
        Some(Above::Locks(layer)) => (Some(layer), false),
        None => (None, false),
    };
    for layer in files {
        for setting in layer.settings {
            match &employer {
                Some(employer) if employer.locks(&setting.key) => draft.guidance.ignored.push(Ignored {
                    key: setting.key,
                    file: layer.file.clone(),
                    locked_by: employer.file.clone(),
                }),
                _ => draft.apply(setting, &layer.file),
            }
        }
    }
    if let Some(mut employer) = employer {
        draft.guidance.locked.clone_from(&employer.locked);
        if all {
            sources.insert(0, employer.file.clone());
        } else if !employer.locked.is_empty() {
            sources.push(employer.file.clone());
        }
        let settings = std::mem::take(&mut employer.settings);
        for setting in settings {
            if all || employer.locks(&setting.key) {
                draft.apply(setting, &employer.file);
            }
        }
    }
    let Draft { mut guidance, probe } = draft;
    if !probe {
        guidance.portal.first = None;
        guidance.portal.second = None;
    }
    if !sources.is_empty() {
        guidance.source = Source::Files(sources);
    }
    guidance
}

impl Draft {
    fn apply(&mut self, setting: Setting, file: &str) {
        (setting.apply)(self);
        self.guidance.origins.insert(setting.key, file.to_owned());
    }
}

impl Layer {
    /// Whether it locks a key: by its name, by its section, or everything.
    fn locks(&self, key: &str) -> bool {
        self.locked.iter().any(|lock| {
            lock == "*" || lock == key || key.strip_prefix(lock.as_str()).is_some_and(|rest| rest.starts_with('.'))
        })
    }
}

/// Where guidance is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The employer's, `/etc/homeward/guidance.toml`.
    pub employer: PathBuf,
    /// The user's, `$XDG_CONFIG_HOME/homeward/guidance.toml`, if the user has a home.
    pub user: Option<PathBuf>,
}

impl Places {
    /// The places of this machine and user.
    pub fn this() -> Self {
        use etcetera::BaseStrategy as _;
        let user = etcetera::choose_base_strategy().ok().map(|base| base.config_dir().join("homeward/guidance.toml"));
        Self { employer: PathBuf::from("/etc/homeward/guidance.toml"), user }
    }
}

/// Whose moment is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// This machine, now: the employer's locks hold whatever file is chosen.
    Live,
    /// Recorded facts, perhaps of another machine: a chosen file stands alone.
    Recorded,
}

/// Reads the guidance that applies: the employer's file over the user's over the built-in; or, where
/// a file is `chosen`, that file over the built-in, with the employer's locks when the moment is live.
///
/// A file that is not there is no trouble, unless it was chosen. A file that is there and cannot be
/// read, or holds a fault, is: nothing is judged by less than what was asked.
///
/// # Errors
/// [`Problem`], of the first file that has one.
pub fn load(places: &Places, chosen: Option<&Path>, moment: Moment) -> Result<Guidance, Problem> {
    let base = Guidance::built_in().clone();
    let Some(chosen) = chosen else {
        let employer = file(&places.employer)?.map(Above::All);
        let user = places.user.as_deref().map_or(Ok(None), file)?;
        return Ok(lay(base, user.into_iter().collect(), employer));
    };
    let Some(layer) = file(chosen)? else {
        return Err(Problem::whole(shown(chosen), "there is no such file"));
    };
    let employer = match moment {
        Moment::Live => file(&places.employer)?.map(Above::Locks),
        Moment::Recorded => None,
    };
    Ok(lay(base, vec![layer], employer))
}

/// Reads and validates one file laid over the built-in, as `guidance validate` does.
///
/// # Errors
/// [`Problem`]
pub fn alone(path: &Path) -> Result<Guidance, Problem> {
    match file(path)? {
        Some(layer) => {
            let locked = layer.locked.clone();
            Ok(Guidance { locked, ..lay(Guidance::built_in().clone(), vec![layer], None) })
        }
        None => Err(Problem::whole(shown(path), "there is no such file")),
    }
}

fn shown(path: &Path) -> String {
    harmless(&path.to_string_lossy(), 500)
}

/// One file; `None` when it is not there. A link is followed; one that leads nowhere is a problem.
fn file(path: &Path) -> Result<Option<Layer>, Problem> {
    let name = shown(path);
    match text(path) {
        Ok(Some(text)) => validate::layer(&text, &name).map(Some),
        Ok(None) => Ok(None),
        Err(says) => Err(Problem::whole(name, says)),
    }
}

fn text(path: &Path) -> Result<Option<String>, String> {
    let cannot = |error: std::io::Error| match error.kind() {
        ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
        _ => format!("cannot be read: {error}"),
    };
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound || error.kind() == ErrorKind::NotADirectory => {
            return match path.symlink_metadata() {
                Ok(_) => Err("is a link to a file that is not there".to_owned()),
                Err(_) => Ok(None),
            };
        }
        Err(error) => return Err(cannot(error)),
    };
    // Asked before it is opened: opening a pipe would wait for its writer.
    if metadata.is_dir() {
        return Err("is a folder, not a file".to_owned());
    }
    if !metadata.is_file() {
        return Err("is not an ordinary file".to_owned());
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes)).map_err(cannot)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > LONGEST {
        return Err(format!("is longer than {} KiB; no guidance is", LONGEST / 1024));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(text)),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let line = error.as_bytes().iter().take(good).filter(|byte| **byte == b'\n').count() + 1;
            Err(format!("is not UTF-8 text: line {line} holds a byte that is not"))
        }
    }
}
