//! What confines a process of the sensor before it reads the first byte from outside: another user, no capability that it
//! does not need, no way to gain one, few files (Landlock), few system calls (seccomp). What took hold is tried.
//!
//! Another user and the loss of capabilities are musts, as is seccomp; Landlock is not in every kernel, and its
//! absence is told. All of it is done while the process has a single thread.

mod calls;

use std::fs::File;
use std::io;
use std::net::UdpSocket;
use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};
use rustix::thread::{CapabilitySet, CapabilitySets, Gid, Uid};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};

use super::Stop;
use crate::facts::sensor::Confined;

/// The user the sensor runs as, and the one it takes where there is no such user.
const USER: &str = "homeward-sensor";
const NOBODY: User = User { name: "nobody", uid: 65_534, gid: 65_534 };

/// A user of this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User {
    /// The name.
    pub name: &'static str,
    /// Its number.
    pub uid: u32,
    /// Its group's number.
    pub gid: u32,
}

impl User {
    /// The user to become.
    pub fn of_the_sensor() -> Self {
        let passwords = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        Self::named(&passwords).unwrap_or(NOBODY)
    }

    fn named(passwords: &str) -> Option<Self> {
        let mut fields =
            passwords.lines().map(|line| line.split(':')).find(|fields| fields.clone().next() == Some(USER))?;
        let (uid, gid) = (fields.nth(2)?.parse().ok()?, fields.next()?.parse().ok()?);
        (uid != 0).then_some(Self { name: USER, uid, gid })
    }
}

/// The name of a user, or the number where it has none.
fn name_of(passwords: &str, uid: u32) -> String {
    let number = uid.to_string();
    let found = passwords.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == number).then(|| name.to_owned())
    });
    found.unwrap_or(number)
}

/// What a process may still do.
#[derive(Clone, Debug)]
pub struct Cage<'a> {
    /// Its name.
    pub process: &'static str,
    /// The capabilities it keeps.
    pub keep: CapabilitySet,
    /// Folders it may read.
    pub read: &'a [&'a Path],
    /// A folder it may remove a socket from.
    pub remove_in: Option<&'a Path>,
    /// What it may call beyond what every process may.
    pub calls: &'a [Calls],
}

/// A group of system calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calls {
    /// To accept connections.
    Accept,
    /// To bind sockets that were opened before, and look after them one by one.
    Bind,
    /// To open netlink sockets.
    Netlink,
}

/// Confines this process.
///
/// # Errors
/// When a must does not hold: nothing may be read then.
pub fn enter(cage: &Cage<'_>) -> Result<Confined, Stop> {
    let failed = |what: &str| {
        let doing = format!("confining the process, {what}");
        move |error: io::Error| Stop::fault(&doing, error)
    };
    let user = become_another(cage).map_err(failed("its user and capabilities"))?;
    rustix::thread::set_no_new_privs(true).map_err(|error| failed("no new privileges")(error.into()))?;
    let files = restrict_files(cage).unwrap_or(false);
    // Asked before the calls to ask are gone; neither can grow again.
    let capabilities = rustix::thread::capabilities(None).map_err(|error| failed("its capabilities")(error.into()))?;
    let no_new_privileges = rustix::thread::no_new_privs().unwrap_or(false);
    restrict_calls(cage.calls).map_err(failed("its system calls"))?;

    let left = capabilities.effective | capabilities.permitted | capabilities.inheritable;
    let confined = Confined {
        process: cage.process.to_owned(),
        user,
        capabilities: left.iter_names().map(|(name, _)| format!("cap_{}", name.to_lowercase())).collect(),
        no_new_privileges,
        system_calls: UdpSocket::bind("127.0.0.1:0").is_err_and(|error| error.raw_os_error() == Some(REFUSED)),
        files: files && File::open("/").is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied),
    };
    if left != cage.keep & left || !confined.no_new_privileges || !confined.system_calls {
        return Err(Stop::fault("confining the process", "it did not take hold"));
    }
    Ok(confined)
}

/// Becomes another user, where this one is root, and gives every capability away but some. Gives the user's name.
fn become_another(cage: &Cage<'_>) -> io::Result<String> {
    let keep = cage.keep;
    // What is not in the bounding set cannot come back by starting a program. Only who may set capabilities may do this;
    // for who may not, the next two steps do the same.
    for capability in CapabilitySet::all().difference(keep).iter() {
        if rustix::thread::capability_is_in_bounding_set(capability).unwrap_or(false) {
            let _ = rustix::thread::remove_capability_from_bounding_set(capability);
        }
    }
    rustix::thread::clear_ambient_capability_set()?;
    let own = rustix::process::geteuid();
    let name = if own.is_root() {
        let user = User::of_the_sensor();
        if user == NOBODY {
            super::note(&format!("process {}: there is no user {USER} here: running as nobody", cage.process));
        }
        rustix::thread::set_keep_capabilities(true)?;
        let (uid, gid) = (Uid::from_raw(user.uid), Gid::from_raw(user.gid));
        rustix::thread::set_thread_groups(&[])?;
        rustix::thread::set_thread_res_gid(gid, gid, gid)?;
        rustix::thread::set_thread_res_uid(uid, uid, uid)?;
        rustix::thread::set_keep_capabilities(false)?;
        user.name.to_owned()
    } else {
        let passwords = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        name_of(&passwords, own.as_raw())
    };
    let may = rustix::thread::capabilities(None)?.permitted & keep;
    let sets = CapabilitySets { effective: may, permitted: may, inheritable: CapabilitySet::empty() };
    rustix::thread::set_capabilities(None, sets)?;
    Ok(name)
}

/// Landlock; whether the kernel holds all of it that it was asked for of files.
fn restrict_files(cage: &Cage<'_>) -> Result<bool, RulesetError> {
    // ABI 3 knows every way to change a file; what later ones add is asked for, and not missed.
    let (needed, wanted) = (ABI::V3, ABI::V6);
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(needed))?
        .handle_access(AccessFs::from_all(wanted))?
        .handle_access(AccessNet::from_all(wanted))?
        .scope(Scope::from_all(wanted))?
        .create()?;
    for folder in cage.read {
        if let Ok(folder) = PathFd::new(folder) {
            rules = rules.add_rule(PathBeneath::new(folder, AccessFs::ReadFile | AccessFs::ReadDir))?;
        }
    }
    if let Some(Ok(folder)) = cage.remove_in.map(PathFd::new) {
        rules = rules.add_rule(PathBeneath::new(folder, AccessFs::RemoveFile))?;
    }
    Ok(rules.restrict_self()?.ruleset != RulesetStatus::NotEnforced)
}

/// What a system call that is not on the list fails with: `EPERM`.
const REFUSED: i32 = 1;

/// seccomp: a list of what may be called; all else fails.
fn restrict_calls(groups: &[Calls]) -> io::Result<()> {
    let failed = |error: seccompiler::BackendError| io::Error::other(error.to_string());
    let architecture = TargetArch::try_from(std::env::consts::ARCH).map_err(failed)?;
    let filter = SeccompFilter::new(
        calls::allowed(groups).map_err(failed)?,
        SeccompAction::Errno(REFUSED.unsigned_abs()),
        SeccompAction::Allow,
        architecture,
    );
    let program: BpfProgram = filter.and_then(TryInto::try_into).map_err(failed)?;
    seccompiler::apply_filter(&program).map_err(|error| io::Error::other(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_found_by_name_and_is_never_root() {
        let file = "root:x:0:0:root:/root:/bin/bash\nhomeward-sensor:x:987:986::/:/usr/sbin/nologin\n";
        assert_eq!(User::named(file), Some(User { name: USER, uid: 987, gid: 986 }));
        assert_eq!(User::named("homeward-sensor:x:0:0::/:\n"), None);
        assert_eq!(User::named("homeward-sensor:x:many\nroot:x:0:0::/:\n"), None);
        assert_eq!((name_of(file, 987).as_str(), name_of(file, 7).as_str()), ("homeward-sensor", "7"));
        assert_eq!(User::named("not-homeward-sensor:x:9:9::/:\n"), None);
    }

    #[test]
    fn every_list_of_calls_can_be_made_a_program() {
        for groups in [&[][..], &[Calls::Accept], &[Calls::Accept, Calls::Bind], &[Calls::Netlink]] {
            let rules = calls::allowed(groups).unwrap();
            let filter = SeccompFilter::new(
                rules,
                SeccompAction::Errno(1),
                SeccompAction::Allow,
                TargetArch::try_from(std::env::consts::ARCH).unwrap(),
            );
            let program: BpfProgram = filter.unwrap().try_into().unwrap();
            assert!(program.len() > 20);
        }
    }
}
