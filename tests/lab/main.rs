//! The laboratory: worlds built for real, and what Homeward must say of them.
//!
//! `cargo test --test lab` runs every scene of `tests/lab/scenes/`; `cargo test --test lab -- NAME…` runs
//! those whose file name contains one of the words. A scene that cannot be built is reported as not
//! run, with the reason, and fails the run: nothing is skipped silently. Needs root and the Debian packages
//! named in `.ci/run`. What each scene printed stays in `target/lab/SCENE/`.

#![expect(clippy::disallowed_methods, reason = "the laboratory builds worlds with the system's own programs")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::Value;

/// One scene file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scene {
    /// The world, in words.
    world: String,
    /// What is wrong in it, and what is not.
    truth: String,
    /// Builds the world, in the words of `world.sh`.
    build: String,
    /// Shows the truth without Homeward; must succeed.
    witness: String,
    /// Checked after the looks, e.g. that nothing was sent; must succeed.
    #[serde(default)]
    after: Option<String>,
    /// Guidance over the built-in, for every look.
    #[serde(default)]
    guidance: Option<String>,
    /// The looks to take.
    look: Vec<Look>,
}

/// One run of `homeward check --json` and what it must say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Look {
    /// Root, or a user without any privilege.
    who: Who,
    /// Further arguments.
    #[serde(default)]
    args: Vec<String>,
    /// The exit codes that are right.
    exit: Vec<i32>,
    /// Check id to outcome; `a|b` where either is right.
    #[serde(default)]
    says: BTreeMap<String, String>,
    /// Checks that must not fail, besides those of `says`; `["*"]`: none but those `says` expects.
    #[serde(default)]
    quiet: Vec<String>,
    /// Dotted path in `connection` to its JSON value.
    #[serde(default)]
    connection: BTreeMap<String, Value>,
    /// Seconds the look may take, whatever hangs.
    #[serde(default)]
    within: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Who {
    Root,
    User,
}

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = std::fs::read_dir(here.join("tests/lab/scenes"))
        .expect("tests/lab/scenes is there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .filter(|path| wanted.is_empty() || wanted.iter().any(|word| path.to_string_lossy().contains(word)))
        .collect();
    files.sort();
    let (mut passed, mut failed) = (0, 0);
    for file in &files {
        let name = file.file_stem().expect("a scene has a name").to_string_lossy().into_owned();
        let began = Instant::now();
        let result = read(file).and_then(|scene| play(here, &name, &scene));
        let seconds = began.elapsed().as_secs_f32();
        match result {
            Ok(said) => {
                passed += 1;
                println!("right    {seconds:5.1} s  {name}: {said}");
            }
            Err(trouble) => {
                failed += 1;
                println!("WRONG    {seconds:5.1} s  {name}\n{trouble}");
            }
        }
    }
    println!("\n{passed} passed, {failed} failed");
    if files.is_empty() {
        println!("no scene matches {wanted:?}");
        return ExitCode::FAILURE;
    }
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read(file: &Path) -> Result<Scene, String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let scene: Scene = toml::from_str(&text).map_err(|error| error.to_string())?;
    if scene.world.trim().is_empty() || scene.truth.trim().is_empty() || scene.look.is_empty() {
        return Err("a scene tells its world and its truth and takes at least one look".to_owned());
    }
    Ok(scene)
}

/// Builds the world, asks the witness, takes the looks, and compares.
fn play(here: &Path, name: &str, scene: &Scene) -> Result<String, String> {
    let kept = here.join("target/lab").join(name);
    let _ = std::fs::remove_dir_all(&kept);
    std::fs::create_dir_all(&kept).map_err(|error| error.to_string())?;
    let mut script = format!(
        ". '{}'\ncp '{}' /run/lab/homeward; chmod 755 /run/lab/homeward\nmkdir -m 777 /run/lab/home\nexport HOME=/run/lab/home\n",
        here.join("tests/lab/world.sh").display(),
        env!("CARGO_BIN_EXE_homeward"),
    );
    if let Some(guidance) = &scene.guidance {
        let _ = write!(script, "cat > /run/lab/guidance.toml <<'END-OF-GUIDANCE'\n{guidance}\nEND-OF-GUIDANCE\n");
    }
    let _ = write!(
        script,
        "{}\necho built > '{1}/built'\n(\n{2}\n)\necho seen > '{1}/seen'\nset +e\n",
        scene.build,
        kept.display(),
        scene.witness
    );
    for (number, look) in scene.look.iter().enumerate() {
        let prefix = match look.who {
            Who::Root => "",
            Who::User => "setpriv --reuid 65534 --regid 65534 --clear-groups ",
        };
        let guidance = if scene.guidance.is_some() { "--guidance /run/lab/guidance.toml" } else { "" };
        let args: Vec<String> = look.args.iter().map(|arg| format!("'{arg}'")).collect();
        let _ = writeln!(
            script,
            "began=$(date +%s.%N)\n{prefix}/run/lab/homeward check --json {guidance} {args} --save-facts /run/lab/home/facts-{number}.json \
             > '{kept}/look-{number}.json' 2> '{kept}/look-{number}.err'\necho $? > '{kept}/look-{number}.exit'\n\
             echo \"$(date +%s.%N) - $began\" | bc > '{kept}/look-{number}.seconds'\n\
             cp /run/lab/home/facts-{number}.json '{kept}/' 2>/dev/null",
            args = args.join(" "),
            kept = kept.display(),
        );
    }
    if let Some(after) = &scene.after {
        let _ = writeln!(script, "(\nset -e\n{after}\n) && echo after > '{}/after'", kept.display());
    }
    script.push_str("cp -r /run/lab/*.log /run/lab/*.conf '");
    let _ = writeln!(script, "{}/' 2>/dev/null\nexit 0", kept.display());
    std::fs::write(kept.join("script.sh"), &script).map_err(|error| error.to_string())?;

    let log = std::fs::File::create(kept.join("world.log")).map_err(|error| error.to_string())?;
    let mut child = Command::new("unshare")
        .args(["--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child", "bash"])
        .arg(kept.join("script.sh"))
        .stdin(Stdio::null())
        .stdout(log.try_clone().map_err(|error| error.to_string())?)
        .stderr(log)
        .spawn()
        .map_err(|error| format!("not run: cannot start `unshare`: {error}"))?;
    let deadline = Instant::now() + Duration::from_secs(90);
    loop {
        if child.try_wait().map_err(|error| error.to_string())?.is_some() {
            break;
        }
        if Instant::now() > deadline {
            let _ = child.kill();
            let _ = child.wait();
            return Err("not run to its end: 90 seconds were not enough".to_owned());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let log = || std::fs::read_to_string(kept.join("world.log")).unwrap_or_default();
    if !kept.join("built").exists() {
        return Err(format!("not run: the world could not be built\n{}", log()));
    }
    if !kept.join("seen").exists() {
        return Err(format!("not run: the witness does not see the truth\n{}", log()));
    }
    let mut wrong = String::new();
    if scene.after.is_some() && !kept.join("after").exists() {
        let _ = writeln!(wrong, "  what must hold after the looks does not:\n{}", log());
    }
    let mut words = Vec::new();
    for (number, look) in scene.look.iter().enumerate() {
        let who = if look.who == Who::Root { "root" } else { "user" };
        match compare(&kept, number, look) {
            Ok(word) => words.push(format!("{who} {word}")),
            Err(trouble) => {
                let _ = writeln!(wrong, "  as {who} {}:\n{trouble}", look.args.join(" "));
            }
        }
    }
    if wrong.is_empty() { Ok(words.join(", ")) } else { Err(format!("{wrong}  facts and logs: {}", kept.display())) }
}

fn compare(kept: &Path, number: usize, look: &Look) -> Result<String, String> {
    let text = |ending: &str| std::fs::read_to_string(kept.join(format!("look-{number}.{ending}"))).unwrap_or_default();
    let exit: i32 = text("exit").trim().parse().map_err(|_| "homeward did not run".to_owned())?;
    let document: Value = serde_json::from_str(&text("json"))
        .map_err(|error| format!("    exit {exit}, no JSON: {error}\n{}", text("err")))?;
    let mut wrong = String::new();
    if !look.exit.contains(&exit) {
        let _ = writeln!(wrong, "    exit {exit}, must be one of {:?}: {}", look.exit, document["summary"]);
    }
    let empty = Vec::new();
    let findings = document["findings"].as_array().unwrap_or(&empty);
    let outcome = |check: &str| {
        findings.iter().find(|finding| finding["check"] == check).and_then(|finding| finding["outcome"].as_str())
    };
    for (check, expected) in &look.says {
        let said = outcome(check).unwrap_or("nothing");
        if !expected.split('|').any(|word| word == said) {
            let _ = writeln!(wrong, "    {check}: must say {expected}, says {said}");
        }
    }
    for finding in findings {
        let check = finding["check"].as_str().unwrap_or_default();
        let hushed = look.quiet.iter().any(|quiet| quiet == "*" || quiet == check);
        let expected = look.says.get(check).is_some_and(|said| said.split('|').any(|word| word == "fail"));
        if hushed && !expected && finding["outcome"] == "fail" {
            let _ = writeln!(wrong, "    {check}: false alarm: {}", finding["evidence"]);
        }
    }
    for (path, expected) in &look.connection {
        let pointer = format!("/connection/{}", path.replace('.', "/"));
        let said = document.pointer(&pointer).unwrap_or(&Value::Null);
        // TOML has no null.
        if said != expected && !(said.is_null() && expected == "null") {
            let _ = writeln!(wrong, "    connection.{path}: must be {expected}, is {said}");
        }
    }
    let seconds: f64 = text("seconds").trim().parse().unwrap_or(f64::INFINITY);
    if let Some(within) = look.within
        && seconds > within as f64
    {
        let _ = writeln!(wrong, "    took {seconds} s, may take {within} s");
    }
    if wrong.is_empty() { Ok(document["verdict"].as_str().unwrap_or("?").to_owned()) } else { Err(wrong) }
}
