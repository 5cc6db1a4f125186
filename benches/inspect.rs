//! Whole captures: CPU time and memory of `homeward inspect` beside a bare loop over the packets with a flow table, and
//! beside whatever of Debian's peers is installed (nDPI's reader, Suricata without rules or output, `TShark`), all in one run.
//!
//! ```text
//! cargo bench --bench inspect                       w1, w2 and w3, each grown to about 300 MB
//! cargo bench --bench inspect -- FILE.pcap…         these captures as they are
//! cargo bench --bench inspect -- --grow 33          as large as the goals were set on (w1: 5 M packets)
//! cargo bench --bench inspect -- --test             once, small: that it runs
//! ```
//!
//! w1 (a home worker's mix) and w2 (look-ups) come from `../shared/bench`, where it is present, and grow by copies whose private
//! addresses are others', so that flows grow with them; w3 (downloads and a busy WireGuard tunnel) is made here.
//!
//! Goals, as multiples of the bare loop's CPU time: w1 3, w2 4, w3 2.5; memory 64, 64 and 32 MiB.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a bench that cannot start has nothing to say")]
#![expect(clippy::disallowed_methods, reason = "other programs are what is measured against")]
#![expect(clippy::print_stdout, reason = "it prints a table")]
#![expect(clippy::indexing_slicing, reason = "captures that were just made")]

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use foldhash::quality::RandomState;
use homeward::wire::FrameSource as _;
use homeward::wire::pcap::Capture;

/// A pcap file's header: microseconds, Ethernet.
const HEADER: [u8; 24] = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [flag, file] = arguments.as_slice()
        && flag == "--floor"
    {
        println!("{}", floor(Path::new(file)));
        return;
    }
    let test = arguments.iter().any(|argument| argument == "--test");
    arguments.retain(|argument| argument != "--test");
    let mut grow = u32::from(test);
    if let Some(at) = arguments.iter().position(|argument| argument == "--grow") {
        grow = arguments.get(at + 1).and_then(|times| times.parse().ok()).expect("--grow TIMES");
        arguments.drain(at..=at + 1);
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("inspect");
    std::fs::create_dir_all(&folder).expect("a folder beneath target/");
    let captures: Vec<(String, PathBuf)> = if arguments.is_empty() {
        workloads(&folder, grow)
    } else {
        arguments.iter().map(|file| (file.clone(), PathBuf::from(file))).collect()
    };
    for (name, capture) in &captures {
        contest(name, capture, if test { 1 } else { 3 });
    }
    if arguments.is_empty() {
        drop(std::fs::remove_dir_all(&folder));
    }
}

/// The captures to be read, made anew.
fn workloads(folder: &Path, grow: u32) -> Vec<(String, PathBuf)> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/bench");
    let mut captures = Vec::new();
    for (name, usual) in [("w1", 5), ("w2", 8)] {
        let small = shared.join(format!("{name}-small.pcap.zst"));
        if !small.is_file() {
            println!("{name}: {} is not there", small.display());
            continue;
        }
        let times = if grow == 0 { usual } else { grow };
        let grown = folder.join(format!("{name}.pcap"));
        copies(&small, &grown, times);
        captures.push((format!("{name}, {times} times"), grown));
    }
    let bulk = folder.join("w3.pcap");
    let packets = if grow == 0 { 300_000 } else { 15_000 * grow };
    downloads(&bulk, packets);
    captures.push((format!("w3, {packets} packets"), bulk));
    captures
}

/// Copies a capture so many times, one after the other; in each copy private addresses are others'.
fn copies(small: &Path, grown: &Path, times: u32) {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(grown).expect("created"));
    out.write_all(&HEADER).unwrap();
    let mut from = 0_i64;
    for copy in 0..times {
        let mut capture = Capture::open(File::open(small).expect("there")).expect("a capture");
        let (mut first, mut last) = (None, 0);
        while let Some(frame) = capture.next().expect("readable") {
            assert_eq!(frame.link.0, 1, "Ethernet");
            let first = *first.get_or_insert(frame.at.0);
            last = last.max(frame.at.0 - first);
            let mut bytes = frame.bytes.to_vec();
            readdress(&mut bytes, copy);
            packet(&mut out, from + frame.at.0 - first, &bytes, frame.length);
        }
        from += last + 1_000_000_000;
    }
    out.flush().unwrap();
}

/// Gives an Ethernet frame's private IPv4 addresses and its IPv6 interface identifiers to somebody else.
fn readdress(frame: &mut [u8], copy: u32) {
    let mut at = 12;
    while frame.len() > at + 4 && matches!(frame[at..at + 2], [0x81, 0]) {
        at += 4;
    }
    let (kind, ip) = (frame.get(at..at + 2).map(<[u8]>::to_vec), at + 2);
    match kind.as_deref() {
        Some([0x08, 0x00]) if frame.len() >= ip + 20 => {
            for address in [ip + 12, ip + 16] {
                let [a, b, c, d] = frame[address..address + 4] else { continue };
                let local = a == 10 || (a == 192 && b == 168) || (a == 172 && b & 0xf0 == 16);
                if local && d != 255 {
                    let number = u32::from_be_bytes([0, b, c, d]).wrapping_add(copy.wrapping_mul(0x0001_0407));
                    frame[address..address + 4].copy_from_slice(&(0x0a00_0000 | (number & 0x00ff_ffff)).to_be_bytes());
                }
            }
        }
        Some([0x86, 0xdd]) if frame.len() >= ip + 40 && frame[ip + 24] != 0xff => {
            for address in [ip + 8, ip + 24] {
                for (byte, more) in frame[address + 9..address + 12].iter_mut().zip(copy.to_be_bytes()) {
                    *byte ^= more.wrapping_mul(3);
                }
            }
        }
        _ => {}
    }
}

fn packet(out: &mut impl Write, at: i64, bytes: &[u8], length: u32) {
    let microseconds = 1_700_000_000_000_000 + at / 1000;
    let parts = [microseconds / 1_000_000, microseconds % 1_000_000].map(|part| u32::try_from(part).unwrap());
    let captured = u32::try_from(bytes.len()).unwrap();
    out.write_all(&[parts[0], parts[1], captured, length.max(captured)].map(u32::to_le_bytes).concat()).unwrap();
    out.write_all(bytes).unwrap();
}

/// Bulk: downloads over TLS 1.3, and a WireGuard tunnel that is busy, in equal parts.
fn downloads(path: &Path, packets: u32) {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path).expect("created"));
    out.write_all(&HEADER).unwrap();
    let mut noise = 0x2545_f491_u32;
    let mut random = |length: usize| -> Vec<u8> {
        let mut bytes = Vec::with_capacity(length + 4);
        while bytes.len() < length {
            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            bytes.extend(noise.to_le_bytes());
        }
        bytes.truncate(length);
        bytes
    };
    let blob = random(1400);
    let mut sequences: HashMap<u32, u32> = HashMap::new();
    for number in 0..packets {
        let (flow, at) = (number / 4 % 200 + 200 * (number / 200_000), i64::from(number) * 9000);
        let begun = sequences.contains_key(&flow);
        let sequence = sequences.entry(flow).or_insert(1000);
        let frame = if flow % 2 == 0 {
            let payload: Vec<u8> = if begun {
                [&[0x17, 3, 3, 5, 0x73][..], &blob[5..]].concat()
            } else {
                // A server's greeting: TLS 1.2 in its header, TLS 1.3 in its extension.
                let hello = [&[3, 3][..], &random(32), &[0, 0x13, 0x01, 0, 0, 6, 0, 0x2b, 0, 2, 3, 4]].concat();
                let length = u8::try_from(hello.len()).unwrap();
                [&[0x16, 3, 3, 0, length + 4, 2, 0, 0, length][..], &hello].concat()
            };
            let tcp = [
                &443_u16.to_be_bytes()[..],
                &port(flow),
                &sequence.to_be_bytes(),
                &[0, 0, 0, 1, 0x50, 0x18, 0xff, 0xff, 0, 0, 0, 0],
                &payload,
            ]
            .concat();
            *sequence = sequence.wrapping_add(u32::try_from(payload.len()).unwrap());
            ethernet(flow, 6, &tcp)
        } else {
            let payload: Vec<u8> = if begun {
                *sequence += 1;
                [&[4, 0, 0, 0][..], &flow.to_le_bytes(), &sequence.to_le_bytes(), &[0; 4], &blob[16..]].concat()
            } else {
                [&[2, 0, 0, 0][..], &random(88)].concat()
            };
            let length = u16::try_from(payload.len() + 8).unwrap().to_be_bytes();
            ethernet(flow, 17, &[&51820_u16.to_be_bytes()[..], &port(flow), &length, &[0, 0], &payload].concat())
        };
        packet(&mut out, at, &frame, 0);
    }
    out.flush().unwrap();
}

fn port(flow: u32) -> [u8; 2] {
    u16::try_from(20_000 + flow % 40_000).unwrap().to_be_bytes()
}

/// From a server to a laptop, each flow its own.
fn ethernet(flow: u32, protocol: u8, payload: &[u8]) -> Vec<u8> {
    let total = u16::try_from(20 + payload.len()).unwrap().to_be_bytes();
    let [_, high, middle, low] = flow.to_be_bytes();
    [
        &[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0, 0x45, 0, total[0], total[1], 0, 0, 0x40, 0, 60, protocol, 0, 0]
            [..],
        &[203, 0, 113, 9, 10, high, middle, low],
        payload,
    ]
    .concat()
}

/// The lower bound: every packet read and counted in a flow table, nothing else.
fn floor(path: &Path) -> usize {
    let mut input = BufReader::with_capacity(1 << 20, File::open(path).expect("there"));
    let mut header = [0; 24];
    input.read_exact(&mut header).expect("a pcap file");
    let ethernet = header[20] == 1;
    let mut flows: HashMap<(u128, u128, u32, u8), u64, RandomState> = HashMap::default();
    let mut record = [0; 16];
    let mut bytes = Vec::new();
    while input.read_exact(&mut record).is_ok() {
        let length = u32::from_le_bytes([record[8], record[9], record[10], record[11]]);
        bytes.resize(usize::try_from(length).unwrap(), 0);
        if input.read_exact(&mut bytes).is_err() {
            break;
        }
        if let Some(flow) = flow(&bytes, ethernet) {
            *flows.entry(flow).or_default() += u64::from(length);
        }
    }
    flows.len()
}

/// Who speaks with whom, in either direction.
fn flow(bytes: &[u8], ethernet: bool) -> Option<(u128, u128, u32, u8)> {
    let mut rest = bytes;
    if ethernet {
        let mut at = 12;
        while bytes.get(at..at + 2)? == [0x81, 0] {
            at += 4;
        }
        rest = bytes.get(at + 2..)?;
    }
    let number = |bytes: &[u8]| bytes.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    let (protocol, source, destination, ports) = match rest.first()? >> 4 {
        4 => {
            let header = usize::from(rest[0] & 15) * 4;
            (*rest.get(9)?, number(rest.get(12..16)?), number(rest.get(16..20)?), rest.get(header..header + 4))
        }
        6 => (*rest.get(6)?, number(rest.get(8..24)?), number(rest.get(24..40)?), rest.get(40..44)),
        _ => return None,
    };
    let [from, to] = match (protocol, ports) {
        (6 | 17, Some(&[a, b, c, d])) => [u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])].map(u32::from),
        _ => [0, 0],
    };
    Some(if (source, from) <= (destination, to) {
        (source, destination, from << 16 | to, protocol)
    } else {
        (destination, source, to << 16 | from, protocol)
    })
}

/// What a program took.
#[derive(Clone, Copy)]
struct Took {
    cpu: Duration,
    memory: u64,
}

/// Runs all programs on one capture, one after the other, so many times; prints the medians and the ratios.
fn contest(name: &str, capture: &Path, rounds: usize) {
    let file = capture.to_str().expect("UTF-8");
    let this = std::env::current_exe().expect("itself");
    let this = this.to_str().expect("UTF-8");
    let programs: Vec<(&str, Vec<&str>)> = vec![
        ("bare loop + flow table", vec![this, "--floor", file]),
        ("homeward inspect", vec![env!("CARGO_BIN_EXE_homeward"), "inspect", "--json", file]),
        ("nDPI, ndpiReader -q", vec!["ndpiReader", "-q", "-i", file]),
        (
            "Suricata, no rules",
            vec![
                "suricata",
                "-r",
                file,
                "-k",
                "none",
                "--runmode=single",
                "-S",
                "/dev/null",
                "-l",
                "/tmp",
                "--set",
                "outputs.1.eve-log.enabled=no",
                "--set",
                "outputs.0.fast.enabled=no",
                "--set",
                "stats.enabled=no",
            ],
        ),
        ("TShark", vec!["tshark", "-q", "-r", file]),
    ];
    let size = std::fs::metadata(capture).map_or(0, |metadata| metadata.len());
    println!("\n{name}: {} MB", size / 1_000_000);
    println!("{:26} {:>9} {:>9} {:>12} {:>14}", "program", "CPU s", "MiB", "x bare loop", "x homeward");
    let mut runs: Vec<Vec<Took>> = vec![Vec::new(); programs.len()];
    for round in 0..rounds {
        for ((name, command), runs) in programs.iter().zip(&mut runs) {
            // One look at the slow one is enough.
            if round == 0 || *name != "TShark" {
                runs.extend(took(command));
            }
        }
    }
    let median = |runs: &[Took]| {
        let mut sorted: Vec<Took> = runs.to_vec();
        sorted.sort_by_key(|took| took.cpu);
        sorted.get(sorted.len() / 2).copied()
    };
    let medians: Vec<Option<Took>> = runs.iter().map(|runs| median(runs)).collect();
    let seconds = |at: usize| medians.get(at).copied().flatten().map_or(f64::NAN, |took| took.cpu.as_secs_f64());
    for (at, ((name, _), took)) in programs.iter().zip(&medians).enumerate() {
        match took {
            Some(took) => println!(
                "{name:26} {:>9.2} {:>9} {:>12.2} {:>14.2}",
                seconds(at),
                took.memory >> 20,
                seconds(at) / seconds(0),
                seconds(at) / seconds(1),
            ),
            None => println!("{name:26} is not installed"),
        }
    }
}

/// Runs a program to its end; `None` where it is not there or fails at once.
fn took(command: &[&str]) -> Option<Took> {
    let (program, arguments) = command.split_first()?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let pid = rustix::process::Pid::from_child(&child);
    let mut memory = 0;
    // Its peak is asked for while it runs; its CPU time once it has ended, before it is forgotten.
    loop {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<u64>().ok());
        memory = peak.map_or(memory, |peak| memory.max(peak * 1024));
        let options = rustix::process::WaitIdOptions::EXITED
            | rustix::process::WaitIdOptions::NOWAIT
            | rustix::process::WaitIdOptions::NOHANG;
        if rustix::process::waitid(rustix::process::WaitId::Pid(pid), options).ok()?.is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).ok()?;
    // After the name in parentheses; user and system time are fields 14 and 15, in hundredths of a second.
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks: u64 = fields.get(11..13)?.iter().filter_map(|field| field.parse::<u64>().ok()).sum();
    child.wait().ok()?;
    Some(Took { cpu: Duration::from_millis(ticks * 10), memory })
}
