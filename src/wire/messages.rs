//! Messages that say their own length, out of segments that cut anywhere.

/// Longest start of a message that is kept.
pub const LONGEST: usize = 2048;

/// How long a message is, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// So many bytes, from its first on.
    Whole(u64),
    /// Too few bytes to tell.
    More,
    /// No message begins so.
    Wrong,
}

/// One message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// Its start: all of it up to [`LONGEST`].
    pub start: &'a [u8],
    /// How long it is.
    pub size: u64,
}

/// No message begins where one should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrong;

/// The unfinished message of one direction.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    held: Vec<u8>,
    /// What is held was given out.
    given: bool,
    /// Bytes of the last message that are yet to come and not looked at.
    left: u64,
}

impl Messages {
    /// The next message whose start is there, taken off `rest`; `None` when all of it is held.
    ///
    /// # Errors
    /// [`Wrong`] when no message begins where one should; what is left of `rest` is untouched.
    pub fn next<'a, 'r: 'a>(
        &'a mut self,
        rest: &mut &'r [u8],
        size: impl Fn(&[u8]) -> Size,
    ) -> Result<Option<Message<'a>>, Wrong> {
        if std::mem::take(&mut self.given) {
            self.held.clear();
        }
        let passed = usize::try_from(self.left).unwrap_or(usize::MAX).min(rest.len());
        self.left -= passed as u64;
        *rest = rest.get(passed..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(None);
        }
        let before = self.held.len();
        if before > 0 {
            let room = LONGEST.saturating_sub(before).min(rest.len());
            self.held.extend_from_slice(rest.get(..room).unwrap_or_default());
        }
        let there: &[u8] = if before > 0 { &self.held } else { rest };
        let whole = match size(there) {
            Size::Whole(whole) if whole > 0 => whole,
            Size::More if there.len() < LONGEST => {
                self.hold(before, rest);
                return Ok(None);
            }
            Size::Whole(_) | Size::More | Size::Wrong => {
                self.clear();
                return Err(Wrong);
            }
        };
        let kept = usize::try_from(whole).unwrap_or(usize::MAX).min(LONGEST);
        if there.len() < kept {
            self.hold(before, rest);
            return Ok(None);
        }
        let after = kept.saturating_sub(before);
        self.left = whole - kept as u64;
        if before > 0 {
            *rest = rest.get(after..).unwrap_or_default();
            self.given = true;
            return Ok(self.held.get(..kept).map(|start| Message { start, size: whole }));
        }
        let (start, after) = rest.split_at(after);
        *rest = after;
        Ok(Some(Message { start, size: whole }))
    }

    /// Keeps what is there; what was held before has been lengthened already.
    fn hold(&mut self, before: usize, rest: &mut &[u8]) {
        if before == 0 {
            self.held.extend_from_slice(rest.get(..LONGEST.min(rest.len())).unwrap_or_default());
        }
        *rest = &[];
    }

    /// Forgets what was begun: the next bytes begin a message.
    pub fn clear(&mut self) {
        self.held.clear();
        self.given = false;
        self.left = 0;
    }

    /// What was begun and not finished.
    pub fn unfinished(&self) -> &[u8] {
        if self.given { &[] } else { &self.held }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A byte of length, then so many more.
    fn size(bytes: &[u8]) -> Size {
        match bytes {
            [] => Size::More,
            [0xff, ..] => Size::Wrong,
            [0xfe, high, low, ..] => Size::Whole(3 + u64::from(u16::from_be_bytes([*high, *low]))),
            [0xfe, ..] => Size::More,
            [length, ..] => Size::Whole(1 + u64::from(*length)),
        }
    }

    fn all(messages: &mut Messages, bytes: &[u8], found: &mut Vec<(Vec<u8>, u64)>) -> Result<(), Wrong> {
        let mut rest = bytes;
        while let Some(Message { start, size }) = messages.next(&mut rest, size)? {
            found.push((start.to_vec(), size));
        }
        Ok(())
    }

    #[test]
    fn a_message_is_whole_wherever_it_was_cut() {
        let long = [vec![0xfe, 0x10, 0x00], vec![7; 4096]].concat();
        let stream = [&[2, 1, 1][..], &[0], &long, &[1, 9]].concat();
        let wanted = [(vec![2, 1, 1], 3), (vec![0], 1), (long[..LONGEST].to_vec(), 4099), (vec![1, 9], 2)].to_vec();
        for cut in (0..12).chain([1000, 2048, 2052, 2053, 4000, stream.len() - 1, stream.len()]) {
            for other in [0, 1, 5, 3000] {
                let (mut messages, mut found) = (Messages::default(), Vec::new());
                let (first, second) = stream.split_at(cut);
                let (second, third) = second.split_at(other.min(second.len()));
                for part in [first, second, third] {
                    all(&mut messages, part, &mut found).expect("sound");
                }
                assert_eq!(found, wanted, "cut at {cut} and {other} later");
                assert!(messages.unfinished().is_empty());
            }
        }
    }

    #[test]
    fn what_is_no_message_is_told_and_forgotten() {
        let (mut messages, mut found) = (Messages::default(), Vec::new());
        assert_eq!(all(&mut messages, &[1, 1, 0xff, 1], &mut found), Err(Wrong));
        assert_eq!(all(&mut messages, &[1, 2], &mut found), Ok(()));
        assert_eq!(found.len(), 2);
    }
}
