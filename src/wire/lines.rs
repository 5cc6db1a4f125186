//! Lines of a conversation in text, out of segments that cut anywhere.

/// Longest line that is kept; of a longer one only the start is.
pub const LONGEST: usize = 1024;

/// The unfinished line of one direction.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    held: Vec<u8>,
    /// What is held was given out as a whole line.
    given: bool,
}

impl Lines {
    /// Calls `each` with every line that `bytes` finishes, without its CR LF.
    pub fn feed(&mut self, bytes: &[u8], mut each: impl FnMut(&[u8])) {
        let mut rest = bytes;
        while let Some(line) = self.next(&mut rest) {
            each(line);
        }
    }

    /// The next line that `rest` finishes, without its CR LF, taken off it; `None` when all of it is held.
    pub fn next<'a, 'r: 'a>(&'a mut self, rest: &mut &'r [u8]) -> Option<&'a [u8]> {
        if std::mem::take(&mut self.given) {
            self.held.clear();
        }
        let Some(at) = rest.iter().position(|&byte| byte == b'\n') else {
            self.keep(rest);
            *rest = &[];
            return None;
        };
        let (line, after) = rest.split_at(at);
        *rest = after.get(1..).unwrap_or_default();
        if self.held.is_empty() {
            return Some(trimmed(line));
        }
        self.keep(line);
        self.given = true;
        Some(trimmed(&self.held))
    }

    /// Forgets what was begun.
    pub fn clear(&mut self) {
        self.held.clear();
        self.given = false;
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = LONGEST.saturating_sub(self.held.len());
        self.held.extend_from_slice(bytes.get(..room.min(bytes.len())).unwrap_or_default());
    }

    /// What was begun and not finished.
    pub fn unfinished(&self) -> &[u8] {
        if self.given { &[] } else { &self.held }
    }
}

fn trimmed(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    line.get(..LONGEST.min(line.len())).unwrap_or_default()
}

/// Whether the line starts with this word, in any case, followed by a space or its end.
pub fn starts_with_word(line: &[u8], word: &str) -> bool {
    match line.split_at_checked(word.len()) {
        Some((start, rest)) => {
            start.eq_ignore_ascii_case(word.as_bytes()) && matches!(rest.first(), None | Some(b' ' | b'\t'))
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_whole_wherever_it_was_cut() {
        let text = b"220 hello\r\nUSER a\r\n\nPASS";
        for cut in 0..text.len() {
            let mut lines = Lines::default();
            let mut found: Vec<Vec<u8>> = Vec::new();
            for part in [&text[..cut], &text[cut..]] {
                lines.feed(part, |line| found.push(line.to_vec()));
            }
            assert_eq!(found, [&b"220 hello"[..], b"USER a", b""], "cut at {cut}");
            assert_eq!(lines.unfinished(), b"PASS");
        }
    }

    #[test]
    fn an_endless_line_is_not_kept_whole() {
        let mut lines = Lines::default();
        for _ in 0..100 {
            lines.feed(&[b'a'; 1000], |_| {});
        }
        assert_eq!(lines.unfinished().len(), LONGEST);
    }
}
