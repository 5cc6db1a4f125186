//! The laboratory: worlds built for real, and what Homeward must say of them.
//!
//! `cargo test --release --test lab` plays every scene; `cargo test --release --test lab -- WORD…` those whose place
//! and file name (`radio/wpa3-sae`) contain one of the words. Scenes lie in three places: `scenes/` are played in
//! network namespaces of this machine, `radio/` on simulated radios in a virtual machine, `machine/` on a whole
//! Debian with systemd in such a machine; scenes that share a world share a boot. A scene that cannot be built is
//! reported as not run, with the reason, and fails the run: nothing is skipped silently. Needs root and the Debian
//! packages that `.ci/lab-packages` names. What each scene left stays in `target/lab/PLACE/SCENE/`; a run of everything
//! writes `tests/lab/TRUTH.md`.

#![expect(clippy::disallowed_methods, reason = "the laboratory builds worlds with the system's own programs")]
#![expect(clippy::print_stdout, reason = "it tells what each scene came to")]
#![expect(clippy::indexing_slicing, reason = "a JSON value without the key is null, which no expectation is")]

mod guest;
mod machine;
mod namespaces;
mod radio;
mod scene;
mod truth;
mod vm;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use scene::{Staged, stage};
use truth::Said;

/// Where a scene is played.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Namespaces,
    Radio,
    Machine,
}

impl Place {
    const ALL: [Self; 3] = [Self::Namespaces, Self::Radio, Self::Machine];

    /// The folder under `tests/lab/` that holds its scenes.
    const fn folder(self) -> &'static str {
        match self {
            Self::Namespaces => "scenes",
            Self::Radio => "radio",
            Self::Machine => "machine",
        }
    }

    /// How many scenes, or boots, are played side by side. They wait more than they work; what is measured in
    /// seconds in a scene leaves room for a neighbour.
    const fn lanes(self) -> usize {
        match self {
            Self::Namespaces | Self::Radio => 3,
            Self::Machine => 1,
        }
    }
}

/// What the run has told so far.
struct Telling {
    passed: usize,
    failed: usize,
    said: Vec<Said>,
}

impl Telling {
    fn tell(&mut self, name: &str, seconds: f32, result: Result<String, String>) {
        match result {
            Ok(word) => {
                self.passed += 1;
                println!("right    {seconds:5.1} s  {name}: {word}");
            }
            Err(trouble) => {
                self.failed += 1;
                println!("WRONG    {seconds:5.1} s  {name}\n{trouble}");
            }
        }
    }
}

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let telling = Mutex::new(Telling { passed: 0, failed: 0, said: Vec::new() });
    let began = Instant::now();
    for place in Place::ALL {
        let began = Instant::now();
        let mut staged = Vec::new();
        for file in files(here, place, &wanted) {
            match stage(here, place.folder(), &file) {
                Ok(scene) => staged.push(scene),
                Err(trouble) => lock(&telling).tell(&file.display().to_string(), 0.0, Err(trouble)),
            }
        }
        if staged.is_empty() {
            continue;
        }
        println!("{}: {} scenes", place.folder(), staged.len());
        match place {
            Place::Namespaces => in_lanes(place.lanes(), &staged, |_, scene| {
                let began = Instant::now();
                let played = namespaces::play(here, scene);
                judge(&telling, scene, began.elapsed().as_secs_f32(), played);
            }),
            Place::Radio | Place::Machine => {
                let mut boots: Vec<Vec<&Staged>> = vec![Vec::new(); place.lanes().min(staged.len())];
                let lanes = boots.len();
                for (number, scene) in staged.iter().enumerate() {
                    boots[number % lanes].push(scene);
                }
                in_lanes(lanes, &boots, |number, scenes| {
                    let name = format!("{}-boot-{number}", place.folder());
                    let booted = match place {
                        Place::Machine => machine::play(here, &name, scenes),
                        Place::Radio | Place::Namespaces => radio::play(here, &name, scenes),
                    };
                    if let Err(trouble) = booted {
                        lock(&telling).tell(&name, began.elapsed().as_secs_f32(), Err(trouble));
                    }
                    for scene in scenes {
                        judge(&telling, scene, seconds_of(scene), Ok(()));
                    }
                });
            }
        }
        println!("{}: {:.0} s in all\n", place.folder(), began.elapsed().as_secs_f32());
    }
    let Telling { passed, failed, mut said } = telling.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    println!("{passed} passed, {failed} failed");
    println!("the laboratory took {:.0} s", began.elapsed().as_secs_f32());
    if passed + failed == 0 {
        println!("no scene matches {wanted:?}");
        return ExitCode::FAILURE;
    }
    if wanted.is_empty()
        && let Err(trouble) = truth::write(&here.join("tests/lab/TRUTH.md"), &mut said)
    {
        println!("tests/lab/TRUTH.md: {trouble}");
        return ExitCode::FAILURE;
    }
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn lock(telling: &Mutex<Telling>) -> std::sync::MutexGuard<'_, Telling> {
    telling.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Judges a scene that was played and tells what it came to.
fn judge(telling: &Mutex<Telling>, scene: &Staged, seconds: f32, played: Result<(), String>) {
    let mut said = Vec::new();
    let result = played.and_then(|()| scene.judge(&mut said));
    let mut telling = lock(telling);
    telling.said.append(&mut said);
    telling.tell(&format!("{}/{}", scene.place, scene.name), seconds, result);
}

/// Does the work on all items, up to `lanes` at a time.
fn in_lanes<T: Sync>(lanes: usize, items: &[T], work: impl Fn(usize, &T) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..lanes {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(number) else { break };
                    work(number, item);
                }
            });
        }
    });
}

fn files(here: &Path, place: Place, wanted: &[String]) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(here.join("tests/lab").join(place.folder())) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .filter(|path| {
            let name = format!("{}/{}", place.folder(), path.file_stem().unwrap_or_default().to_string_lossy());
            wanted.is_empty() || wanted.iter().any(|word| name.contains(word.as_str()))
        })
        .collect();
    files.sort();
    files
}

/// How long the guest says a scene took.
fn seconds_of(scene: &Staged) -> f32 {
    std::fs::read_to_string(scene.kept.join("scene-seconds"))
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(0.0)
}
