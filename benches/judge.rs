//! Facts to verdict: how long judging takes. Goal: at most 200 µs a moment.

#![expect(clippy::expect_used, reason = "a bench that cannot start has nothing to say")]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use homeward::facts::Facts;
use homeward::guidance::Guidance;
use homeward::verdict::{Selection, judge};

fn moment(name: &str) -> Facts {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/base").join(name).with_extension("json");
    let text = std::fs::read_to_string(path).expect("the base moments are in the tree");
    serde_json::from_str(&text).expect("a base moment is valid facts")
}

fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("judge");
    for name in ["ethernet", "cafe", "vpn-full", "blind"] {
        let facts = moment(name);
        group.bench_function(name, |bencher| {
            bencher.iter(|| judge(black_box(&facts), Guidance::built_in(), &Selection::default()));
        });
    }
    group.finish();
}

criterion_group!(judging, benches);
criterion_main!(judging);
