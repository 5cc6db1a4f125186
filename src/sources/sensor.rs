//! What `homeward-sensor` tells: what packets showed, what only a privileged process may read; and the witnessed
//! leak test, in which Homeward sends probes that the sensor recognises and sees by which interface each left.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs as _, UdpSocket};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::net::UnixStream;
use tokio::time::{Instant, timeout, timeout_at};

use crate::facts::sensor::{
    DATAGRAM, DATAGRAM_LETTERS, DATAGRAM_PORT, ELSEWHERE, ELSEWHERE_6, FORMAT, Hello, LONGEST_LINE, Leaks, Line,
    NAME_ENDINGS, NAME_LETTERS, Privileged, Probe, Refused, Report, Sensor, token,
};
use crate::facts::{Facts, Observed, Reason, Thing};

use super::Budget;
use super::machine::Machine;

/// How long the sensor may take to say hello and report: it asks its second process first.
const GREETING: Duration = Duration::from_secs(1);

/// How long the look-up of the leak test is waited for, and how long it is looked for its traces after that: the
/// sensor sees packets a tenth of a second late.
const LOOKUP: Duration = Duration::from_secs(1);
const TRACES: Duration = Duration::from_millis(300);

/// A sensor that is listened to.
pub struct Ear {
    stream: UnixStream,
    buffer: Vec<u8>,
    hello: Hello,
    report: Report,
}

/// Listens to the sensor.
///
/// # Errors
/// A [`Reason`] when there is none, or it does not let us listen.
pub async fn listen(machine: &Machine, budget: Budget) -> Result<Ear, Reason> {
    let greeting = greeted(machine.sensor());
    timeout(budget.within(GREETING), greeting).await.unwrap_or(Err(Reason::TimedOut { what: Thing::Sensor }))
}

/// Listens for as long as there is a sensor, and waits for it to come back; calls `news` when it comes, goes, or tells of
/// something it had not told of before. What it counts is no news.
pub async fn news(socket: PathBuf, news: impl Fn()) {
    let mut patience = super::changes::Patience::new();
    loop {
        if let Ok(mut ear) = greeted(&socket).await {
            patience = super::changes::Patience::new();
            let mut known = gist(&ear.report);
            news();
            while let Ok(line) = ear.line().await {
                let Some(report) = line.report else { continue };
                let told = gist(&report);
                if told != known {
                    known = told;
                    news();
                }
            }
            news();
        }
        patience.wait().await;
    }
}

/// What of a report is news when it changes: which labels were seen where, and what only the privileged may read of
/// tunnels' keys and the firewall.
fn gist(report: &Report) -> (BTreeSet<(String, Option<String>)>, String) {
    let seen = report.traffic.sightings.iter();
    let labels = seen.map(|seen| (seen.label.clone(), seen.interface.clone())).collect();
    (labels, format!("{:?}", report.privileged.firewall))
}

async fn greeted(path: &Path) -> Result<Ear, Reason> {
    let stream = UnixStream::connect(path).await.map_err(|error| told(&error))?;
    let mut ear = Ear { stream, buffer: Vec::new(), hello: Hello::default(), report: Report::default() };
    let nonsense = || Reason::failed(Thing::Sensor, "it does not say what a sensor says");
    ear.hello = ear.line().await?.hello.ok_or_else(nonsense)?;
    ear.report = ear.line().await?.report.ok_or_else(nonsense)?;
    Ok(ear)
}

fn told(error: &io::Error) -> Reason {
    let what = Thing::Sensor;
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused | io::ErrorKind::NotADirectory => {
            Reason::NotRunning { what }
        }
        io::ErrorKind::PermissionDenied => Reason::NotPermitted { what },
        _ => Reason::failed(what, error),
    }
}

impl Ear {
    /// The next line. May be given up at any time without losing anything.
    async fn line(&mut self) -> Result<Line, Reason> {
        let failed = |error: io::Error| Reason::failed(Thing::Sensor, error);
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=end).collect();
                let line: Line = serde_json::from_slice(&line).map_err(|error| failed(error.into()))?;
                return match line.refused {
                    _ if line.format != FORMAT => Err(Reason::failed(Thing::Sensor, "it speaks another format")),
                    Some(Refused::NotPermitted) => Err(Reason::NotPermitted { what: Thing::Sensor }),
                    Some(Refused::TooMany) => Err(Reason::failed(Thing::Sensor, "too many listen to it")),
                    None => Ok(line),
                };
            }
            if self.buffer.len() > LONGEST_LINE {
                return Err(Reason::failed(Thing::Sensor, "a line without an end"));
            }
            if self.stream.read_buf(&mut self.buffer).await.map_err(failed)? == 0 {
                return Err(Reason::failed(Thing::Sensor, "it ended"));
            }
        }
    }

    /// Fills in what this user could not read and the sensor's second process could.
    pub fn fill(&self, facts: &mut Facts) {
        let Privileged { wireguard, ipsec, firewall } = &self.report.privileged;
        if let (Observed::Unknown(_), Observed::Known(_)) = (&facts.firewall, firewall) {
            facts.firewall = firewall.clone();
        }
        let Observed::Known(vpn) = &mut facts.vpn else { return };
        if let (Observed::Unknown(_), Observed::Known(_)) = (&vpn.ipsec, ipsec) {
            vpn.ipsec = ipsec.clone();
        }
        for tunnel in &mut vpn.tunnels {
            if let (Some(Observed::Unknown(_)), Some(device @ Observed::Known(_))) =
                (&tunnel.wireguard, wireguard.get(&tunnel.interface))
            {
                tunnel.wireguard = Some(device.clone());
            }
        }
    }

    /// Sends the probes of the leak test and gathers what the sensor saw of them; nothing, when the budget is
    /// passive. What the sensor reports meanwhile is kept.
    pub async fn witness(&mut self, budget: Budget) -> Observed<Leaks> {
        let what = Thing::Witness;
        if budget.passive {
            return Observed::Unknown(Reason::NotSent { what });
        }
        let Some(letters) = letters() else {
            return Observed::Unknown(Reason::failed(what, "no random letters"));
        };
        let [name, four, six] = letters;
        let mut leaks = Leaks::default();
        leaks.ipv4.sent = send(ELSEWHERE, &four);
        leaks.ipv6.sent = send(ELSEWHERE_6, &six);
        leaks.name.sent = true;
        let [ending, _] = NAME_ENDINGS;
        let label: String = name.chars().take(NAME_LETTERS).collect();
        // The dot at the end keeps the resolver from trying it under the domains it searches.
        let asked = format!("{label}.{ending}.");
        let lookup = tokio::task::spawn_blocking(move || drop((asked.as_str(), 0).to_socket_addrs()));
        let begun = Instant::now();
        let answered = self.until_answered(lookup, begun + budget.within(LOOKUP)).await;
        if let Err(reason) = answered {
            return Observed::Unknown(reason);
        }
        for (trace, probe, letters) in [
            (&mut leaks.name, Probe::Name, label.as_str()),
            (&mut leaks.ipv4, Probe::Datagram, &four),
            (&mut leaks.ipv6, Probe::Datagram, &six),
        ] {
            trace.seen = traces(&self.report, probe, &token(letters.as_bytes()));
        }
        Observed::Known(leaks)
    }

    /// Hears reports until the look-up is answered and its traces had time to come, or until the deadline.
    async fn until_answered(
        &mut self,
        mut lookup: tokio::task::JoinHandle<()>,
        deadline: Instant,
    ) -> Result<(), Reason> {
        let mut end = deadline;
        let mut answered = false;
        loop {
            tokio::select! {
                _ = &mut lookup, if !answered => {
                    answered = true;
                    end = end.min(Instant::now() + TRACES);
                }
                line = timeout_at(end, self.line()) => match line {
                    Ok(line) => {
                        if let Some(report) = line?.report {
                            self.report = report;
                        }
                    }
                    Err(_) => return Ok(()),
                },
            }
        }
    }

    /// What the sensor told, as facts.
    pub fn tell(self, facts: &mut Facts, witnessed: Observed<Leaks>) {
        let Report { links, traffic, losses, .. } = self.report;
        facts.sensor = Observed::Known(Sensor {
            version: self.hello.version,
            heard: links.into_iter().map(|link| (link.interface, link.seconds)).collect(),
            lost: losses.lost.saturating_add(losses.shed).saturating_add(losses.faults),
            witnessed,
        });
        facts.traffic = Observed::Known(traffic);
    }
}

/// The interfaces by which a probe was seen to leave, each once.
fn traces(report: &Report, probe: Probe, token: &str) -> Vec<String> {
    let ours = report.witnessed.iter().filter(|seen| seen.probe == probe && seen.token == token);
    let mut interfaces: Vec<_> = ours.map(|seen| seen.interface.clone()).collect();
    interfaces.sort();
    interfaces.dedup();
    interfaces
}

/// Sends a datagram that nobody answers; whether the kernel took it.
fn send(to: IpAddr, letters: &str) -> bool {
    let any: IpAddr = if to.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let message = [DATAGRAM, letters.as_bytes()].concat();
    UdpSocket::bind((any, 0)).and_then(|socket| socket.send_to(&message, (to, DATAGRAM_PORT))).is_ok()
}

/// Three times as many random letters as a probe needs.
fn letters() -> Option<[String; 3]> {
    let mut random = [0; 3 * DATAGRAM_LETTERS];
    File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut random)).ok()?;
    let (words, _) = random.as_chunks::<DATAGRAM_LETTERS>();
    let word = |word: &[u8; DATAGRAM_LETTERS]| word.map(|byte| char::from(b'a' + byte % 26)).iter().collect();
    <[String; 3]>::try_from(words.iter().map(word).collect::<Vec<_>>()).ok()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::os::unix::net::UnixListener;
    use std::thread::JoinHandle;

    use super::*;
    use crate::facts::Looker;
    use crate::facts::firewall::Firewall;
    use crate::facts::sensor::{Heard, Losses, Witnessed};
    use crate::facts::vpn::{Tunnel, TunnelKind, Vpn, Wireguard};

    /// What listening comes to where a sensor says these lines and ends.
    fn heard(says: &[&[u8]]) -> Result<Ear, Reason> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sensor.sock");
        let listener = UnixListener::bind(&path).unwrap();
        let says = says.concat();
        let speaker: JoinHandle<_> = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.write_all(&says);
        });
        let machine = Machine::at(folder.path(), None, None).with_sensor(path);
        let ear = here(listen(&machine, budget()));
        speaker.join().unwrap();
        ear
    }

    fn here<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
    }

    fn budget() -> Budget {
        Budget { deadline: Instant::now() + Duration::from_secs(5), passive: true }
    }

    fn line(line: &Line) -> Vec<u8> {
        [serde_json::to_vec(line).unwrap(), b"\n".to_vec()].concat()
    }

    fn facts() -> Facts {
        let looker = Looker { homeward: "test".to_owned(), root: false, passive: true };
        Facts::unknown("2026-11-23T08:00:00Z".parse().unwrap(), looker)
    }

    #[test]
    fn what_it_says_becomes_facts() {
        let report = Report {
            links: vec![Heard { interface: "eth0".into(), since: jiff::Timestamp::UNIX_EPOCH, seconds: 40 }],
            losses: Losses { lost: 1, shed: 2, faults: 3, ..Losses::default() },
            privileged: Privileged {
                wireguard: [("wg0".to_owned(), Observed::Known(Wireguard { listen_port: 7, ..Wireguard::default() }))]
                    .into(),
                ipsec: Observed::Known(Vec::new()),
                firewall: Observed::Known(Firewall { input_drops: true, ..Firewall::default() }),
            },
            ..Report::default()
        };
        let hello = Hello { version: "9".to_owned(), ..Hello::default() };
        let ear = heard(&[&line(&Line::hello(hello)), &line(&Line::report(report))]).unwrap();

        let mut facts = facts();
        facts.firewall = Observed::Unknown(Reason::NotPermitted { what: Thing::Nftables });
        facts.vpn = Observed::Known(Vpn {
            tunnels: vec![Tunnel {
                interface: "wg0".into(),
                kind: TunnelKind::Wireguard,
                up: true,
                rx_bytes: 0,
                tx_bytes: 0,
                rx_during_look: 0,
                wireguard: Some(Observed::Unknown(Reason::NotPermitted { what: Thing::WireguardPeers })),
                remote: None,
            }],
            ipsec: Observed::Unknown(Reason::NotPermitted { what: Thing::XfrmPolicies }),
            ..Vpn::default()
        });
        ear.fill(&mut facts);
        let vpn = facts.vpn.known().unwrap();
        assert_eq!(vpn.ipsec, Observed::Known(Vec::new()));
        assert!(matches!(&vpn.tunnels[0].wireguard, Some(Observed::Known(device)) if device.listen_port == 7));
        assert!(facts.firewall.known().unwrap().input_drops);

        ear.tell(&mut facts, Observed::Unknown(Reason::NotSent { what: Thing::Witness }));
        let sensor = facts.sensor.known().unwrap();
        assert_eq!((sensor.version.as_str(), sensor.heard["eth0"], sensor.lost), ("9", 40, 6));
        assert!(facts.traffic.known().is_some());
    }

    #[test]
    fn what_could_be_read_is_kept() {
        let hello = line(&Line::hello(Hello::default()));
        let privileged = Privileged { firewall: Observed::Known(Firewall::default()), ..Privileged::default() };
        let report = line(&Line::report(Report { privileged, ..Report::default() }));
        let ear = heard(&[&hello, &report]).unwrap();
        let mut facts = facts();
        facts.firewall = Observed::Known(Firewall { input_drops: true, ..Firewall::default() });
        ear.fill(&mut facts);
        assert!(facts.firewall.known().unwrap().input_drops);
    }

    #[test]
    fn whoever_does_not_speak_as_a_sensor_does_is_none() {
        let what = Thing::Sensor;
        let hello = line(&Line::hello(Hello::default()));
        for refused in
            [&b""[..], b"\n", b"{}\n", b"{\"format\":\"homeward.sensor/9\"}\n", b"[1,2", &hello, &vec![b'x'; 3_000_000]]
        {
            assert!(matches!(heard(&[refused]), Err(Reason::Failed { .. })), "{}", refused.len());
        }
        assert_eq!(heard(&[&line(&Line::refused(Refused::NotPermitted))]).err(), Some(Reason::NotPermitted { what }));
        assert!(matches!(heard(&[&line(&Line::refused(Refused::TooMany))]), Err(Reason::Failed { .. })));
        let nobody = Machine::at("/nonexistent", None, None);
        assert_eq!(here(listen(&nobody, budget())).err(), Some(Reason::NotRunning { what }));
    }

    #[test]
    fn nothing_is_sent_when_the_look_is_passive() {
        let hello = line(&Line::hello(Hello::default()));
        let mut ear = heard(&[&hello, &line(&Line::report(Report::default()))]).unwrap();
        let witnessed = here(ear.witness(budget()));
        assert_eq!(witnessed, Observed::Unknown(Reason::NotSent { what: Thing::Witness }));
    }

    #[test]
    fn traces_are_those_of_the_probe_alone() {
        let seen = |probe, letters: &[u8], interface: &str| Witnessed {
            probe,
            token: token(letters),
            interface: interface.to_owned(),
            at: jiff::Timestamp::UNIX_EPOCH,
        };
        let report = Report {
            witnessed: vec![
                seen(Probe::Name, b"abc", "wg0"),
                seen(Probe::Name, b"abc", "eth0"),
                seen(Probe::Name, b"abc", "eth0"),
                seen(Probe::Name, b"abd", "eth1"),
                seen(Probe::Datagram, b"abc", "eth2"),
            ],
            ..Report::default()
        };
        assert_eq!(traces(&report, Probe::Name, &token(b"ABC")), ["eth0", "wg0"]);
    }

    #[test]
    fn letters_are_random_and_letters() {
        let (one, two) = (letters().unwrap(), letters().unwrap());
        assert_ne!(one, two);
        assert!(
            one.iter().all(|word| word.len() == DATAGRAM_LETTERS && word.bytes().all(|byte| byte.is_ascii_lowercase()))
        );
    }
}
