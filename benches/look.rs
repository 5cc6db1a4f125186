//! One passive look at this machine, judged: how long it takes, beside the kernel's own `RTM_GETLINK`
//! dump as the least any look must do. Goal: at most 100 ms for the whole command.

#![expect(clippy::expect_used, reason = "a bench that cannot start has nothing to say")]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use homeward::guidance::Guidance;
use homeward::sources::machine::Machine;
use homeward::sources::{self, Budget, Questions};
use homeward::verdict::{Selection, judge};

fn benches(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    let guidance = Guidance::built_in();
    let questions = Questions { destinations: guidance.destinations.clone(), portal: guidance.portal.clone() };
    let mut group = criterion.benchmark_group("look");
    group.sample_size(20);
    group.bench_function("links alone", |bencher| {
        bencher.iter(|| runtime.block_on(sources::link::look(&Machine::this())));
    });
    group.bench_function("passive look and verdict", |bencher| {
        bencher.iter(|| {
            let machine = Machine::this();
            let budget = Budget { deadline: tokio::time::Instant::now() + Duration::from_secs(5), passive: true };
            let facts = runtime.block_on(sources::look(&machine, &questions, budget, jiff::Timestamp::UNIX_EPOCH));
            black_box(judge(&facts, guidance, &Selection::default()))
        });
    });
    group.finish();
}

criterion_group!(looking, benches);
criterion_main!(looking);
