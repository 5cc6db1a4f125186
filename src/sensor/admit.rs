//! Who may listen: root, and users with an active session at this machine.
//!
//! systemd-logind (or elogind) writes a file for each user who is logged in; which seats a user is active on is read
//! there, as `sd_uid_get_seats(3)` does. A seat is a screen and a keyboard: sessions over the network have none.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// logind's folder of users.
pub const USERS: &str = "/run/systemd/users";

/// The folder to be let read for it: logind's, or where it will be made.
pub fn folder() -> &'static Path {
    let users = Path::new(USERS);
    users.ancestors().find(|folder| folder.exists()).filter(|folder| folder.starts_with("/run")).unwrap_or(users)
}

/// Longer than logind's file ever is.
const LONGEST: u64 = 16 * 1024;

/// Whether the user may listen. `users` is logind's folder.
pub fn admitted(user: u32, users: &Path) -> bool {
    user == 0 || active_here(&read(users.join(user.to_string())))
}

fn read(path: PathBuf) -> String {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(LONGEST).read_to_string(&mut text));
    if read.is_ok() { text } else { String::new() }
}

/// Whether logind's file of a user names a seat where the user is active.
fn active_here(file: &str) -> bool {
    file.lines().filter_map(|line| line.strip_prefix("ACTIVE_SEATS=")).any(|seats| !seats.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_admits() {
        let file = "# This is private data. Do not parse.\nNAME=ann\nSTATE=active\nSESSIONS=2\nSEATS=seat0\nACTIVE_SESSIONS=2\n\
                    ACTIVE_SEATS=seat0\n";
        assert!(active_here(file));
        // Logged in over the network; logged in at the machine while another is active.
        assert!(!active_here("NAME=ann\nSTATE=active\nSESSIONS=7\nACTIVE_SESSIONS=7\n"));
        assert!(!active_here("NAME=ann\nSTATE=online\nSEATS=seat0\nACTIVE_SEATS=\nONLINE_SEATS=seat0\n"));
        assert!(!active_here(""));
    }

    #[test]
    fn root_needs_no_seat_and_strangers_have_none() {
        let nowhere = Path::new("/nonexistent");
        assert!(admitted(0, nowhere) && !admitted(1000, nowhere));
    }
}
