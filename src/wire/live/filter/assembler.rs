//! Classic BPF, as far as the filter needs it: blocks within blocks, so that no jump is ever counted by hand.
//!
//! Instruction codes: Linux `include/uapi/linux/{bpf_common,filter}.h`; what they do:
//! `Documentation/networking/filter.rst`. Every test skips the block behind it, so programs only go forward and end.

/// One instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// What it does.
    pub code: u16,
    /// Instructions to skip when a test holds.
    pub then: u8,
    /// Instructions to skip when it does not.
    pub otherwise: u8,
    /// Its constant.
    pub k: u32,
}

/// `BPF_LD | BPF_W | BPF_ABS`, and the same for two bytes and one.
const LD_W: u16 = 0x20;
const LD_H: u16 = 0x28;
const LD_B: u16 = 0x30;
/// `BPF_LD | … | BPF_IND`: at an offset from X.
const LD_W_X: u16 = 0x40;
const LD_H_X: u16 = 0x48;
const LD_B_X: u16 = 0x50;
/// `BPF_LD | BPF_W | BPF_LEN`.
const LD_LENGTH: u16 = 0x80;
/// `BPF_LD | BPF_MEM`, `BPF_LDX | BPF_MEM`, `BPF_ST`.
const LD_MEMORY: u16 = 0x60;
const LDX_MEMORY: u16 = 0x61;
const STORE: u16 = 0x02;
/// `BPF_LDX | BPF_IMM`.
const LDX: u16 = 0x01;
/// `BPF_LDX | BPF_B | BPF_MSH`: four times the lower half of a byte, IPv4's header length.
const LDX_HEADER: u16 = 0xb1;
/// `BPF_STX`.
const STORE_X: u16 = 0x03;
/// `BPF_ALU | …`.
const ADD_X: u16 = 0x0c;
const SUBTRACT_X: u16 = 0x1c;
const OR: u16 = 0x44;
const AND: u16 = 0x54;
const SHIFT_RIGHT: u16 = 0x74;
/// `BPF_JMP | …`.
const JUMP: u16 = 0x05;
const IF_EQUAL: u16 = 0x15;
const IF_GREATER: u16 = 0x25;
const IF_AT_LEAST: u16 = 0x35;
const IF_ANY_BIT: u16 = 0x45;
const IF_GREATER_THAN_X: u16 = 0x2d;
/// `BPF_RET | BPF_K`.
const RETURN: u16 = 0x06;

/// What the kernel knows of a packet beside its bytes (`SKF_AD_OFF + SKF_AD_*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Known {
    /// The ether type.
    Protocol = 0xffff_f000,
    /// `PACKET_HOST`, `PACKET_OUTGOING`, …
    Kind = 0xffff_f004,
    /// The interface's index.
    Interface = 0xffff_f008,
    /// Whether it bears a VLAN tag.
    Tagged = 0xffff_f030,
    /// A random number.
    Random = 0xffff_f038,
}

/// A test of A against a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    Equal(u32),
    Greater(u32),
    AtLeast(u32),
    /// Has any of these bits.
    Any(u32),
    /// Greater than X.
    GreaterThanX,
}

impl Is {
    const fn code(self) -> (u16, u32) {
        match self {
            Self::Equal(k) => (IF_EQUAL, k),
            Self::Greater(k) => (IF_GREATER, k),
            Self::AtLeast(k) => (IF_AT_LEAST, k),
            Self::Any(k) => (IF_ANY_BIT, k),
            Self::GreaterThanX => (IF_GREATER_THAN_X, 0),
        }
    }
}

/// A program, or a block of one.
#[derive(Debug, Default)]
pub(super) struct Code(Vec<Instruction>);

impl Code {
    pub(super) fn finish(self) -> Vec<Instruction> {
        self.0
    }

    fn plain(&mut self, code: u16, k: u32) {
        self.0.push(Instruction { code, then: 0, otherwise: 0, k });
    }

    /// A = what the kernel knows of the packet.
    pub(super) fn known(&mut self, what: Known) {
        self.plain(LD_W, what as u32);
    }

    /// A = the byte, or two or four bytes, at this offset.
    pub(super) fn byte(&mut self, at: u32) {
        self.plain(LD_B, at);
    }
    pub(super) fn half(&mut self, at: u32) {
        self.plain(LD_H, at);
    }

    /// The same, from X on.
    pub(super) fn byte_x(&mut self, at: u32) {
        self.plain(LD_B_X, at);
    }
    pub(super) fn half_x(&mut self, at: u32) {
        self.plain(LD_H_X, at);
    }
    pub(super) fn word_x(&mut self, at: u32) {
        self.plain(LD_W_X, at);
    }

    /// A = the packet's length.
    pub(super) fn length(&mut self) {
        self.plain(LD_LENGTH, 0);
    }

    /// X = the length of the IPv4 header at offset 0.
    pub(super) fn header_length_to_x(&mut self) {
        self.plain(LDX_HEADER, 0);
    }
    pub(super) fn x(&mut self, k: u32) {
        self.plain(LDX, k);
    }

    /// Memory: A and X, kept and fetched.
    pub(super) fn keep(&mut self, slot: u32) {
        self.plain(STORE, slot);
    }
    pub(super) fn keep_x(&mut self, slot: u32) {
        self.plain(STORE_X, slot);
    }
    pub(super) fn fetch(&mut self, slot: u32) {
        self.plain(LD_MEMORY, slot);
    }
    pub(super) fn fetch_x(&mut self, slot: u32) {
        self.plain(LDX_MEMORY, slot);
    }

    /// Arithmetic on A.
    pub(super) fn and(&mut self, k: u32) {
        self.plain(AND, k);
    }
    pub(super) fn or(&mut self, k: u32) {
        self.plain(OR, k);
    }
    pub(super) fn shift_right(&mut self, k: u32) {
        self.plain(SHIFT_RIGHT, k);
    }
    pub(super) fn add_x(&mut self) {
        self.plain(ADD_X, 0);
    }
    pub(super) fn subtract_x(&mut self) {
        self.plain(SUBTRACT_X, 0);
    }

    /// The end: so many bytes of the packet pass; 0: it does not.
    pub(super) fn pass(&mut self, bytes: u32) {
        self.plain(RETURN, bytes);
    }

    /// The block, if the test holds.
    pub(super) fn when(&mut self, is: Is, block: impl FnOnce(&mut Self)) {
        let block = Self::of(block);
        self.test(is, false, block.0.len());
        self.0.extend(block.0);
    }

    /// The block, if the test does not hold.
    pub(super) fn unless(&mut self, is: Is, block: impl FnOnce(&mut Self)) {
        let block = Self::of(block);
        self.test(is, true, block.0.len());
        self.0.extend(block.0);
    }

    /// One block or the other.
    pub(super) fn either(&mut self, is: Is, then: impl FnOnce(&mut Self), otherwise: impl FnOnce(&mut Self)) {
        let (mut then, otherwise) = (Self::of(then), Self::of(otherwise));
        then.plain(JUMP, distance(otherwise.0.len()));
        self.test(is, false, then.0.len());
        self.0.extend(then.0);
        self.0.extend(otherwise.0);
    }

    /// The block, if A lies in one of these ranges, which are sorted and apart: found by halving.
    pub(super) fn when_in(&mut self, ranges: &[(u32, u32)], block: impl FnOnce(&mut Self)) {
        let block = Self::of(block);
        let search = search(ranges);
        let length = search.len();
        for (at, step) in search.into_iter().enumerate() {
            let ahead = |target| match target {
                Target::Ahead(skip) => skip,
                // Behind the search stands the jump of those who are not found, and then the block.
                Target::Missed => short(length - at - 1),
                Target::Found => short(length - at),
            };
            let (then, otherwise) = (ahead(step.then), ahead(step.otherwise));
            self.0.push(Instruction { code: step.code, then, otherwise, k: step.k });
        }
        self.plain(JUMP, distance(block.0.len()));
        self.0.extend(block.0);
    }

    fn of(block: impl FnOnce(&mut Self)) -> Self {
        let mut code = Self::default();
        block(&mut code);
        code
    }

    /// Skips so many instructions when the test comes out as `skip_when`.
    fn test(&mut self, is: Is, skip_when: bool, skip: usize) {
        let (code, k) = is.code();
        let near = u8::try_from(skip);
        let (then, otherwise) = match (near, skip_when) {
            (Ok(skip), true) => (skip, 0),
            (Ok(skip), false) => (0, skip),
            // Too far for a test: it skips a jump, or does not.
            (Err(_), true) => (0, 1),
            (Err(_), false) => (1, 0),
        };
        self.0.push(Instruction { code, then, otherwise, k });
        if near.is_err() {
            self.plain(JUMP, distance(skip));
        }
    }
}

/// A step of a search.
struct Step {
    code: u16,
    k: u32,
    then: Target,
    otherwise: Target,
}

#[derive(Clone, Copy)]
enum Target {
    Ahead(u8),
    Found,
    Missed,
}

fn search(ranges: &[(u32, u32)]) -> Vec<Step> {
    match ranges {
        [] => Vec::new(),
        &[(low, high)] if low == high => {
            vec![Step { code: IF_EQUAL, k: low, then: Target::Found, otherwise: Target::Missed }]
        }
        &[(low, high)] => vec![
            Step { code: IF_AT_LEAST, k: low, then: Target::Ahead(0), otherwise: Target::Missed },
            Step { code: IF_GREATER, k: high, then: Target::Missed, otherwise: Target::Found },
        ],
        _ => {
            let (lower, upper) = ranges.split_at(ranges.len() / 2);
            let middle = upper.first().map_or(0, |(low, _)| *low);
            let lower = search(lower);
            let skip = Target::Ahead(short(lower.len()));
            let mut steps = vec![Step { code: IF_AT_LEAST, k: middle, then: skip, otherwise: Target::Ahead(0) }];
            steps.extend(lower);
            steps.extend(search(upper));
            steps
        }
    }
}

/// A distance within a search, whose sets are far smaller than would be too far; a test holds them to it.
fn short(steps: usize) -> u8 {
    u8::try_from(steps).unwrap_or(u8::MAX)
}

fn distance(steps: usize) -> u32 {
    u32::try_from(steps).unwrap_or(u32::MAX)
}
