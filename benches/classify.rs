//! Packets to labels: what a packet costs, by family of protocols, mixed as on a home worker's line, and after its flow
//! is decided. Throughput is in packets.
//!
//! The mix is `../shared/bench/*.pcap.zst`, where it is present; the families are the signatures' own examples.

#![expect(clippy::expect_used, reason = "a bench that cannot start has nothing to say")]

use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use homeward::signatures::packets;
use homeward::wire::classify::Classifier;
use homeward::wire::matcher::Matcher;
use homeward::wire::pcap::Capture;
use homeward::wire::{Frame, FrameSource as _, Link, Stamp, trial};

/// A capture in memory.
struct Held {
    frames: Vec<(Link, Stamp, u32, Vec<u8>)>,
}

impl Held {
    fn read(path: &Path) -> Option<Self> {
        let file = std::fs::File::open(path).ok()?;
        let mut capture = Capture::open(file).expect("a capture");
        let mut frames = Vec::new();
        while let Some(frame) = capture.next().expect("readable") {
            frames.push((frame.link, frame.at, frame.length, frame.bytes.to_vec()));
        }
        Some(Self { frames })
    }

    fn play(&self, classifier: &mut Classifier<'_>) {
        for (number, (link, at, length, bytes)) in (1..).zip(&self.frames) {
            classifier.frame(&Frame { number, at: *at, link: *link, bytes, length: *length, sent: None }, 0);
        }
    }
}

fn families(criterion: &mut Criterion, matcher: &Matcher) {
    let mut group = criterion.benchmark_group("family");
    for (file, text) in packets::BUILT_IN {
        let signatures = packets::parse(text).expect("sound").signature;
        let conversations: Vec<Vec<Vec<u8>>> = signatures
            .iter()
            .flat_map(|signature| {
                signature.example.iter().map(|example| trial::frames(signature, example).expect("well written"))
            })
            .collect();
        let packets: usize = conversations.iter().map(Vec::len).sum();
        if packets == 0 {
            continue;
        }
        group.throughput(Throughput::Elements(u64::try_from(packets).expect("few")));
        group.bench_with_input(BenchmarkId::from_parameter(file), &conversations, |bencher, conversations| {
            // A classifier of its own for each round would be all that is measured: flows are renewed by their greeting
            // (TCP), or decided after the first round (UDP), as on a busy line.
            let mut classifier = Classifier::new(matcher);
            bencher.iter(|| {
                for frames in conversations {
                    trial::play(&mut classifier, black_box(frames));
                }
            });
        });
    }
    group.finish();
}

fn mixed(criterion: &mut Criterion, matcher: &Matcher) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/bench");
    let mut group = criterion.benchmark_group("mixed");
    group.sample_size(10);
    for name in ["w1-small", "w2-small"] {
        let Some(held) = Held::read(&folder.join(format!("{name}.pcap.zst"))) else { continue };
        group.throughput(Throughput::Elements(u64::try_from(held.frames.len()).expect("few")));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut classifier = Classifier::new(matcher);
                held.play(&mut classifier);
                classifier.count.packets
            });
        });
        group.bench_function(format!("{name}, flows known"), |bencher| {
            let mut classifier = Classifier::new(matcher);
            held.play(&mut classifier);
            bencher.iter(|| {
                held.play(&mut classifier);
                classifier.count.packets
            });
        });
    }
    group.finish();
}

/// What making the signatures ready costs: it is paid at every start.
fn start(criterion: &mut Criterion) {
    criterion.bench_function("start", |bencher| bencher.iter(|| Matcher::built_in().expect("sound")));
}

fn benches(criterion: &mut Criterion) {
    let matcher = Matcher::built_in().expect("the built-in signatures are sound");
    start(criterion);
    families(criterion, &matcher);
    mixed(criterion, &matcher);
}

criterion_group!(classifying, benches);
criterion_main!(classifying);
