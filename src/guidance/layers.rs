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
        Err(Unusable::Denied) => Err(Problem::denied(name)),
        Err(Unusable::Is(says)) => Err(Problem::whole(name, says)),
    }
}

/// Why a file that is there is no text to read.
enum Unusable {
    /// This user may not read it.
    Denied,
    /// It is something else, in these words.
    Is(String),
}

impl From<std::io::Error> for Unusable {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::PermissionDenied => Self::Denied,
            _ => Self::Is(format!("cannot be read: {error}")),
        }
    }
}

fn text(path: &Path) -> Result<Option<String>, Unusable> {
    let is = |says: &str| Err(Unusable::Is(says.to_owned()));
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound || error.kind() == ErrorKind::NotADirectory => {
            return match path.symlink_metadata() {
                Ok(_) => is("is a link to a file that is not there"),
                Err(_) => Ok(None),
            };
        }
        Err(error) => return Err(error.into()),
    };
    // Asked before it is opened: opening a pipe would wait for its writer.
    if metadata.is_dir() {
        return is("is a folder, not a file");
    }
    if !metadata.is_file() {
        return is("is not an ordinary file");
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > LONGEST {
        return is(&format!("is longer than {} KiB; no guidance is", LONGEST / 1024));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(text)),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let line = error.as_bytes().iter().take(good).filter(|byte| **byte == b'\n').count() + 1;
            is(&format!("is not UTF-8 text: line {line} holds a byte that is not"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guidance::{Extent, Required, SeverityRule};

    struct Home {
        folder: tempfile::TempDir,
    }

    impl Home {
        fn new() -> Self {
            Self { folder: tempfile::tempdir().expect("a folder") }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
            std::fs::write(self.path(name), text).expect("written");
            self.path(name)
        }

        fn places(&self) -> Places {
            Places { employer: self.path("etc.toml"), user: Some(self.path("user.toml")) }
        }

        fn load(&self) -> Result<Guidance, Problem> {
            load(&self.places(), None, Moment::Live)
        }
    }

    #[test]
    fn without_files_the_built_in_stands() {
        let guidance = Home::new().load().expect("nothing is wrong");
        assert_eq!(&guidance, Guidance::built_in());
    }

    #[test]
    fn the_employer_outweighs_the_user_key_by_key() {
        let home = Home::new();
        home.write(
            "user.toml",
            "[vpn]\nrequired = \"never\"\nextent = \"split\"\n[severity]\nwifi-wps = \"off\"\nwifi-wep = \"off\"\n",
        );
        home.write("etc.toml", "name = \"acme\"\n[vpn]\nrequired = \"always\"\n[severity]\nwifi-wep = \"high\"\n");
        let guidance = home.load().expect("good");
        assert_eq!(
            (guidance.name.as_str(), guidance.version.as_str(), guidance.title.as_str()),
            ("acme", "unnumbered", "")
        );
        assert_eq!((guidance.vpn.required, guidance.vpn.extent), (Required::Always, Extent::Split));
        assert_eq!(guidance.severity_of("wifi-wps"), Some(SeverityRule::Off));
        assert_eq!(guidance.severity_of("wifi-wep"), Some(SeverityRule::High));
        assert!(guidance.ignored.is_empty(), "nothing is locked");
        assert!(guidance.origins["vpn.required"].ends_with("etc.toml"));
        let Source::Files(files) = &guidance.source else { panic!("from files") };
        assert!(files[0].ends_with("etc.toml") && files[1].ends_with("user.toml"));
    }

    #[test]
    fn a_lock_holds_against_the_user_and_is_told() {
        let home = Home::new();
        home.write("user.toml", "[vpn]\nrequired = \"never\"\n[severity]\nvpn-down = \"off\"\n");
        home.write("etc.toml", "locked = [\"vpn.required\", \"severity\"]\n");
        let guidance = home.load().expect("good");
        assert_eq!(guidance.vpn.required, Required::OnPublic, "as the built-in has it");
        assert_eq!(guidance.severity_of("vpn-down"), None);
        let keys: Vec<&str> = guidance.ignored.iter().map(|ignored| ignored.key.as_str()).collect();
        assert_eq!(keys, ["vpn.required", "severity.vpn-down"]);
        assert!(guidance.ignored[0].file.ends_with("user.toml") && guidance.ignored[0].locked_by.ends_with("etc.toml"));
    }

    #[test]
    fn a_lock_holds_against_a_chosen_file_but_not_when_another_moment_is_judged() {
        let home = Home::new();
        home.write(
            "etc.toml",
            "name = \"acme\"\nlocked = [\"vpn\"]\n[vpn]\nrequired = \"always\"\n[dns]\nencrypted = true\n",
        );
        home.write("user.toml", "[severity]\nwifi-wps = \"off\"\n");
        let chosen = home.write("mine.toml", "name = \"mine\"\n[vpn]\nrequired = \"never\"\nextent = \"split\"\n");
        let live = load(&home.places(), Some(&chosen), Moment::Live).expect("good");
        assert_eq!((live.vpn.required, live.vpn.extent), (Required::Always, Extent::Full));
        assert_eq!((live.name.as_str(), live.dns.encrypted), ("mine", false), "the rest is the chosen file's");
        assert_eq!(live.ignored.len(), 2);
        assert_eq!(live.severity_of("wifi-wps"), None, "the user's own file is not asked");
        let recorded = load(&home.places(), Some(&chosen), Moment::Recorded).expect("good");
        assert_eq!((recorded.vpn.required, recorded.vpn.extent), (Required::Never, Extent::Split));
        assert!(recorded.ignored.is_empty());
    }

    #[test]
    fn locking_everything_leaves_the_user_nothing() {
        let home = Home::new();
        home.write("user.toml", "name = \"u\"\n[portal]\nprobe = false\n");
        home.write("etc.toml", "locked = [\"*\"]\n");
        let guidance = home.load().expect("good");
        assert_eq!(guidance.name, "pcpd-2020");
        assert!(guidance.portal.first.is_some());
    }

    #[test]
    fn a_user_who_wants_no_probe_gets_none_even_where_the_employer_names_one() {
        let home = Home::new();
        home.write("user.toml", "[portal]\nprobe = false\n");
        home.write("etc.toml", "[portal.first]\nurl = \"http://corp.example/ok\"\n");
        let guidance = home.load().expect("good");
        assert!(guidance.portal.first.is_none() && guidance.portal.second.is_none());
    }

    #[test]
    fn a_file_that_is_there_and_cannot_be_used_is_never_passed_over() {
        let home = Home::new();
        let refused = |says: &str| {
            let problem = home.load().expect_err("refused");
            assert!(problem.file.ends_with("user.toml"), "{problem}");
            assert!(problem.to_string().contains(says), "{problem}");
            let path = home.path("user.toml");
            if path.is_dir() { std::fs::remove_dir(path) } else { std::fs::remove_file(path) }.expect("removed");
        };
        home.write("user.toml", "[vpn\n");
        refused("user.toml:1:");
        home.write("user.toml", b"name = \"\xff\"\n");
        refused("is not UTF-8 text: line 1");
        std::fs::create_dir(home.path("user.toml")).expect("made");
        refused("is a folder");
        std::os::unix::fs::symlink("nowhere", home.path("user.toml")).expect("linked");
        refused("a link to a file that is not there");
        std::os::unix::fs::symlink("user.toml", home.path("user.toml")).expect("linked");
        refused("cannot be read");
        std::os::unix::fs::symlink("/dev/zero", home.path("user.toml")).expect("linked");
        refused("not an ordinary file");
        home.write("user.toml", vec![b'#'; (1 << 20) + 1]);
        refused("longer than 1024 KiB");
        home.write("user.toml", vec![b'#'; 1 << 20]);
        assert!(home.load().is_ok(), "a MiB is not too long");

        let linked = home.write("real.toml", "name = \"linked\"\n");
        std::fs::remove_file(home.path("user.toml")).expect("removed");
        std::os::unix::fs::symlink(linked, home.path("user.toml")).expect("linked");
        assert_eq!(home.load().expect("a link is followed").name, "linked");
    }

    #[test]
    fn a_file_that_may_not_be_read_says_so_and_what_helps() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = Home::new();
        let path = home.write("etc.toml", "name = \"acme\"\n");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).expect("closed");
        if std::fs::File::open(&path).is_ok() {
            return; // Root may read everything.
        }
        let problem = home.load().expect_err("refused");
        assert!(problem.denied);
        assert!(
            problem.to_string().ends_with("may not read it (ask your administrator to make it readable (chmod 644))")
        );
    }

    #[test]
    fn a_chosen_file_must_be_there() {
        let home = Home::new();
        let problem = load(&home.places(), Some(&home.path("none.toml")), Moment::Live).expect_err("refused");
        assert!(problem.to_string().ends_with("none.toml: there is no such file"), "{problem}");
    }
}
