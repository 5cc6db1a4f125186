//! The socket that the sensor speaks at. It only speaks: what listeners send is refused by the kernel.
//!
//! Lines are made once and shared. A listener that does not take them is let go once so many wait for it; so many
//! listeners are let in, and of one user fewer, and connections are accepted at a pace, so that a storm of them costs little.

use std::fs::{File, Permissions};
use std::io::{self, Write as _};
use std::net::Shutdown;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::fs::{DirBuilderExt as _, FileTypeExt as _, PermissionsExt as _, chown};
use std::os::unix::net::{UnixListener as Blocking, UnixStream as Standard};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt as _;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc::{self, Sender};
use tokio::task::JoinHandle;

use super::cage::User;
use super::{Stop, admit, note};
use crate::facts::sensor::{Line, Refused};

/// Who may listen at once, and of one user (root is not held to the second).
const LISTENERS: usize = 16;
const OF_ONE_USER: usize = 4;

/// Lines that wait for a listener before it is let go.
const WAITING: usize = 4;

/// Connections accepted in a second, and at once; and those that may wait for it: the more wait, the later is who
/// comes behind a storm of them.
const PACE: f64 = 1000.0;
const BURST: f64 = 100.0;
const BACKLOG: i32 = 64;

/// How often it is looked whether a listener's session is still active, and how long a stranger stays one.
const LOOK: Duration = Duration::from_secs(30);
const STRANGER: Duration = Duration::from_millis(500);

/// The listening socket.
pub struct Listener {
    socket: UnixListener,
    /// Where it is, if it was made here and is to be removed.
    made: Option<PathBuf>,
    /// Held as long as this sensor listens there.
    _lock: Option<File>,
}

impl Listener {
    /// Takes the socket the service manager made, or makes one.
    ///
    /// # Errors
    /// When another sensor listens there, or it cannot be made.
    pub fn open(path: &Path) -> Result<Self, Stop> {
        let failed = |error: io::Error| Stop::of_io(&path.display().to_string(), &error);
        if let Some(socket) = handed_over().map_err(|error| Stop::fault("taking the socket over", error))? {
            return Ok(Self { socket: listening(socket).map_err(failed)?, made: None, _lock: None });
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.exists() {
            std::fs::DirBuilder::new().recursive(true).mode(0o755).create(folder).map_err(failed)?;
            // Ours, so that the socket can be removed at the end. Only root can give a folder away.
            let user = User::of_the_sensor();
            let _ = chown(folder, Some(user.uid), Some(user.gid));
        }
        let lock = path.with_extension("lock");
        let lock = File::options().create(true).truncate(false).write(true).open(&lock).map_err(failed)?;
        if lock.try_lock().is_err() {
            return Err(Stop::fault(&path.display().to_string(), "another homeward-sensor listens here"));
        }
        remove_stale(path).map_err(failed)?;
        let socket = Blocking::bind(path).map_err(failed)?;
        // Who may listen is decided when they come.
        std::fs::set_permissions(path, Permissions::from_mode(0o666)).map_err(failed)?;
        Ok(Self { socket: listening(socket).map_err(failed)?, made: Some(path.to_owned()), _lock: Some(lock) })
    }

    /// The folder of the socket, if it was made here.
    pub fn folder(&self) -> Option<&Path> {
        self.made.as_deref().and_then(Path::parent)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(path) = &self.made {
            let _ = std::fs::remove_file(path);
        }
    }
}

fn listening(socket: Blocking) -> io::Result<UnixListener> {
    rustix::net::listen(&socket, BACKLOG)?;
    socket.set_nonblocking(true)?;
    UnixListener::from_std(socket)
}

/// The socket the service manager left at descriptor 3, if it did (`sd_listen_fds(3)`). It is fetched as another
/// process would: a number becomes a descriptor of ours without having to be believed.
fn handed_over() -> io::Result<Option<Blocking>> {
    use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};
    let Some(number) = sd_notify::listen_fds()?.next() else { return Ok(None) };
    let own = pidfd_open(getpid(), PidfdFlags::empty())?;
    let socket: OwnedFd = pidfd_getfd(own, number, PidfdGetfdFlags::empty())?;
    Ok(Some(Blocking::from(socket)))
}

/// Removes the socket of a sensor that was killed. Anything that is no socket is left alone, and binding fails.
fn remove_stale(path: &Path) -> io::Result<()> {
    let is_socket = std::fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket());
    if is_socket { std::fs::remove_file(path) } else { Ok(()) }
}

/// Those who listen.
pub struct Publisher {
    listener: Listener,
    listeners: Vec<Ear>,
    hello: Arc<[u8]>,
    /// logind's folder of users.
    users: PathBuf,
    /// How many connections may still be accepted, and as of when.
    pace: (f64, Instant),
    looked: Instant,
    /// Who was refused last, and when: a storm is mostly one user's.
    stranger: Option<(u32, Instant)>,
    refusals: [Arc<[u8]>; 2],
}

/// One who listens.
struct Ear {
    user: u32,
    /// Another descriptor of the connection, to see whether its other end is still there.
    connection: OwnedFd,
    lines: Sender<Arc<[u8]>>,
    task: JoinHandle<()>,
}

impl Ear {
    /// Whether nobody is there any more.
    fn is_gone(&self) -> bool {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let mut asked = [PollFd::new(&self.connection, PollFlags::empty())];
        let looked = poll(&mut asked, Some(&Timespec { tv_sec: 0, tv_nsec: 0 }));
        let hung_up = asked.iter().any(|one| one.revents().intersects(PollFlags::HUP | PollFlags::ERR));
        self.lines.is_closed() || (looked.is_ok() && hung_up)
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Publisher {
    /// Nobody listens yet; everyone who comes is told this first.
    pub fn new(listener: Listener, hello: &Line, users: &Path, now: Instant) -> Self {
        Self {
            listener,
            listeners: Vec::new(),
            hello: line(hello),
            users: users.to_owned(),
            pace: (BURST, now),
            looked: now,
            stranger: None,
            refusals: [Refused::NotPermitted, Refused::TooMany].map(|why| line(&Line::refused(why))),
        }
    }

    /// Whether anyone listens.
    pub fn is_heard(&mut self) -> bool {
        self.listeners.retain(|ear| !ear.is_gone());
        !self.listeners.is_empty()
    }

    /// Waits for the next who comes; whether they were let in, and are to be told all. May be given up at any time.
    pub async fn come(&mut self) -> bool {
        loop {
            let (count, at) = self.pace;
            let now = Instant::now();
            let count = (count + now.saturating_duration_since(at).as_secs_f64() * PACE).min(BURST);
            self.pace = (count, now);
            if count < 1.0 {
                tokio::time::sleep(Duration::from_secs_f64((1.0 - count) / PACE)).await;
                continue;
            }
            match self.listener.socket.accept().await {
                Ok((stream, _)) => {
                    self.pace = (count - 1.0, now);
                    return self.admit(stream, now);
                }
                // Too many descriptors are open, or the like: it may pass.
                Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
            }
        }
    }

    fn admit(&mut self, stream: UnixStream, now: Instant) -> bool {
        let Ok(peer) = stream.peer_cred() else { return false };
        let user = peer.uid();
        let Ok(mut stream) = deaf(stream) else { return false };
        self.listeners.retain(|ear| !ear.is_gone());
        let of_this = self.listeners.iter().filter(|ear| ear.user == user).count();
        let admitted = self.is_admitted(user, now);
        let [not_permitted, too_many] = &self.refusals;
        let refused = if !admitted {
            Some(not_permitted)
        } else if self.listeners.len() >= LISTENERS || (user != 0 && of_this >= OF_ONE_USER) {
            Some(too_many)
        } else {
            None
        };
        if let Some(refused) = refused {
            // A new connection has room for a line; it is not waited for.
            let _ = stream.write(refused);
            return false;
        }
        let Ok(connection) = stream.as_fd().try_clone_to_owned() else { return false };
        let Ok(mut stream) = UnixStream::from_std(stream) else { return false };
        let (lines, mut waiting) = mpsc::channel::<Arc<[u8]>>(WAITING);
        let task = tokio::spawn(async move {
            while let Some(line) = waiting.recv().await {
                if stream.write_all(&line).await.is_err() {
                    break;
                }
            }
        });
        let ear = Ear { user, connection, lines, task };
        let told = ear.lines.try_send(Arc::clone(&self.hello)).is_ok();
        self.listeners.push(ear);
        told
    }

    fn is_admitted(&mut self, user: u32, now: Instant) -> bool {
        if self.stranger.is_some_and(|(stranger, at)| stranger == user && now.saturating_duration_since(at) < STRANGER)
        {
            return false;
        }
        let admitted = admit::admitted(user, &self.users);
        if !admitted {
            self.stranger = Some((user, now));
        }
        admitted
    }

    /// Tells it to all. Who has too much waiting is let go.
    pub fn tell(&mut self, said: &Line, now: Instant) {
        let said = line(said);
        self.listeners.retain(|ear| ear.lines.try_send(Arc::clone(&said)).is_ok());
        if now.saturating_duration_since(self.looked) >= LOOK {
            self.looked = now;
            let users = &self.users;
            self.listeners.retain(|ear| admit::admitted(ear.user, users));
        }
    }
}

/// A connection that can only be spoken into: what its other end sends is refused by the kernel.
fn deaf(stream: UnixStream) -> io::Result<Standard> {
    let stream: Standard = stream.into_std()?;
    stream.shutdown(Shutdown::Read)?;
    Ok(stream)
}

/// A line as bytes.
fn line(line: &Line) -> Arc<[u8]> {
    let mut bytes = serde_json::to_vec(line).unwrap_or_else(|error| {
        note(&format!("a line could not be made: {error}"));
        Vec::new()
    });
    bytes.push(b'\n');
    bytes.into()
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Read as _};

    use super::*;
    use crate::facts::sensor::{Hello, Report};

    /// A sensor that listens in a folder where the user of this test has an active session.
    fn listening_in(folder: &Path) -> Publisher {
        let own = rustix::process::geteuid().as_raw();
        std::fs::write(folder.join(own.to_string()), "ACTIVE_SEATS=seat0\n").unwrap();
        let listener = Listener::open(&folder.join("sensor.sock")).unwrap();
        Publisher::new(listener, &Line::hello(Hello::default()), folder, Instant::now())
    }

    fn here<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
    }

    /// Lets the tasks of listeners run.
    async fn settle() {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }

    #[test]
    fn who_comes_is_greeted_and_told() {
        let folder = tempfile::tempdir().unwrap();
        here(async {
            let mut publisher = listening_in(folder.path());
            let mut guest = Standard::connect(folder.path().join("sensor.sock")).unwrap();
            assert!(publisher.come().await && publisher.is_heard());
            publisher.tell(&Line::report(Report::default()), Instant::now());
            settle().await;
            // Nobody hears what a guest says.
            assert!(io::Write::write(&mut guest, b"hello").is_err());
            let mut lines = BufReader::new(guest).lines();
            assert!(lines.next().unwrap().unwrap().contains("hello"));
            assert!(lines.next().unwrap().unwrap().contains("report"));
            drop(lines);
            assert!(!publisher.is_heard());
        });
        assert!(!folder.path().join("sensor.sock").exists(), "it goes with its sensor");
    }

    #[test]
    fn who_does_not_listen_is_let_go() {
        let folder = tempfile::tempdir().unwrap();
        here(async {
            let mut publisher = listening_in(folder.path());
            let _slow = Standard::connect(folder.path().join("sensor.sock")).unwrap();
            assert!(publisher.come().await);
            // Longer than the kernel holds of a connection.
            let long = Line::hello(Hello { version: "x".repeat(1 << 20), ..Hello::default() });
            let mut told = 0;
            while publisher.is_heard() {
                publisher.tell(&long, Instant::now());
                settle().await;
                told += 1;
                assert!(told < 20, "a listener that takes nothing stays");
            }
            assert!(told > WAITING);
        });
    }

    #[test]
    fn no_more_than_may_are_let_in() {
        let folder = tempfile::tempdir().unwrap();
        here(async {
            let mut publisher = listening_in(folder.path());
            let come = || Standard::connect(folder.path().join("sensor.sock")).unwrap();
            let most = if rustix::process::geteuid().is_root() { LISTENERS } else { OF_ONE_USER };
            let guests: Vec<_> = (0..most).map(|_| come()).collect();
            for _ in &guests {
                assert!(publisher.come().await);
            }
            let mut late = come();
            assert!(!publisher.come().await);
            let mut said = String::new();
            late.read_to_string(&mut said).unwrap();
            assert!(said.contains("too-many"), "{said}");
            // A place that is left is free at once.
            drop(guests);
            let _next = come();
            assert!(publisher.come().await);
        });
    }

    #[test]
    fn strangers_are_sent_away() {
        let folder = tempfile::tempdir().unwrap();
        here(async {
            let mut publisher = listening_in(folder.path());
            assert!(publisher.is_admitted(0, Instant::now()));
            assert!(!publisher.is_admitted(4_000_000_000, Instant::now()));
        });
    }

    #[test]
    fn a_socket_that_was_left_behind_is_taken_and_one_in_use_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sensor.sock");
        drop(Blocking::bind(&path).unwrap());
        assert!(path.exists());
        here(async {
            let first = Listener::open(&path).unwrap();
            assert!(Listener::open(&path).is_err_and(|stop| stop.says.contains("another")));
            drop(first);
            // What is no socket is nobody's to remove.
            std::fs::write(&path, "a file").unwrap();
            assert!(Listener::open(&path).is_err());
            assert!(path.exists());
        });
    }
}
