//! The verdict as numbers, in Prometheus' text format, for node_exporter's folder of text files.

use std::fmt::Write as _;

use crate::verdict::{Settled, Verdict, Word};

/// The levels of a VPN, the lowest first.
const LEVELS: [&str; 7] = ["none", "configured", "present", "alive", "used", "exclusive", "enforced"];

/// The metrics: name, and what it is. A dashboard may rely on them.
pub const METRICS: [(&str, &str); 6] = [
    ("homeward_build_info", "The version of Homeward; always 1."),
    ("homeward_look_timestamp_seconds", "When the connection was looked at."),
    ("homeward_verdict", "1 for the verdict on this connection, 0 for the other three."),
    (
        "homeward_vpn_level",
        "1 for the level the VPN has reached, 0 for the others; none of them where it is not known.",
    ),
    ("homeward_findings", "How many checks came to this outcome."),
    ("homeward_failing", "1 for each check that fails, with its severity."),
];

/// The text of the file.
pub fn text(verdict: &Verdict) -> String {
    let mut out = String::new();
    for (name, help) in METRICS {
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge");
        for (labels, value) in samples(name, verdict) {
            let _ = writeln!(out, "{name}{labels} {value}");
        }
    }
    out
}

fn samples(name: &str, verdict: &Verdict) -> Vec<(String, i64)> {
    match name {
        "homeward_build_info" => vec![(format!("{{version=\"{}\"}}", env!("CARGO_PKG_VERSION")), 1)],
        "homeward_look_timestamp_seconds" => vec![(String::new(), verdict.taken_at.as_second())],
        "homeward_verdict" => [Word::Ok, Word::Attention, Word::CannotTell, Word::NotOk]
            .into_iter()
            .map(|word| (format!("{{verdict=\"{}\"}}", word.word()), i64::from(word == verdict.word)))
            .collect(),
        "homeward_vpn_level" => {
            let level = verdict.connection.vpn.as_ref().map(|vpn| vpn.level.word());
            let sample = |known: &str| {
                LEVELS.iter().map(|word| (format!("{{level=\"{word}\"}}"), i64::from(*word == known))).collect()
            };
            level.map(sample).unwrap_or_default()
        }
        "homeward_findings" => ["pass", "fail", "not-applicable", "unknown"]
            .into_iter()
            .map(|outcome| {
                let count = verdict.findings.iter().filter(|finding| finding.result.word() == outcome).count();
                (format!("{{outcome=\"{outcome}\"}}"), i64::try_from(count).unwrap_or(0))
            })
            .collect(),
        _ => verdict
            .findings
            .iter()
            .filter(|finding| matches!(finding.result, Settled::Fail(_)))
            .map(|finding| (format!("{{check=\"{}\",severity=\"{}\"}}", finding.check.id, finding.severity.word()), 1))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Facts, Looker};
    use crate::guidance::Guidance;
    use crate::verdict::{Selection, judge};

    #[test]
    fn every_line_is_a_sample_of_a_metric_that_is_told_of_first() {
        let looker = Looker { homeward: "test".to_owned(), root: false, passive: true };
        let facts = Facts::unknown("2026-11-26T08:00:00Z".parse().unwrap(), looker);
        let text = text(&judge(&facts, Guidance::built_in(), &Selection::default()));
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (sample, value) = line.rsplit_once(' ').unwrap();
            let name = sample.split('{').next().unwrap();
            assert!(text.contains(&format!("# TYPE {name} gauge")) && value.parse::<i64>().is_ok(), "{line}");
        }
        assert!(text.contains("homeward_verdict{verdict=\"cannot-tell\"} 1"), "{text}");
        assert!(text.contains("homeward_verdict{verdict=\"ok\"} 0"), "{text}");
        assert!(text.contains("homeward_look_timestamp_seconds 1795680000"), "{text}");
        assert!(!text.contains("homeward_vpn_level{"), "what is not known has no sample: {text}");
    }

    #[test]
    fn the_levels_are_the_vpns() {
        use crate::inference::vpn::Level;
        let all = [
            Level::None,
            Level::Configured,
            Level::Present,
            Level::Alive,
            Level::Used,
            Level::Exclusive,
            Level::Enforced,
        ];
        assert_eq!(all.map(Level::word), LEVELS);
    }
}
