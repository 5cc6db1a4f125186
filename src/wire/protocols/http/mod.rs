//! HTTP/1 in the clear: what its start lines, headers and forms show (RFC 9110, 9112).

mod captive;
mod form;
mod head;

use self::form::Keys;
use self::head::Head;
use super::{Datagram, Dialogue, Goes, Next, Over, Recogniser, Seen, Side};
use crate::wire::labels;
use crate::wire::lines::Lines;

/// Recognisers by name.
pub(super) const ALL: &[(&str, Recogniser)] = &[("http", http)];

/// A conversation that begins, here, with a start line.
fn http(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    if data.over != Over::Tcp || !head::begins(data.bytes) {
        return None;
    }
    seen.sender = Some(if data.bytes.starts_with(b"HTTP/") { Side::Server } else { Side::Client });
    Some(Next::Talk(Box::new(Conversation::default())))
}

/// Both directions.
#[derive(Default)]
struct Conversation {
    halves: [Half; 2],
    /// The last request asked for a tunnel.
    connect: bool,
    /// The last request was to find out whether a sign-in page is in the way, and is not answered yet.
    probe: bool,
}

/// One direction.
struct Half {
    stage: Stage,
    lines: Lines,
}

impl Default for Half {
    fn default() -> Self {
        Self { stage: Stage::Start, lines: Lines::default() }
    }
}

/// Where in its messages a direction is.
enum Stage {
    /// A start line is due.
    Start,
    /// Within the headers.
    Head(Box<Head>),
    /// Within a body, with so many bytes to come; where that is not known, the next segment that begins with a
    /// start line ends it. A form is read.
    Body(Option<u64>, Option<Keys>),
}

/// What follows is not known.
const LOST: Stage = Stage::Body(None, None);

impl Dialogue for Conversation {
    fn hear(&mut self, side: Side, bytes: &[u8], seen: &mut Seen) -> Goes {
        let Self { halves, connect, probe } = self;
        let Some(Half { stage, lines }) = halves.get_mut(side as usize) else { return Goes::Over };
        if matches!(stage, Stage::Body(None, _)) && head::begins(bytes) {
            *stage = Stage::Start;
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            match stage {
                Stage::Body(left, keys) => {
                    let length = left.and_then(|left| usize::try_from(left).ok()).unwrap_or(usize::MAX);
                    let (body, after) = rest.split_at(length.min(rest.len()));
                    if keys.as_mut().is_some_and(|keys| keys.hear(body)) {
                        seen.see(labels::CLEARTEXT_HTTP_FORM_PASSWORD);
                    }
                    if let Some(left) = left {
                        *left = left.saturating_sub(body.len() as u64);
                        if *left == 0 {
                            *stage = Stage::Start;
                        }
                    }
                    rest = after;
                }
                Stage::Start => {
                    if *connect && side == Side::Client && lines.unfinished().is_empty() && !head::may_begin(rest) {
                        // The answer was not heard; the client was let through.
                        return Goes::Anew { rest: rest.len() };
                    }
                    let Some(line) = lines.next(&mut rest) else { return Goes::On };
                    if line.is_empty() {
                        continue;
                    }
                    let Some(head) = Head::begin(line) else {
                        lines.clear();
                        *stage = LOST;
                        return Goes::On;
                    };
                    seen.see(labels::CLEARTEXT_HTTP);
                    head.show(seen);
                    if let Head::Request(request) = &head {
                        *connect = request.connect;
                        *probe = request.probe;
                    }
                    *stage = Stage::Head(Box::new(head));
                }
                Stage::Head(head) => {
                    let Some(line) = lines.next(&mut rest) else { return Goes::On };
                    if line.is_empty() {
                        if let Head::Response(response) = &**head {
                            if response.switches() || (*connect && response.is_success()) {
                                return Goes::Anew { rest: rest.len() };
                            }
                            *probe &= response.is_interim();
                        }
                        let (left, keys) = head.body();
                        *stage = if left == Some(0) { Stage::Start } else { Stage::Body(left, keys) };
                        continue;
                    }
                    head.header(line, seen);
                    match &**head {
                        Head::Request(request) => *probe |= request.probe,
                        Head::Response(response) if *probe && response.sends_elsewhere() => {
                            seen.see(labels::CAPTIVE_REDIRECT);
                        }
                        Head::Response(_) => {}
                    }
                }
            }
        }
        Goes::On
    }

    fn gap(&mut self, side: Side) {
        if let Some(half) = self.halves.get_mut(side as usize) {
            half.lines.clear();
            half.stage = LOST;
        }
    }

    /// A connection is kept for many requests, and bodies cost next to nothing to pass over.
    fn patience(&self) -> u64 {
        u64::MAX
    }
}
