//! DNS's message, read as far as its structure: names and records are passed, not understood.

/// Records that are walked; a message that reads well so far is one.
const WALKED: u16 = 128;

/// Labels of one name: 255 bytes hold no more (RFC 1035, section 2.3.4).
const LABELS: usize = 128;

/// A message whose structure holds as far as it was captured.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message<'a> {
    bytes: &'a [u8],
    flags: u16,
    counts: [u16; 4],
    /// The first name that is asked.
    pub(super) question: Option<Name<'a>>,
    /// What kind of record is asked for, and of which class.
    pub(super) asked: Option<(u16, u16)>,
    /// The name of the first record.
    pub(super) record: Option<Name<'a>>,
    /// Where the questions end.
    answers: usize,
    /// Bytes after the last record; 0 also where the walk stopped early.
    trailing: usize,
    /// Whether all of it was captured and walked.
    whole: bool,
}

/// A name in its message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name<'a> {
    message: &'a [u8],
    at: usize,
}

/// Why a walk ended before the end.
enum End {
    /// It is no message.
    Wrong,
    /// The captured bytes end here.
    Cut,
}

impl<'a> Message<'a> {
    /// Reads a message that was `length` bytes long on the wire. `None`: its structure does not hold.
    pub(super) fn read(bytes: &'a [u8], length: usize) -> Option<Self> {
        let (head, _) = bytes.split_first_chunk::<12>()?;
        let &[_, _, f0, f1, q0, q1, a0, a1, n0, n1, r0, r1] = head;
        let counts = [[q0, q1], [a0, a1], [n0, n1], [r0, r1]].map(u16::from_be_bytes);
        let mut message = Self {
            bytes,
            flags: u16::from_be_bytes([f0, f1]),
            counts,
            question: None,
            asked: None,
            record: None,
            answers: 12,
            trailing: 0,
            whole: false,
        };
        // A question takes at least 5 bytes, a record 11 (RFC 1035, section 4.1).
        let [questions, records @ ..] = counts.map(usize::from);
        let least = 12 + questions * 5 + records.iter().sum::<usize>() * 11;
        if least > length {
            return None;
        }
        match message.walk(length) {
            Ok(()) => Some(message),
            Err(End::Cut) if bytes.len() < length => Some(message),
            Err(_) => None,
        }
    }

    fn walk(&mut self, length: usize) -> Result<(), End> {
        let [questions, answers, authorities, additional] = self.counts;
        let mut at = 12;
        for number in 0..questions.min(WALKED) {
            let name = Name { message: self.bytes, at };
            if number == 0 {
                self.question = Some(name);
            }
            let after = name.end()?;
            let &[t0, t1, c0, c1] = chunk(self.bytes, after)?;
            if number == 0 {
                self.asked = Some((u16::from_be_bytes([t0, t1]), u16::from_be_bytes([c0, c1])));
            }
            at = after + 4;
        }
        self.answers = at;
        if questions > WALKED {
            return Ok(());
        }
        let records = u32::from(answers) + u32::from(authorities) + u32::from(additional);
        for number in 0..records {
            if number >= u32::from(WALKED) {
                return Ok(());
            }
            if number == 0 {
                self.record = Some(Name { message: self.bytes, at });
            }
            let record = Record::read(self.bytes, at)?;
            at = record.end;
            if at > length {
                return Err(End::Wrong);
            }
            if at > self.bytes.len() {
                return Err(End::Cut);
            }
        }
        self.trailing = length.saturating_sub(at);
        self.whole = true;
        Ok(())
    }

    /// Whether it answers.
    pub(super) const fn is_response(&self) -> bool {
        self.flags & 0x8000 != 0
    }

    /// What is wanted.
    pub(super) const fn opcode(&self) -> u16 {
        self.flags >> 11 & 0x0f
    }

    /// Whether it can be DNS: an opcode that IANA has assigned, and at least one entry, or a header alone.
    pub(super) fn is_dns(&self) -> bool {
        matches!(self.opcode(), 0..=2 | 4..=6)
            && (self.question.is_some()
                || self.record.is_some()
                // A header alone; RFC 8490's messages, in which something else follows it.
                || (self.counts == [0; 4] && (self.trailing == 0 || self.opcode() == 6)))
    }

    /// Whether it is LLMNR: a standard query with one question (RFC 4795, section 2.1.1).
    pub(super) const fn is_llmnr(&self) -> bool {
        let [questions, ..] = self.counts;
        self.opcode() == 0 && questions == 1 && self.flags & 0x00f0 == 0
    }

    /// Whether it is an ordinary question or its answer, to the last byte: so strict that chance does not make one.
    pub(super) fn is_ordinary(&self) -> bool {
        let [questions, answers, authorities, additional] = self.counts;
        let Some((kind, class)) = self.asked else { return false };
        // The bit that must be zero; a question has no code and, but for its options, no records.
        let flags = self.flags & 0x0040 == 0
            && (self.is_response()
                || (self.flags & 0x000f == 0 && answers == 0 && authorities == 0 && additional <= 2));
        self.whole
            && self.trailing == 0
            && self.opcode() == 0
            && questions == 1
            && flags
            && class == 1
            // IANA's list ends with 261 but for TA, DLV and two that are retired.
            && (1..=261).contains(&kind)
            && self.question.is_some_and(|name| {
                name.labels().all(|label| label.iter().all(u8::is_ascii_graphic)) && name.first_label().is_some()
            })
    }

    /// Its identifier.
    pub(super) fn id(&self) -> u16 {
        self.bytes.first_chunk::<2>().map_or(0, |id| u16::from_be_bytes(*id))
    }

    /// The addresses among its answers.
    pub(super) fn addresses(&self) -> impl Iterator<Item = &'a [u8]> {
        let [_, answers, ..] = self.counts;
        let bytes = self.bytes;
        let mut at = self.answers;
        let records = (0..answers.min(WALKED)).map_while(move |_| {
            let record = Record::read(bytes, at).ok()?;
            at = record.end;
            Some(record)
        });
        records.filter_map(|record| match (record.kind, record.data.len()) {
            (1, 4) | (28, 16) => Some(record.data),
            _ => None,
        })
    }
}

/// One record: what kind, and its data as far as captured.
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    end: usize,
}

impl<'a> Record<'a> {
    fn read(bytes: &'a [u8], at: usize) -> Result<Self, End> {
        let fixed = Name { message: bytes, at }.end()?;
        let &[k0, k1, _, _, _, _, _, _, l0, l1] = chunk::<10>(bytes, fixed)?;
        let (start, length) = (fixed + 10, usize::from(u16::from_be_bytes([l0, l1])));
        let end = start + length;
        let data = bytes.get(start..end.min(bytes.len())).unwrap_or_default();
        Ok(Self { kind: u16::from_be_bytes([k0, k1]), data, end })
    }
}

fn chunk<const N: usize>(bytes: &[u8], at: usize) -> Result<&[u8; N], End> {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).ok_or(End::Cut)
}

impl<'a> Name<'a> {
    /// Where it ends in the place where it is written.
    fn end(self) -> Result<usize, End> {
        let mut at = self.at;
        for _ in 0..LABELS {
            let length = usize::from(*self.message.get(at).ok_or(End::Cut)?);
            match length {
                0 => return Ok(at + 1),
                1..=63 => at += 1 + length,
                // The rest is written before (RFC 1035, section 4.1.4).
                192.. => {
                    let [high, low] = *chunk::<2>(self.message, at)?;
                    let target = usize::from(u16::from_be_bytes([high & 0x3f, low]));
                    return if (12..at).contains(&target) { Ok(at + 2) } else { Err(End::Wrong) };
                }
                _ => return Err(End::Wrong),
            }
            if at - self.at > 255 {
                return Err(End::Wrong);
            }
        }
        Err(End::Wrong)
    }

    /// Its labels, pointers followed.
    pub(super) fn labels(self) -> impl Iterator<Item = &'a [u8]> {
        let message = self.message;
        let mut at = self.at;
        let mut left = LABELS;
        std::iter::from_fn(move || {
            loop {
                left = left.checked_sub(1)?;
                let length = usize::from(*message.get(at)?);
                match length {
                    0 => return None,
                    1..=63 => {
                        let label = message.get(at + 1..at + 1 + length)?;
                        at += 1 + length;
                        return Some(label);
                    }
                    _ => {
                        let [high, low] = *message.get(at..).and_then(|rest| rest.first_chunk::<2>())?;
                        at = usize::from(u16::from_be_bytes([high & 0x3f, low]));
                    }
                }
            }
        })
    }

    /// Its first label; `None` for the root.
    pub(super) fn first_label(self) -> Option<&'a [u8]> {
        self.labels().next()
    }
}
