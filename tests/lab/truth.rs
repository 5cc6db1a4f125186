//! The table of truth: scenes × what had to be said × what was said, and what each check's record is.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::scene::Who;

/// What one look said of one check, for the table of truth.
pub(crate) struct Said {
    pub(crate) scene: String,
    /// Which look of the scene, from 0.
    pub(crate) look: usize,
    pub(crate) who: Who,
    pub(crate) check: String,
    /// What it had to say; `quiet`: anything but a failure; `None`: the scene does not care.
    pub(crate) expected: Option<String>,
    pub(crate) outcome: String,
}

/// How one check did over all looks.
#[derive(Default)]
struct Record {
    right_alarms: usize,
    missed: usize,
    false_alarms: usize,
    right_silences: usize,
    unknowns: usize,
}

/// Writes the table; the same run gives the same bytes.
pub(crate) fn write(file: &Path, said: &mut [Said]) -> std::io::Result<()> {
    said.sort_by(|one, other| (&one.scene, one.look).cmp(&(&other.scene, other.look)));
    let mut text = String::from(
        "# What the laboratory showed\n\n\
         Written by `cargo test --release --test lab`; each row is one look at a world that was really built, its truth shown by an\n\
         independent witness. *Alarm*: a check that failed. A silence is a pass or a question that does not arise.\n\n\
         ## Each check's record\n\n\
         | check | right alarms | missed | false alarms | right silences | cannot tell |\n\
         | --- | ---: | ---: | ---: | ---: | ---: |\n",
    );
    let mut records: BTreeMap<&str, Record> = BTreeMap::new();
    for row in &*said {
        let Some(expected) = &row.expected else { continue };
        let record = records.entry(&row.check).or_default();
        let alarm_expected = expected.split('|').any(|word| word == "fail");
        match (row.outcome.as_str(), alarm_expected) {
            ("fail", true) => record.right_alarms += 1,
            ("fail", false) => record.false_alarms += 1,
            ("unknown", _) => record.unknowns += 1,
            (_, true) if !expected.split('|').any(|word| word == row.outcome) => record.missed += 1,
            _ => record.right_silences += 1,
        }
    }
    for (check, record) in &records {
        let _ = writeln!(
            text,
            "| `{check}` | {} | {} | {} | {} | {} |",
            record.right_alarms, record.missed, record.false_alarms, record.right_silences, record.unknowns
        );
    }
    text.push_str(
        "\n## Scene by scene\n\nWhat a scene demands by name; everything it merely wants quiet is counted above.\n\n",
    );
    text.push_str("| scene | who | check | had to say | said |\n| --- | --- | --- | --- | --- |\n");
    for row in &*said {
        let Some(expected) = row.expected.as_ref().filter(|expected| *expected != "quiet") else { continue };
        let _ = writeln!(
            text,
            "| {} | {} | `{}` | {} | {} |",
            row.scene,
            row.who.word(),
            row.check,
            expected.replace('|', " or "),
            row.outcome
        );
    }
    std::fs::write(file, text)
}
