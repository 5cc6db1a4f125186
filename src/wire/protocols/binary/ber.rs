//! Just enough of BER (ITU-T X.690): tags of one byte, definite lengths.

/// A tag and its length, and how many bytes they take.
pub(super) fn header(bytes: &[u8]) -> Option<(u8, u64, usize)> {
    match *bytes {
        [tag, length @ 0..=0x7f, ..] => Some((tag, u64::from(length), 2)),
        [tag, form @ 0x81..=0x84, ref rest @ ..] => {
            let count = usize::from(form & 0x7f);
            let length = rest.get(..count)?.iter().fold(0, |length, byte| length << 8 | u64::from(*byte));
            Some((tag, length, 2 + count))
        }
        _ => None,
    }
}

/// The first element: its tag, its content as far as it is there, and what follows.
pub(super) fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, length, start) = header(bytes)?;
    let content = bytes.get(start..)?;
    let end = usize::try_from(length).unwrap_or(usize::MAX).min(content.len());
    let (content, rest) = content.split_at(end);
    Some((tag, content, rest))
}
