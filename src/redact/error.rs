//! What programs and the system say of errors: their own words stay, whatever else stands in them does not.

use super::Redactor;

/// Words that errors are made of. Any other is left out.
const WORDS: &[&str] = &[
    "a",
    "access",
    "address",
    "already",
    "an",
    "and",
    "answer",
    "any",
    "are",
    "argument",
    "at",
    "be",
    "been",
    "before",
    "bus",
    "busy",
    "by",
    "call",
    "cannot",
    "closed",
    "connect",
    "connection",
    "could",
    "denied",
    "device",
    "did",
    "directory",
    "does",
    "down",
    "end",
    "error",
    "exist",
    "exists",
    "expected",
    "failed",
    "failure",
    "family",
    "file",
    "for",
    "found",
    "from",
    "has",
    "host",
    "in",
    "input",
    "interface",
    "interrupted",
    "invalid",
    "io",
    "is",
    "it",
    "kernel",
    "larger",
    "lost",
    "message",
    "missing",
    "name",
    "names",
    "netlink",
    "network",
    "no",
    "not",
    "nothing",
    "of",
    "on",
    "operation",
    "or",
    "os",
    "out",
    "output",
    "page",
    "parse",
    "peer",
    "permission",
    "permitted",
    "pipe",
    "protocol",
    "read",
    "refused",
    "reply",
    "request",
    "reset",
    "resource",
    "response",
    "route",
    "server",
    "service",
    "shut",
    "socket",
    "such",
    "supported",
    "temporarily",
    "than",
    "the",
    "time",
    "timed",
    "to",
    "too",
    "unavailable",
    "unexpected",
    "unknown",
    "unreachable",
    "was",
    "while",
    "with",
    "within",
    "would",
    "write",
    "wrong",
];

impl Redactor {
    /// An error as the system, a service or a library gave it.
    pub(super) fn error(&self, text: &str) -> String {
        let mut out: Vec<String> = Vec::new();
        for part in text.split_whitespace().take(60) {
            let core = part.trim_matches(|c: char| !c.is_alphanumeric());
            let number = core.len() <= 3 && core.chars().all(|c| c.is_ascii_digit());
            // D-Bus' and the desktop's own names of errors and services.
            let bus = core.starts_with("org.freedesktop.")
                && core.len() <= 80
                && core.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
            if bus || number || WORDS.contains(&core.to_ascii_lowercase().as_str()) {
                out.push(part.chars().filter(char::is_ascii).collect());
            } else if out.last().is_none_or(|last| last != "…") {
                out.push("…".to_owned());
            }
        }
        let mapped = out.join(" ");
        self.note_down(text, &mapped);
        mapped
    }
}
