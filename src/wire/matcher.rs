//! Signatures made ready: one automaton for all openings, so that a packet costs the same however many there are.

use std::collections::HashMap;

use regex_automata::hybrid::dfa::{Cache, DFA, OverlappingState};
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchKind};

use super::labels::{self, Label};
use super::protocols::{self, Datagram, Over, Recogniser, Side};
use crate::signatures::packets::{self, File, LONGEST, Length};

/// All signatures, ready.
pub struct Matcher {
    /// In order of precedence.
    pub signatures: Vec<Ready>,
    /// Names past the built-in ones.
    added: Vec<String>,
    udp: Openings,
    tcp: Openings,
}

/// One signature, ready.
pub struct Ready {
    /// Its name.
    pub id: String,
    /// What it shows.
    pub label: Option<Label>,
    /// Who must agree.
    pub is: Option<Recogniser>,
    /// Either end has one of these, if there are any.
    pub ports: Vec<u16>,
    /// Whether others may say more.
    pub goes_on: bool,
    /// Its steps; the first has been compared by the automaton.
    pub steps: Vec<Step>,
}

/// One step, ready.
pub struct Step {
    from: Option<Side>,
    length: Option<Length>,
    /// Packets it may take.
    pub within: u8,
    /// Compared one by one, for steps after the first.
    opening: Option<regex_automata::meta::Regex>,
}

impl Step {
    /// Whether the packet fits; of a first step, only what the automaton has not compared.
    pub fn fits(&self, data: &Datagram<'_>) -> bool {
        self.from.is_none_or(|from| from == data.side)
            && self.length.is_none_or(|length| length.fits(data.length))
            && self.opening.as_ref().is_none_or(|opening| {
                let start = data.bytes.get(..LONGEST.min(data.bytes.len())).unwrap_or_default();
                opening.is_match(Input::new(start).anchored(Anchored::Yes))
            })
    }
}

/// The openings over one carrier.
struct Openings {
    automaton: DFA,
    /// The signature of each pattern.
    owner: Vec<u16>,
    /// Every port that a signature names, and the signatures that only it leads to.
    by_port: HashMap<u16, Vec<u16>>,
}

/// What one classifier needs to search with; bounded by the automaton's own limit.
pub struct Search {
    udp: Cache,
    tcp: Cache,
    found: Vec<u16>,
}

impl Search {
    /// Takes back a list that [`Matcher::candidates`] gave.
    pub fn keep(&mut self, found: Vec<u16>) {
        self.found = found;
    }
}

impl Matcher {
    /// Makes these files' signatures ready; those of earlier files take precedence.
    ///
    /// # Errors
    /// What is wrong with one of them.
    pub fn new<'a>(files: impl IntoIterator<Item = &'a File>) -> Result<Self, String> {
        let mut signatures = Vec::new();
        let mut added: Vec<String> = Vec::new();
        let mut udp = Vec::new();
        let mut tcp = Vec::new();
        let mut ports: [HashMap<u16, Vec<u16>>; 2] = [HashMap::new(), HashMap::new()];
        for signature in files.into_iter().flat_map(|file| &file.signature) {
            let number = u16::try_from(signatures.len()).map_err(|_| "too many signatures".to_owned())?;
            let ready = Ready::of(signature, &mut added)?;
            let patterns = signature.steps.first().map(packets::Step::patterns).transpose()?.unwrap_or_default();
            let (list, by_port) = match signature.over {
                packets::Over::Udp => (&mut udp, &mut ports[0]),
                packets::Over::Tcp => (&mut tcp, &mut ports[1]),
            };
            for port in &signature.ports {
                let led = by_port.entry(*port).or_default();
                if patterns.is_empty() {
                    led.push(number);
                }
            }
            list.extend(patterns.into_iter().map(|pattern| (pattern, number)));
            signatures.push(ready);
        }
        let [udp_ports, tcp_ports] = ports;
        Ok(Self { signatures, added, udp: Openings::new(udp, udp_ports)?, tcp: Openings::new(tcp, tcp_ports)? })
    }

    /// The built-in signatures.
    ///
    /// # Errors
    /// What is wrong with one of them: a fault of ours, which a test refuses.
    pub fn built_in() -> Result<Self, String> {
        let files: Vec<File> = packets::BUILT_IN
            .iter()
            .map(|(name, text)| packets::parse(text).map_err(|trouble| format!("{name}: {trouble}")))
            .collect::<Result<_, _>>()?;
        Self::new(&files)
    }

    /// A label's name.
    pub fn name(&self, label: Label) -> &str {
        let at = usize::from(label.0);
        match labels::BUILT_IN.get(at) {
            Some(name) => name,
            None => self.added.get(at - labels::BUILT_IN.len()).map_or("unknown", String::as_str),
        }
    }

    /// What a classifier searches with.
    pub fn search(&self) -> Search {
        Search { udp: self.udp.automaton.create_cache(), tcp: self.tcp.automaton.create_cache(), found: Vec::new() }
    }

    /// Whether a signature over this carrier names the port.
    pub fn is_served(&self, over: Over, port: u16) -> bool {
        let openings = match over {
            Over::Udp => &self.udp,
            Over::Tcp => &self.tcp,
        };
        openings.by_port.contains_key(&port)
    }

    /// Signatures whose opening, ports and first step fit this packet, in order of precedence. Give the list back
    /// by [`Search::keep`], and its memory serves the next packet.
    pub fn candidates(&self, search: &mut Search, data: &Datagram<'_>) -> Vec<u16> {
        let (openings, cache) = match data.over {
            Over::Udp => (&self.udp, &mut search.udp),
            Over::Tcp => (&self.tcp, &mut search.tcp),
        };
        let mut found = std::mem::take(&mut search.found);
        found.clear();
        openings.find(cache, data, &mut found);
        found.sort_unstable();
        found.dedup();
        found.retain(|&number| {
            self.signatures.get(usize::from(number)).is_some_and(|signature| {
                (signature.ports.is_empty() || signature.ports.iter().any(|port| data.on_port(*port)))
                    && signature.steps.first().is_none_or(|step| step.fits(data))
            })
        });
        found
    }
}

impl Ready {
    fn of(signature: &packets::Signature, added: &mut Vec<String>) -> Result<Self, String> {
        let is = match &signature.is {
            Some(name) => Some(
                protocols::named(name)
                    .ok_or_else(|| format!("signature {:?}: `is = {name:?}` names no recogniser", signature.id))?,
            ),
            None => None,
        };
        let mut steps = Vec::new();
        for (number, step) in signature.steps.iter().enumerate() {
            let patterns = step.patterns()?;
            let opening = if number == 0 || patterns.is_empty() { None } else { Some(regex(&patterns.join("|"))?) };
            let from = step.from.map(|from| match from {
                packets::From::Client => Side::Client,
                packets::From::Server => Side::Server,
            });
            steps.push(Step { from, length: step.length, within: step.within.unwrap_or(4), opening });
        }
        let label = signature.label.as_ref().map(|name| label(name, added)).transpose()?;
        let (id, ports) = (signature.id.clone(), signature.ports.clone());
        Ok(Self { id, label, is, ports, goes_on: signature.goes_on, steps })
    }
}

fn label(name: &str, added: &mut Vec<String>) -> Result<Label, String> {
    if let Some(label) = Label::named(name) {
        return Ok(label);
    }
    let at = added.iter().position(|known| known == name).unwrap_or_else(|| {
        added.push(name.to_owned());
        added.len() - 1
    });
    u16::try_from(labels::BUILT_IN.len() + at).map(Label).map_err(|_| "too many labels".to_owned())
}

fn regex(pattern: &str) -> Result<regex_automata::meta::Regex, String> {
    regex_automata::meta::Regex::builder()
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .configure(regex_automata::meta::Regex::config().utf8_empty(false))
        .build(pattern)
        .map_err(|error| error.to_string())
}

impl Openings {
    fn new(patterns: Vec<(String, u16)>, by_port: HashMap<u16, Vec<u16>>) -> Result<Self, String> {
        let (patterns, owner): (Vec<String>, Vec<u16>) = patterns.into_iter().unzip();
        let automaton = DFA::builder()
            .configure(DFA::config().match_kind(MatchKind::All).skip_cache_capacity_check(true))
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .thompson(regex_automata::nfa::thompson::Config::new().utf8(false))
            .build_many(&patterns)
            .map_err(|error| error.to_string())?;
        Ok(Self { automaton, owner, by_port })
    }

    fn find(&self, cache: &mut Cache, data: &Datagram<'_>, found: &mut Vec<u16>) {
        let start = data.bytes.get(..LONGEST.min(data.bytes.len())).unwrap_or_default();
        let input = Input::new(start).anchored(Anchored::Yes);
        let mut state = OverlappingState::start();
        // A search that gives up (it may, by configuration; this one does not) finds no more.
        while self.automaton.try_search_overlapping_fwd(cache, &input, &mut state).is_ok() {
            let Some(hit) = state.get_match() else { break };
            found.extend(self.owner.get(hit.pattern().as_usize()));
        }
        if !self.by_port.is_empty() {
            for port in [data.source.port(), data.destination.port()] {
                found.extend(self.by_port.get(&port).into_iter().flatten());
            }
        }
    }
}
