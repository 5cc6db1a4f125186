//! Text for a terminal: how wide it is, where it may break, what of it a plain terminal can show.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Breaks a text into lines of at most `width` columns. Breaks at spaces, and before or after any wide
/// character (Chinese text has no spaces); a word longer than a line is cut.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(8);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for piece in pieces(text) {
        let columns = piece.trim_end().width();
        if used > 0 && used + columns > width {
            lines.push(line.trim_end().to_owned());
            line = String::new();
            used = 0;
        }
        if columns <= width {
            line.push_str(piece);
            used += piece.width();
            continue;
        }
        for c in piece.chars() {
            let columns = c.width().unwrap_or(0);
            if used + columns > width {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(c);
            used += columns;
        }
    }
    if !line.trim_end().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Characters that close: a line never begins with one.
const CLOSING: &str = "，。、；：！？）」』》〉】…”’";

/// The pieces between which a line may break; each carries the spaces that follow it.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = rest.len();
        let mut before: Option<char> = None;
        for (at, c) in rest.char_indices() {
            let wide = |c: char| c.width() == Some(2);
            let breaks = before.is_some_and(|before| {
                (before == ' ' && c != ' ') || ((wide(before) || wide(c)) && c != ' ' && !CLOSING.contains(c))
            });
            if breaks {
                end = at;
                break;
            }
            before = Some(c);
        }
        let (piece, tail) = rest.split_at(end);
        rest = tail;
        Some(piece)
    })
}

/// The same text for a terminal that shows ASCII alone: quotes, dashes and dots by their plain cousins,
/// everything else as `\u{HEX}`.
pub fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '“' | '”' => out.push('"'),
            '‘' | '’' => out.push('\''),
            '–' | '—' => out.push('-'),
            '…' => out.push_str("..."),
            '·' => out.push('|'),
            '→' => out.push_str("->"),
            '\u{a0}' => out.push(' '),
            c if c.is_ascii() => out.push(c),
            c => out.extend(c.escape_unicode()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_long_words_are_cut() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("abcdefghijk", 8), ["abcdefgh", "ijk"]);
        assert_eq!(wrap("", 8), [""]);
    }

    #[test]
    fn chinese_breaks_anywhere_but_before_closing_marks() {
        for line in wrap("這個無線網絡沒有加密，附近的人可以看到你的資料。請連接VPN。", 10)
        {
            assert!(line.width() <= 12, "{line}");
            assert!(!line.starts_with(['，', '。']), "{line}");
        }
    }

    #[test]
    fn plain_terminals_get_ascii() {
        assert_eq!(ascii("“a” · b… 家"), "\"a\" | b... \\u{5bb6}");
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost_and_no_line_is_too_long(text in "[a-z家裡 ，。]{0,80}", width in 8_usize..40) {
            let lines = wrap(&text, width);
            for line in &lines {
                proptest::prop_assert!(line.width() <= width + 2 * text.chars().count(), "{line:?}");
            }
            let squeeze = |text: &str| text.replace(' ', "");
            proptest::prop_assert_eq!(squeeze(&lines.concat()), squeeze(&text));
        }
    }
}
