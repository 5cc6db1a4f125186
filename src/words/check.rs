//! A check's own words: the Markdown file beside it, taken apart.
//!
//! ```text
//! # The trouble in plain words
//!
//! - Well: what is said when it passes
//! - Asks: the question it answers
//!
//! ## What it checks
//! ## Why it matters
//! ## What to do
//! ## Limits
//! ```
//!
//! Other languages keep the order and translate the labels and headings too.

/// The words of one check in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckWords {
    /// The trouble, in plain words; shown with a failure.
    pub title: String,
    /// What is said when it passes.
    pub well: String,
    /// The question it answers; shown when it cannot tell or does not apply.
    pub asks: String,
    /// What it checks, why it matters, what to do, its limits: heading and body.
    pub sections: [Section; 4],
}

/// How a line of code begins among the paragraphs.
pub const CODE: &str = "    ";

/// A section of a check's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// Its paragraphs and list items, each unwrapped to one line; a line of code begins with [`CODE`].
    pub paragraphs: Vec<String>,
}

impl CheckWords {
    /// Takes a check's Markdown apart.
    ///
    /// # Errors
    /// What is missing or out of place.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut lines = text.lines().map(str::trim_end).peekable();
        let mut next_said = || lines.find(|line| !line.trim().is_empty());
        let title = next_said().and_then(|line| line.strip_prefix("# ")).ok_or("the first line is not `# Title`")?;
        let well = next_said().and_then(labelled).ok_or("after the title comes `- Well: …`")?;
        let asks = next_said().and_then(labelled).ok_or("after that comes `- Asks: …`")?;
        let mut sections: Vec<Section> = Vec::new();
        let (mut open, mut code) = (false, false);
        for line in lines {
            if let Some(heading) = line.strip_prefix("## ") {
                sections.push(Section { heading: heading.trim().to_owned(), paragraphs: Vec::new() });
                open = false;
                continue;
            }
            let said = line.trim();
            if said.starts_with("```") {
                (open, code) = (false, !code);
                continue;
            }
            if said.is_empty() {
                open = false;
                continue;
            }
            let Some(section) = sections.last_mut() else {
                return Err(format!("`{said}` stands before the first section"));
            };
            if code {
                section.paragraphs.push(format!("{CODE}{said}"));
                continue;
            }
            match section.paragraphs.last_mut() {
                Some(paragraph) if open && !said.starts_with("- ") => {
                    paragraph.push(' ');
                    paragraph.push_str(said);
                }
                _ => section.paragraphs.push(said.to_owned()),
            }
            open = true;
        }
        let count = sections.len();
        let sections = sections.try_into().map_err(|_| format!("four sections are needed, there are {count}"))?;
        Ok(Self { title: title.trim().to_owned(), well, asks, sections })
    }

    /// What is shown when even the English words cannot be read: the id.
    pub fn bare(id: &str) -> Self {
        let said = || id.to_owned();
        Self { title: said(), well: said(), asks: said(), sections: Default::default() }
    }

    /// One clear next step: the first paragraph of "What to do".
    pub fn advice(&self) -> &str {
        let [_, _, what_to_do, _] = &self.sections;
        what_to_do.paragraphs.first().map_or("", String::as_str)
    }
}

/// The text after the label of `- Label: text`.
fn labelled(line: &str) -> Option<String> {
    let (_, text) = line.strip_prefix("- ")?.split_once([':', '：'])?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# It is open\n\n- Well: It is shut.\n- Asks: Is it shut?\n\n## What it checks\nThe\ndoor.\n\n\
        ## Why it matters\n\n## What to do\n\nShut the\ndoor.\n\nCall:\n- one\n  more\n- two\n\n```toml\na = 1\n# b\n```\n\n## Limits\nNone.\n";

    #[test]
    fn a_text_in_the_form_is_taken_apart() {
        let words = CheckWords::parse(TEXT).expect("well formed");
        assert_eq!((&*words.title, &*words.well, &*words.asks), ("It is open", "It is shut.", "Is it shut?"));
        assert_eq!(words.advice(), "Shut the door.");
        assert_eq!(words.sections[0].paragraphs, ["The door."]);
        assert_eq!(
            words.sections[2].paragraphs,
            ["Shut the door.", "Call:", "- one more", "- two", "    a = 1", "    # b"]
        );
    }

    #[test]
    fn a_text_without_a_part_says_which() {
        for (without, says) in
            [("# It is open", "Title"), ("- Asks: Is it shut?", "Asks"), ("## Limits", "four sections")]
        {
            let trouble = CheckWords::parse(&TEXT.replacen(without, "", 1)).expect_err(without);
            assert!(trouble.contains(says), "{trouble}");
        }
    }
}
