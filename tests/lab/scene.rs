//! A scene: a world, the truth of it, and what Homeward must and must not say.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::truth::Said;

/// One scene file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scene {
    /// The world, in words.
    pub(crate) world: String,
    /// What is wrong in it, and what is not.
    pub(crate) truth: String,
    /// Builds the world, in the words of `world.sh` (and of `radio.sh`, for radios).
    pub(crate) build: String,
    /// Shows the truth without Homeward; must succeed.
    pub(crate) witness: String,
    /// Checked after the looks, e.g. that nothing was sent; must succeed. What they said is `$kept/look-N.json`.
    #[serde(default)]
    pub(crate) after: Option<String>,
    /// Guidance over the built-in, for every look.
    #[serde(default)]
    pub(crate) guidance: Option<String>,
    /// The looks to take.
    pub(crate) look: Vec<Look>,
}

/// One run of `homeward check --json` and what it must say.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Look {
    /// Root, a user without any privilege, or both of them, each by a look of its own.
    pub(crate) who: Who,
    /// Changes the world as root before this look (before the first, where both look); must succeed, so it may ask the
    /// witness anew.
    #[serde(default)]
    pub(crate) before: Option<String>,
    /// Further arguments.
    #[serde(default)]
    pub(crate) args: Vec<String>,
    /// The exit codes that are right.
    pub(crate) exit: Vec<i32>,
    /// Check id to outcome; `a|b` where either is right.
    #[serde(default)]
    pub(crate) says: BTreeMap<String, String>,
    /// Checks that must not fail, besides those of `says`; `["*"]`: none but those `says` expects.
    #[serde(default)]
    pub(crate) quiet: Vec<String>,
    /// Dotted path in `connection` to its JSON value; the word `null` where nothing could be learned.
    #[serde(default)]
    pub(crate) connection: BTreeMap<String, Value>,
    /// Seconds the look may take, whatever hangs.
    #[serde(default)]
    pub(crate) within: Option<u32>,
}

/// Who looks.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Who {
    Root,
    User,
    /// Only in a scene's file: reading it makes a look of each.
    Both,
}

impl Who {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::User => "user",
            Self::Both => "both",
        }
    }
}

impl Look {
    /// A look of both is a look of each.
    fn split(self) -> Vec<Self> {
        match self.who {
            Who::Both => vec![Self { who: Who::User, ..self.clone() }, Self { who: Who::Root, before: None, ..self }],
            Who::Root | Who::User => vec![self],
        }
    }
}

/// Adds shell of which every line must succeed; only then `mark` is there afterwards. Not joined with `&&`, which would
/// make bash leave `set -e` aside within.
fn demand(script: &mut String, shell: &str, mark: &str) {
    let _ = writeln!(script, "(\nset -e\n{shell}\n)\n[ $? = 0 ] && echo done > '{mark}'");
}

/// A scene on its way: its name, its text, and the folder where what it leaves is kept.
pub(crate) struct Staged {
    pub(crate) place: &'static str,
    pub(crate) name: String,
    pub(crate) scene: Scene,
    pub(crate) kept: PathBuf,
}

/// Reads a scene of a place and makes its folder anew.
pub(crate) fn stage(here: &Path, place: &'static str, file: &Path) -> Result<Staged, String> {
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let mut scene: Scene = toml::from_str(&text).map_err(|error| error.to_string())?;
    if scene.world.trim().is_empty() || scene.truth.trim().is_empty() {
        return Err("a scene tells its world and its truth".to_owned());
    }
    scene.look = scene.look.into_iter().flat_map(Look::split).collect();
    if [Who::Root, Who::User].iter().any(|who| scene.look.iter().all(|look| look.who != *who)) {
        return Err("a scene is looked at as root and as an ordinary user (`who = \"both\"`)".to_owned());
    }
    let kept = here.join("target/lab").join(place).join(&name);
    let _ = std::fs::remove_dir_all(&kept);
    std::fs::create_dir_all(&kept).map_err(|error| error.to_string())?;
    Ok(Staged { place, name, scene, kept })
}

impl Staged {
    /// The script that builds the world, asks the witness and takes the looks. `words` are the shell files
    /// whose words it is told in; `kept` is this scene's folder as the script sees it.
    pub(crate) fn script(&self, words: &[PathBuf], homeward: &Path, kept: &Path) -> String {
        let scene = &self.scene;
        let mut script = String::new();
        for file in words {
            let _ = writeln!(script, ". '{}'", file.display());
        }
        let _ = writeln!(script, "kept='{}'", kept.display());
        let _ = writeln!(
            script,
            "the_program '{}'\nmkdir -m 777 /run/lab/home\nexport HOME=/run/lab/home",
            homeward.display()
        );
        if let Some(guidance) = &scene.guidance {
            let _ = write!(script, "cat > /run/lab/guidance.toml <<'END-OF-GUIDANCE'\n{guidance}\nEND-OF-GUIDANCE\n");
        }
        // What the world's programs wrote down is kept, however far the scene comes.
        let _ = writeln!(
            script,
            "trap \"cp /run/lab/home/facts-*.json /run/lab/*.log /run/lab/*.conf '{}/' 2>/dev/null\" EXIT",
            kept.display()
        );
        let _ = write!(
            script,
            "{}\necho built > '{1}/built'\n(\n{2}\n)\necho seen > '{1}/seen'\nset +e\n",
            scene.build,
            kept.display(),
            scene.witness
        );
        for (number, look) in scene.look.iter().enumerate() {
            if let Some(before) = &look.before {
                demand(&mut script, before, &format!("{}/look-{number}.before", kept.display()));
            }
            let prefix = match look.who {
                Who::Root | Who::Both => "",
                Who::User => "setpriv --reuid 65534 --regid 65534 --clear-groups ",
            };
            let guidance = if scene.guidance.is_some() { "--guidance /run/lab/guidance.toml" } else { "" };
            let args: Vec<String> = look.args.iter().map(|arg| format!("'{arg}'")).collect();
            let _ = writeln!(
                script,
                "began=${{EPOCHREALTIME/./}}\n{prefix}/run/lab/homeward check --json {guidance} {args} --save-facts /run/lab/home/facts-{number}.json \
                 > '{kept}/look-{number}.json' 2> '{kept}/look-{number}.err'\necho $? > '{kept}/look-{number}.exit'\n\
                 echo $((${{EPOCHREALTIME/./}} - began)) > '{kept}/look-{number}.microseconds'",
                args = args.join(" "),
                kept = kept.display(),
            );
        }
        if let Some(after) = &scene.after {
            demand(&mut script, after, &format!("{}/after", kept.display()));
        }
        script.push_str("exit 0\n");
        script
    }

    /// What the looks said, against what they must say.
    pub(crate) fn judge(&self, said: &mut Vec<Said>) -> Result<String, String> {
        let log = || std::fs::read_to_string(self.kept.join("world.log")).unwrap_or_default();
        if !self.kept.join("built").exists() {
            return Err(format!("not run: the world could not be built\n{}", log()));
        }
        if !self.kept.join("seen").exists() {
            return Err(format!("not run: the witness does not see the truth\n{}", log()));
        }
        let mut wrong = String::new();
        if self.scene.after.is_some() && !self.kept.join("after").exists() {
            let _ = writeln!(wrong, "  what must hold after the looks does not:\n{}", log());
        }
        let mut words = Vec::new();
        for (number, look) in self.scene.look.iter().enumerate() {
            match self.compare(number, look, said) {
                Ok(word) => words.push(format!("{} {word}", look.who.word())),
                Err(trouble) => {
                    let _ = writeln!(wrong, "  as {} {}:\n{trouble}", look.who.word(), look.args.join(" "));
                }
            }
        }
        if wrong.is_empty() {
            Ok(words.join(", "))
        } else {
            Err(format!("{wrong}  facts and logs: {}", self.kept.display()))
        }
    }

    fn compare(&self, number: usize, look: &Look, said: &mut Vec<Said>) -> Result<String, String> {
        let text = |ending: &str| {
            std::fs::read_to_string(self.kept.join(format!("look-{number}.{ending}"))).unwrap_or_default()
        };
        let exit: i32 = text("exit").trim().parse().map_err(|_| "homeward did not run".to_owned())?;
        let document: Value = serde_json::from_str(&text("json"))
            .map_err(|error| format!("    exit {exit}, no JSON: {error}\n{}", text("err")))?;
        let mut wrong = String::new();
        if look.before.is_some() && !self.kept.join(format!("look-{number}.before")).exists() {
            let _ = writeln!(wrong, "    what comes before this look did not succeed");
        }
        if !look.exit.contains(&exit) {
            let _ = writeln!(wrong, "    exit {exit}, must be one of {:?}: {}", look.exit, document["summary"]);
        }
        let empty = Vec::new();
        let findings = document["findings"].as_array().unwrap_or(&empty);
        let outcome = |check: &str| {
            findings.iter().find(|finding| finding["check"] == check).and_then(|finding| finding["outcome"].as_str())
        };
        for (check, expected) in &look.says {
            let word = outcome(check).unwrap_or("nothing");
            if !expected.split('|').any(|right| right == word) {
                let _ = writeln!(wrong, "    {check}: must say {expected}, says {word}");
            }
        }
        for finding in findings {
            let check = finding["check"].as_str().unwrap_or_default();
            let outcome = finding["outcome"].as_str().unwrap_or_default();
            let expected = look.says.get(check);
            let hushed = look.quiet.iter().any(|quiet| quiet == "*" || quiet == check);
            let alarm = expected.is_some_and(|said| said.split('|').any(|word| word == "fail"));
            if hushed && !alarm && outcome == "fail" {
                let _ = writeln!(wrong, "    {check}: false alarm: {}", finding["evidence"]);
            }
            said.push(Said {
                scene: format!("{}/{}", self.place, self.name),
                look: number,
                who: look.who,
                check: check.to_owned(),
                expected: expected.cloned().or_else(|| hushed.then(|| "quiet".to_owned())),
                outcome: outcome.to_owned(),
            });
        }
        for (path, expected) in &look.connection {
            let pointer = format!("/connection/{}", path.replace('.', "/"));
            let word = document.pointer(&pointer).unwrap_or(&Value::Null);
            let as_told = if word.is_null() { "null".into() } else { word.clone() };
            if as_told != *expected {
                let _ = writeln!(wrong, "    connection.{path}: must be {expected}, is {word}");
            }
        }
        let seconds = text("microseconds").trim().parse().map_or(f64::INFINITY, |taken: f64| taken / 1e6);
        if let Some(within) = look.within
            && seconds > f64::from(within)
        {
            let _ = writeln!(wrong, "    took {seconds} s, may take {within} s");
        }
        if wrong.is_empty() { Ok(document["verdict"].as_str().unwrap_or("?").to_owned()) } else { Err(wrong) }
    }
}
