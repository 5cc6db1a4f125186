//! The laboratory: worlds built for real, and what Homeward must say of them.
//!
//! `cargo test --test lab` runs every scene; `cargo test --test lab -- WORD…` those whose place or file name
//! contains one of the words. Scenes lie in two places: `scenes/` are played in network namespaces of this
//! machine, `radio/` on simulated radios in a virtual machine, all in one boot. A scene that cannot be built is
//! reported as not run, with the reason, and fails the run: nothing is skipped silently. Needs root and the
//! Debian packages that `.ci/run` names. What each scene left stays in `target/lab/SCENE/`; a run of everything,
//! or of all of `scenes/`, writes `tests/lab/TRUTH.md`.

#![expect(clippy::disallowed_methods, reason = "the laboratory builds worlds with the system's own programs")]
#![expect(clippy::print_stdout, reason = "it tells what each scene came to")]
#![expect(clippy::indexing_slicing, reason = "a JSON value without the key is null, which no expectation is")]

mod guest;
mod namespaces;
mod radio;
mod scene;
mod truth;
mod vm;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use scene::{Said, Staged, stage};

/// Where a scene is played.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Namespaces,
    Radio,
}

impl Place {
    const ALL: [Self; 2] = [Self::Namespaces, Self::Radio];

    /// The folder under `tests/lab/` that holds its scenes.
    const fn folder(self) -> &'static str {
        match self {
            Self::Namespaces => "scenes",
            Self::Radio => "radio",
        }
    }
}

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut passed, mut failed) = (0, 0);
    let mut said = Vec::new();
    let mut tell = |name: &str, seconds: f32, result: Result<String, String>| match result {
        Ok(word) => {
            passed += 1;
            println!("right    {seconds:5.1} s  {name}: {word}");
        }
        Err(trouble) => {
            failed += 1;
            println!("WRONG    {seconds:5.1} s  {name}\n{trouble}");
        }
    };
    let began = Instant::now();
    for place in Place::ALL {
        let mut staged = Vec::new();
        for file in files(here, place, &wanted) {
            match stage(here, &file) {
                Ok(scene) => staged.push(scene),
                Err(trouble) => tell(&file.display().to_string(), 0.0, Err(trouble)),
            }
        }
        match place {
            Place::Namespaces => {
                for scene in &staged {
                    let began = Instant::now();
                    let result = namespaces::play(here, scene).and_then(|()| scene.judge(&mut said));
                    tell(&scene.name, began.elapsed().as_secs_f32(), result);
                }
            }
            Place::Radio if staged.is_empty() => {}
            Place::Radio => {
                let began = Instant::now();
                println!("{}: {} scenes in one boot …", place.folder(), staged.len());
                let scenes: Vec<&Staged> = staged.iter().collect();
                let booted = radio::play(here, &scenes);
                if let Err(trouble) = booted {
                    tell(&format!("{} boot", place.folder()), began.elapsed().as_secs_f32(), Err(trouble));
                }
                for scene in &staged {
                    tell(&scene.name, seconds_of(scene), scene.judge(&mut said));
                }
                println!("{}: {:.0} s in all", place.folder(), began.elapsed().as_secs_f32());
            }
        }
    }
    println!("\n{passed} passed, {failed} failed");
    println!("the laboratory took {:.0} s", began.elapsed().as_secs_f32());
    if passed + failed == 0 {
        println!("no scene matches {wanted:?}");
        return ExitCode::FAILURE;
    }
    let whole_place = |place: Place| wanted == [format!("{}/", place.folder())];
    if (wanted.is_empty() || whole_place(Place::Namespaces))
        && let Err(trouble) = truth::write(&here.join("tests/lab/TRUTH.md"), &said)
    {
        println!("tests/lab/TRUTH.md: {trouble}");
        return ExitCode::FAILURE;
    }
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
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
