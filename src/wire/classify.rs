//! Packets to labels: takes the layers off one by one and asks, at each, who knows what it is.

use std::net::{IpAddr, SocketAddr};

use super::across::Across;
use super::decode::{self, Content, Ip, Llc, Lost, ether};
use super::flow::{End, Key, State, Table};
use super::fragments::Fragments;
use super::labels;
use super::lan::{Around, Lan};
use super::matcher::{Matcher, Search};
use super::protocols::{Cargo, Carried, Datagram, Goes, Next, Over, Recogniser, Seen, Side};
use super::talk::{Segment, Talk};
use super::tally::{Endpoint, Place, Tally};
use super::wifi::Air;
use super::{Frame, Link};
use crate::signatures::packets::LONGEST;

/// Packets with payload of each end that are looked at while nothing is decided.
const FIRST: [u8; 2] = [16, 6];

/// How often one packet may hand a flow to another protocol.
const CHANGES: usize = 3;

/// Deepest tunnel within a tunnel that is entered.
const DEEPEST: u8 = 3;

/// Sees frames, keeps the tally.
pub struct Classifier<'m> {
    matcher: &'m Matcher,
    search: Search,
    flows: Table,
    fragments: Fragments,
    lan: Lan,
    air: Air,
    across: Across,
    /// What was seen.
    pub tally: Tally,
    /// How many frames were read, and what became of them.
    pub count: Count,
    /// Which signatures matched since this was taken last; only where somebody asks for it.
    pub matched: Option<Vec<Matched>>,
}

/// A signature that matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matched {
    /// Its number in [`Matcher::signatures`].
    pub signature: u16,
    /// Who sent the packet.
    pub from: SocketAddr,
    /// To whom.
    pub to: SocketAddr,
}

/// How many frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// All.
    pub packets: u64,
    /// Their bytes on the wire.
    pub bytes: u64,
    /// Frames whose headers contradict themselves or end too soon.
    pub malformed: u64,
    /// Frames of a kind that is not read here.
    pub unsupported: u64,
    /// Frames the capture cut.
    pub cut: u64,
}

impl std::ops::AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.packets += other.packets;
        self.bytes += other.bytes;
        self.malformed += other.malformed;
        self.unsupported += other.unsupported;
        self.cut += other.cut;
    }
}

/// Where in a packet we are.
#[derive(Clone, Copy)]
struct Here {
    place: Place,
    around: Around,
    depth: u8,
    /// Whether the capture cut the frame.
    cut: bool,
}

impl<'m> Classifier<'m> {
    /// Nothing seen yet.
    pub fn new(matcher: &'m Matcher) -> Self {
        Self {
            matcher,
            search: matcher.search(),
            flows: Table::default(),
            fragments: Fragments::default(),
            lan: Lan::default(),
            air: Air::default(),
            across: Across::default(),
            tally: Tally::default(),
            count: Count::default(),
            matched: None,
        }
    }

    /// Notes that a signature matched, where somebody asks.
    fn matched(&mut self, signature: u16, data: &Datagram<'_>) {
        if let Some(matched) = &mut self.matched {
            matched.push(Matched { signature, from: data.source, to: data.destination });
        }
    }

    /// The same with a smaller memory: twice as many flows as this are remembered.
    #[must_use]
    pub fn remembering(mut self, flows: usize) -> Self {
        self.flows = Table::of(flows);
        self
    }

    /// Wi-Fi networks seen.
    pub const fn air(&self) -> &Air {
        &self.air
    }

    /// Looks at one frame of the file at this place of the command line.
    pub fn frame(&mut self, frame: &Frame<'_>, file: u32) {
        self.count.packets += 1;
        self.count.bytes += u64::from(frame.length);
        let place = Place {
            packet: frame.number,
            file,
            at: frame.at,
            from: Endpoint::Unknown,
            to: Endpoint::Unknown,
            sent: frame.sent.or_else(|| decode::sent(frame.link, frame.bytes)),
        };
        // Linux cooked captures are made on several interfaces at once.
        let several = matches!(frame.link.0, 113 | 276);
        let mut around = Around { at: frame.at, several, ..Around::default() };
        if let Some(number) = decode::interface(frame.link, frame.bytes) {
            around = around.on_interface(number);
        }
        let cut = u64::from(frame.length) > frame.bytes.len() as u64;
        let mut here = Here { place, around, depth: 0, cut };
        if cut {
            self.count.cut += 1;
            self.see(&here, labels::TRUNCATED_SNAPLEN);
        }
        if let Err(lost) = self.link(&mut here, frame.link, frame.bytes) {
            match lost {
                // What the capture cut ends too soon by no fault of its own.
                Lost::Malformed if cut => {}
                Lost::Malformed => {
                    self.count.malformed += 1;
                    self.see(&here, labels::MALFORMED_PACKET);
                }
                Lost::Unsupported => self.count.unsupported += 1,
            }
        }
    }

    /// Notes a label that belongs to no flow.
    fn see(&mut self, here: &Here, label: labels::Label) {
        self.tally.see(label, &here.place, false);
    }

    fn see_all(&mut self, here: &Here, seen: &Seen) {
        for label in seen.iter() {
            self.see(here, label);
        }
    }

    fn link(&mut self, here: &mut Here, link: Link, bytes: &[u8]) -> Result<(), Lost> {
        let content = decode::link(link, bytes)?;
        self.content(here, content)
    }

    fn content(&mut self, here: &mut Here, content: Content<'_>) -> Result<(), Lost> {
        match content {
            Content::Packet { mac, vlan, kind, bytes } => {
                if let Some(pair) = mac {
                    here.around.mac = mac;
                    here.place.from = Endpoint::Mac(pair.source);
                    here.place.to = Endpoint::Mac(pair.destination);
                }
                if let Some(vlan) = vlan {
                    here.around = here.around.in_vlan(vlan);
                    self.see(here, labels::VLAN_ANY);
                }
                self.packet(here, kind, bytes)
            }
            Content::Wireless(air) => self.wireless(here, air),
            Content::Ppp(bytes) => self.ppp(here, bytes),
        }
    }

    fn wireless(&mut self, here: &mut Here, air: decode::Air<'_>) -> Result<(), Lost> {
        let mut seen = Seen::default();
        let (stations, inner) = self.air.hear(air, here.cut, here.place.at, &mut seen)?;
        if let Some(stations) = stations {
            here.around.mac = Some(stations.pair);
            here.place.from = Endpoint::Mac(stations.pair.source);
            here.place.to = Endpoint::Mac(stations.pair.destination);
            if let Some(bssid) = stations.bssid {
                here.around = here.around.in_cell(bssid);
            }
        }
        self.see_all(here, &seen);
        let Some(inner) = inner else { return Ok(()) };
        for frame in inner.frames() {
            self.packet(&mut here.clone(), ether::LLC, frame)?;
        }
        Ok(())
    }

    /// A packet of the network layer.
    fn packet(&mut self, here: &mut Here, kind: u16, bytes: &[u8]) -> Result<(), Lost> {
        let mut seen = Seen::default();
        let known = match kind {
            ether::IPV4 | ether::IPV6 => return self.ip(here, bytes),
            ether::LLC => match decode::llc(bytes).ok_or(Lost::Unsupported)? {
                Llc::Ether(kind, bytes) if kind >= 1536 => return self.packet(here, kind, bytes),
                llc => self.lan.bridge(llc, &mut seen),
            },
            ether::PPPOE_DISCOVERY => {
                seen.see(labels::TUNNEL_PPPOE);
                Ok(())
            }
            ether::PPPOE_SESSION => {
                self.see(here, labels::TUNNEL_PPPOE);
                // Version and type, code, session, length; then PPP.
                return self.ppp(here, bytes.get(6..).ok_or(Lost::Malformed)?);
            }
            ether::PPP => return self.ppp(here, bytes),
            ether::EAPOL | ether::PREAUTHENTICATION => {
                self.air.eapol(bytes, &here.around, here.place.sent, &mut seen);
                Ok(())
            }
            kind if ether::MPLS.contains(&kind) => return self.mpls(here, bytes),
            _ => self.lan.packet(kind, bytes, &here.around, &mut seen).map(|about| {
                if let Some(about) = about {
                    here.place.to = Endpoint::Ip(SocketAddr::new(about.into(), 0));
                }
            }),
        };
        self.see_all(here, &seen);
        known
    }

    /// MPLS (RFC 3032): labels of four bytes, the last marked; then mostly IP, by its own version.
    fn mpls(&mut self, here: &mut Here, mut bytes: &[u8]) -> Result<(), Lost> {
        loop {
            let (&[_, _, low, _], rest) = bytes.split_first_chunk::<4>().ok_or(Lost::Malformed)?;
            bytes = rest;
            if low & 1 == 1 {
                break;
            }
        }
        match bytes.first().map(|first| first >> 4) {
            Some(4 | 6) => self.ip(here, bytes),
            _ => Err(Lost::Unsupported),
        }
    }

    fn ppp(&mut self, here: &mut Here, bytes: &[u8]) -> Result<(), Lost> {
        let (protocol, rest) = decode::ppp_protocol(bytes).ok_or(Lost::Malformed)?;
        match protocol {
            0x0021 => self.packet(here, ether::IPV4, rest),
            0x0057 => self.packet(here, ether::IPV6, rest),
            0x0281 => self.mpls(here, rest),
            _ => {
                let mut seen = Seen::default();
                self.lan.ppp(protocol, rest, &mut seen);
                self.see_all(here, &seen);
                Ok(())
            }
        }
    }

    fn ip(&mut self, here: &mut Here, bytes: &[u8]) -> Result<(), Lost> {
        let ip = decode::ip(bytes)?;
        here.place.from = Endpoint::Ip(SocketAddr::new(ip.source, 0));
        here.place.to = Endpoint::Ip(SocketAddr::new(ip.destination, 0));
        if ip.source.is_ipv6() {
            self.see(here, labels::IPV6_ANY);
        }
        if ip.authenticated {
            self.see(here, labels::VPN_AH);
        }
        // By RFC 2003 and 4213; what IPsec's tunnel mode authenticates is IPsec's.
        if ip.source.is_ipv4() && !ip.authenticated {
            match ip.protocol {
                4 => self.see(here, labels::TUNNEL_IPIP),
                41 => self.see(here, labels::TUNNEL_6IN4),
                _ => {}
            }
        }
        if let Some(part) = ip.fragment {
            self.see(here, labels::IP_FRAGMENTS);
            if let Some(whole) = self.fragments.add(&ip, part) {
                let whole_ip = Ip { protocol: whole.protocol, fragment: None, payload: &whole.bytes, ..ip };
                return self.transport(here, &whole_ip);
            }
            // The first part still shows how the packet begins.
            if part.offset != 0 {
                return Ok(());
            }
            return match self.transport(here, &Ip { cut: true, ..ip }) {
                Err(Lost::Malformed) => Ok(()),
                known => known,
            };
        }
        self.transport(here, &ip)
    }

    fn transport(&mut self, here: &mut Here, ip: &Ip<'_>) -> Result<(), Lost> {
        // A probe for the protocol alone.
        if ip.payload.is_empty() {
            return Ok(());
        }
        match ip.protocol {
            6 => self.tcp(here, ip),
            17 => self.udp(here, ip),
            4 => self.inside(here, 0, ether::IPV4, ip.payload),
            41 => self.inside(here, 0, ether::IPV6, ip.payload),
            47 => self.gre(here, ip.payload),
            // EtherIP (RFC 3378): a version, then an Ethernet frame.
            97 => self.inside(here, 0, ether::TRANSPARENT_ETHERNET, ip.payload.get(2..).unwrap_or_default()),
            137 => self.inside(here, 0, ether::MPLS[0], ip.payload),
            _ => {
                let mut seen = Seen::default();
                self.lan.ip(ip, &here.around, &mut seen);
                self.see_all(here, &seen);
                Ok(())
            }
        }
    }

    /// What a tunnel carries, if we are not too deep in others.
    fn inside(&mut self, here: &Here, network: u32, kind: u16, bytes: &[u8]) -> Result<(), Lost> {
        let Some(mut inner) = here.inner(network).filter(|_| !bytes.is_empty()) else { return Ok(()) };
        match kind {
            ether::TRANSPARENT_ETHERNET => self.content(&mut inner, decode::ethernet(bytes)?),
            _ => self.packet(&mut inner, kind, bytes),
        }
    }

    /// GRE (RFC 2784, 2890) and PPTP's version 1 of it (RFC 2637): optional fields by flag.
    fn gre(&mut self, here: &Here, bytes: &[u8]) -> Result<(), Lost> {
        let (&[flags, version, high, low], rest) = bytes.split_first_chunk::<4>().ok_or(Lost::Malformed)?;
        let kind = u16::from_be_bytes([high, low]);
        self.see(here, labels::TUNNEL_GRE);
        if kind == ether::PPP {
            self.see(here, labels::VPN_PPTP);
        }
        let has = |flag| usize::from(flags & flag != 0) * 4;
        let skip = has(0x80) + has(0x20) + has(0x10) + usize::from(version & 0x07 == 1 && version & 0x80 != 0) * 4;
        // Routing (0x40) was withdrawn; where it is set, what follows cannot be found.
        if flags & 0x40 != 0 {
            return Ok(());
        }
        let rest = rest.get(skip..).unwrap_or_default();
        match kind {
            // ERSPAN: of the first form, which has no sequence numbers, the frame alone; else behind 8 or 12 bytes.
            0x88be => {
                let header = if has(0x10) == 0 { 0 } else { 8 };
                self.inside(here, 0, ether::TRANSPARENT_ETHERNET, rest.get(header..).unwrap_or_default())
            }
            0x22eb => {
                let more = rest.get(11).is_some_and(|flags| flags & 1 == 1);
                let frame = rest.get(if more { 20 } else { 12 }..);
                self.inside(here, 0, ether::TRANSPARENT_ETHERNET, frame.unwrap_or_default())
            }
            _ => self.inside(here, 0, kind, rest),
        }
    }

    fn udp(&mut self, here: &mut Here, ip: &Ip<'_>) -> Result<(), Lost> {
        let udp = decode::udp(ip.payload)?;
        let source = SocketAddr::new(ip.source, udp.source);
        let destination = SocketAddr::new(ip.destination, udp.destination);
        here.place.from = Endpoint::Ip(source);
        here.place.to = Endpoint::Ip(destination);
        if let Some(seen) = self.lan.datagram([udp.source, udp.destination], udp.payload, &here.around) {
            self.see_all(here, &seen);
        }
        self.payload(here, Over::Udp, source, destination, udp.payload, udp.length, None)
    }

    fn tcp(&mut self, here: &mut Here, ip: &Ip<'_>) -> Result<(), Lost> {
        let tcp = decode::tcp(ip.payload)?;
        let source = SocketAddr::new(ip.source, tcp.source);
        let destination = SocketAddr::new(ip.destination, tcp.destination);
        let segment =
            Segment { number: tcp.sequence, syn: tcp.flags & 0x02 != 0, ack: tcp.flags & 0x10 != 0, cut: ip.cut };
        let bytes = tcp.payload;
        if self.lan.opens_as_a_scan(&tcp) {
            here.place.from = Endpoint::Ip(source);
            here.place.to = Endpoint::Ip(destination);
            self.see(here, labels::SCAN_SYN_BURST_ANY);
        }
        self.payload(here, Over::Tcp, source, destination, bytes, bytes.len(), Some(segment))
    }

    #[expect(clippy::too_many_arguments, reason = "each is a field of a header, named where it is used")]
    fn payload(
        &mut self,
        here: &mut Here,
        over: Over,
        source: SocketAddr,
        destination: SocketAddr,
        bytes: &[u8],
        length: usize,
        segment: Option<Segment>,
    ) -> Result<(), Lost> {
        here.place.from = Endpoint::Ip(source);
        here.place.to = Endpoint::Ip(destination);
        let (key, end) = Key::of(source, destination, if over == Over::Udp { 17 } else { 6 });
        let flow = self.flows.flow(key);
        let matcher = self.matcher;
        flow.client
            .get_or_insert_with(|| client(end, source, destination, segment, |port| matcher.is_served(over, port)));
        if segment.is_some_and(|segment| segment.syn && !segment.ack) {
            // The same ports again: another conversation.
            let talked = matches!(flow.state, State::Talk(_));
            flow.renew();
            flow.client = Some(end);
            if talked {
                self.flows.followed();
            }
            self.flows.let_go(key);
            if bytes.is_empty() {
                return Ok(());
            }
        } else if bytes.is_empty() || matches!(flow.state, State::Decided) {
            // Most packets end here, at the cost of one look-up.
            return Ok(());
        }
        let flow = self.flows.flow(key);
        let data = Datagram { over, bytes, length, source, destination, side: flow.side(end) };
        let mut seen = Seen::default();
        self.across.before(&data, &mut seen);
        self.say(key, end, &data, segment, &mut seen);
        self.across.after(&data, here.place.at, &mut seen);
        let flow = self.flows.flow(key);
        let mut carried = None;
        if let State::Carries(carrier) = flow.state {
            carried = (carrier.open)(bytes);
            match (&carried, carrier.other) {
                (Some(_), _) => carrier.label.into_iter().for_each(|label| seen.see(label)),
                (None, Some(recogniser)) => drop(recogniser(&data, &mut seen)),
                (None, None) => {}
            }
        }
        for label in seen.iter() {
            let new = flow.shows(label);
            self.tally.see(label, &here.place, new);
        }
        carried.map_or(Ok(()), |carried| self.carried(here, carried))
    }

    /// What a payload tells of its flow.
    fn say(&mut self, key: Key, end: End, data: &Datagram<'_>, segment: Option<Segment>, seen: &mut Seen) {
        let (mut data, mut segment) = (*data, segment);
        for _ in 0..=CHANGES {
            let flow = self.flows.flow(key);
            let goes = match &mut flow.state {
                State::Decided | State::Carries(_) => return,
                State::Each(recogniser) => {
                    let recogniser = *recogniser;
                    match recogniser(&data, seen) {
                        Some(Next::Each | Next::Open) | None => Goes::On,
                        Some(next) => self.settle(key, end, next, Some(recogniser), &data, segment, seen),
                    }
                }
                State::Perhaps(recogniser, note) => {
                    let recogniser = *recogniser;
                    seen.note = *note;
                    let next = recogniser(&data, seen);
                    seen.note = 0;
                    match next {
                        Some(next) => self.settle(key, end, next, Some(recogniser), &data, segment, seen),
                        None => Goes::Not,
                    }
                }
                State::Talk(talk) => {
                    let goes = talk.hear(end, data.side, data.bytes, segment, seen);
                    if goes != Goes::On {
                        self.flows.followed();
                    }
                    goes
                }
                State::Open | State::Waiting { .. } => self.open(key, end, &data, segment, seen),
            };
            let flow = self.flows.flow(key);
            match goes {
                Goes::On => return,
                Goes::Over => {
                    flow.state = State::Decided;
                    self.flows.let_go(key);
                    return;
                }
                Goes::Not => flow.state = State::Open,
                Goes::Anew { rest } => {
                    let mut began = match &flow.state {
                        State::Talk(talk) => talk.next(),
                        _ => [None; 2],
                    };
                    let length = u32::try_from(rest).unwrap_or(0);
                    if let Some(began) = began.get_mut(end as usize) {
                        *began = began.map(|next| next.wrapping_sub(length));
                    }
                    self.flows.renew(key, began);
                    let Some((said, rest)) = data.bytes.split_at_checked(data.bytes.len().saturating_sub(rest)) else {
                        return;
                    };
                    if rest.is_empty() {
                        return;
                    }
                    data.bytes = rest;
                    data.length = rest.len();
                    segment = segment.map(|segment| segment.after(said.len()));
                }
            }
        }
    }

    /// A flow's first packets: which signature fits?
    fn open(&mut self, key: Key, end: End, data: &Datagram<'_>, segment: Option<Segment>, seen: &mut Seen) -> Goes {
        if let Some(segment) = segment
            && let Some(Some(began)) = self.flows.began(key).get(end as usize)
            && segment.is_before(*began, data.bytes.len())
        {
            return Goes::On;
        }
        let flow = self.flows.flow(key);
        if let Some(heard) = flow.heard.get_mut(end as usize) {
            *heard = heard.saturating_add(1);
            let [udp, tcp] = FIRST;
            let enough = if data.over == Over::Udp { udp } else { tcp };
            if *heard > enough {
                // The other end may yet say what it is, unless it says nothing for very long.
                let last =
                    data.over == Over::Udp || *heard == u8::MAX || flow.heard.iter().all(|heard| *heard > enough);
                return if last { Goes::Over } else { Goes::On };
            }
        }
        if let State::Waiting { signature, step, left } = flow.state
            && let Some(ready) = self.matcher.signatures.get(usize::from(signature))
        {
            if ready.steps.get(usize::from(step)).is_some_and(|step| step.fits(data)) {
                let next = step + 1;
                if let Some(more) = ready.steps.get(usize::from(next)) {
                    flow.state = State::Waiting { signature, step: next, left: more.within };
                } else {
                    ready.label.into_iter().for_each(|label| seen.see(label));
                    flow.state = if ready.goes_on { State::Open } else { State::Decided };
                    self.matched(signature, data);
                }
                return Goes::On;
            }
            flow.state = if left > 1 { State::Waiting { signature, step, left: left - 1 } } else { State::Open };
        }
        let goes = self.decide(key, end, data, segment, seen);
        let flow = self.flows.flow(key);
        if goes != Goes::On || !matches!(flow.state, State::Open) {
            self.flows.let_go(key);
            return goes;
        }
        // An opening may be cut anywhere: look at what this end has said so far as one.
        let Some(segment) = segment else { return Goes::On };
        let Some(whole) = self.flows.join(key, end, segment.number, data.bytes) else { return Goes::On };
        // While there is less than an opening, its pieces are not counted.
        if whole.len() <= 2 * LONGEST
            && let Some(heard) = self.flows.flow(key).heard.get_mut(end as usize)
        {
            *heard = heard.saturating_sub(1);
        }
        let before = u32::try_from(whole.len() - data.bytes.len()).unwrap_or(0);
        let first = Segment { number: segment.number.wrapping_sub(before), ..segment };
        let goes = self.decide(key, end, &Datagram { bytes: &whole, length: whole.len(), ..*data }, Some(first), seen);
        let flow = self.flows.flow(key);
        if goes != Goes::On || !matches!(flow.state, State::Open) {
            self.flows.let_go(key);
        }
        goes
    }

    /// Asks the signatures.
    fn decide(&mut self, key: Key, end: End, data: &Datagram<'_>, segment: Option<Segment>, seen: &mut Seen) -> Goes {
        let matcher = self.matcher;
        let candidates = matcher.candidates(&mut self.search, data);
        let mut goes = Goes::On;
        let mut data = *data;
        for &number in &candidates {
            let Some(ready) = matcher.signatures.get(usize::from(number)) else { continue };
            if ready.steps.len() > 1 {
                let within = ready.steps.get(1).map_or(1, |step| step.within);
                let flow = self.flows.flow(key);
                if matches!(flow.state, State::Open) {
                    flow.state = State::Waiting { signature: number, step: 1, left: within };
                }
                continue;
            }
            let next = match ready.is {
                Some(recogniser) => {
                    seen.sender = None;
                    match recogniser(&data, seen) {
                        Some(next) => next,
                        None => continue,
                    }
                }
                None if ready.goes_on => Next::Open,
                None => Next::Decided,
            };
            if let Some(side) = seen.sender.take() {
                data.side = side;
                self.flows.flow(key).client = Some(if side == Side::Client { end } else { end.other() });
            }
            ready.label.into_iter().for_each(|label| seen.see(label));
            self.matched(number, &data);
            if matches!(next, Next::Open) {
                continue;
            }
            goes = self.settle(key, end, next, ready.is, &data, segment, seen);
            if goes != Goes::Not {
                break;
            }
            goes = Goes::On;
        }
        self.search.keep(candidates);
        goes
    }

    /// Goes on with a flow as a recogniser says.
    #[expect(clippy::too_many_arguments, reason = "what a packet is, and what was made of it")]
    fn settle(
        &mut self,
        key: Key,
        end: End,
        next: Next,
        recogniser: Option<Recogniser>,
        data: &Datagram<'_>,
        segment: Option<Segment>,
        seen: &mut Seen,
    ) -> Goes {
        let state = match next {
            Next::Open => State::Open,
            Next::Carries(carrier) => State::Carries(carrier),
            Next::Each => match recogniser {
                Some(recogniser) => State::Each(recogniser),
                None => return Goes::Over,
            },
            Next::Perhaps(note) => recogniser.map_or(State::Open, |recogniser| State::Perhaps(recogniser, note)),
            Next::Talk(dialogue) if self.flows.may_follow() => {
                let left = dialogue.patience();
                let mut talk = Box::new(Talk::new(dialogue, self.flows.began(key), left));
                let goes = talk.hear(end, data.side, data.bytes, segment, seen);
                if goes != Goes::On {
                    self.flows.followed();
                    return goes;
                }
                State::Talk(talk)
            }
            Next::Decided | Next::Talk(_) => return Goes::Over,
        };
        self.flows.flow(key).state = state;
        Goes::On
    }

    /// What a tunnel over UDP or TCP carries.
    fn carried(&mut self, here: &Here, carried: Carried<'_>) -> Result<(), Lost> {
        let Carried { cargo, network, bytes } = carried;
        match cargo {
            Cargo::Ether(kind) => self.inside(here, network, kind, bytes),
            Cargo::Gre => self.gre(here, bytes),
            Cargo::Ppp => here.inner(network).map_or(Ok(()), |mut inner| self.ppp(&mut inner, bytes)),
            Cargo::Wireless => {
                let air = decode::Air { swapped: true, ..decode::Air::bare(bytes) };
                here.inner(network).map_or(Ok(()), |mut inner| self.wireless(&mut inner, air))
            }
        }
    }
}

impl Here {
    /// The same within a tunnel, if that is not too deep.
    fn inner(&self, network: u32) -> Option<Self> {
        let depth = self.depth + 1;
        (depth <= DEEPEST).then_some(Self { depth, around: self.around.in_tunnel(network), ..*self })
    }
}

/// Which end opened the flow that this packet is the first seen of; `served` tells the ports that signatures name.
fn client(
    end: End,
    source: SocketAddr,
    destination: SocketAddr,
    segment: Option<Segment>,
    served: impl Fn(u16) -> bool,
) -> End {
    let other = end.other();
    let (from, to) = (source.port(), destination.port());
    match segment {
        Some(Segment { syn: true, ack: false, .. }) => end,
        Some(Segment { syn: true, ack: true, .. }) => other,
        // Not from its start: servers have the well-known port, or a port we know, or else the lower one.
        _ if (from < 1024) != (to < 1024) => {
            if from < 1024 {
                other
            } else {
                end
            }
        }
        None => end,
        _ if served(from) != served(to) => {
            if served(from) {
                other
            } else {
                end
            }
        }
        _ if from < to => other,
        _ => end,
    }
}

/// Whether an address is of a private or local kind, so that who answers there is of this network.
pub const fn is_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_unspecified()
                || v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || (a == 100 && b & 0xc0 == 64)
                || a >= 224
        }
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local() || v6.is_multicast(),
    }
}
