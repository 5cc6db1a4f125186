//! A look-up of a random name under `.invalid`, which RFC 6761 keeps from existing: whoever answers
//! it with an address makes answers up.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hickory_resolver::proto::op::{Message, MessageType, Query, ResponseCode};
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use tokio::net::UdpSocket;

use crate::facts::dns::{Dns, DnsLink, Encryption, Manager, Nonsense, Resolver};
use crate::facts::{Observed, Reason, Thing};
use crate::sources::Budget;
use crate::sources::machine::Machine;

const PROBE: Thing = Thing::DnsProbe;

/// How long all of it may take, and how long the first resolver before a second is asked.
const WAIT: Duration = Duration::from_secs(2);
const EACH: Duration = Duration::from_secs(1);

/// More addresses than this are not kept.
const ADDRESSES: usize = 16;

/// Looks up a random name that cannot exist, by the resolver that gets this machine's public names.
///
/// systemd-resolved answers such a name itself, without asking anyone (`dns_name_dont_resolve()` in
/// `dns-domain.c`); so its servers are asked in its place, by the link it would take. A forwarder on this machine may do the
/// same: its "no such name" decides nothing. Nothing is sent when the budget is passive.
pub async fn nonsense(_machine: &Machine, dns: &Observed<Dns>, budget: Budget) -> Observed<Nonsense> {
    if budget.passive {
        return Observed::Unknown(Reason::NotSent { what: PROBE });
    }
    let dns = match dns {
        Observed::Known(dns) => dns,
        Observed::Unknown(reason) => return Observed::Unknown(reason.clone()),
    };
    let asked = asked(dns);
    if asked.is_empty() {
        return Observed::Unknown(Reason::NotAvailable { what: PROBE });
    }
    let asking = async {
        let mut last = Reason::TimedOut { what: PROBE };
        for resolver in asked.into_iter().take(2) {
            if resolver.encryption == Encryption::Strict {
                // Answers that come encrypted cannot be altered on the way; asking in the clear would
                // show another way than the one in use.
                return Observed::Unknown(Reason::Undecided { what: PROBE });
            }
            let bound = if dns.manager == Manager::Resolved { resolver.configured_on.as_deref() } else { None };
            let to = SocketAddr::new(resolver.address, resolver.port);
            match tokio::time::timeout(EACH, ask(to, bound)).await {
                Ok(Ok(Nonsense::NoSuchName)) if resolver.address.is_loopback() => {
                    return Observed::Unknown(Reason::Undecided { what: PROBE });
                }
                Ok(Ok(answer)) => return Observed::Known(answer),
                Ok(Err(error)) => last = Reason::failed(PROBE, error),
                Err(_) => last = Reason::TimedOut { what: PROBE },
            }
        }
        Observed::Unknown(last)
    };
    let within = tokio::time::timeout(budget.within(WAIT), asking).await;
    within.unwrap_or(Observed::Unknown(Reason::TimedOut { what: PROBE }))
}

/// The resolvers that public names go to, the first one first.
fn asked(dns: &Dns) -> Vec<&Resolver> {
    if dns.manager == Manager::ResolvConf || dns.links.is_empty() {
        return dns.resolvers.iter().collect();
    }
    let has_root = |link: &&DnsLink| link.domains.iter().any(|domain| domain.name == ".");
    let is_default = |link: &&DnsLink| link.default_route || link.interface.is_none();
    let serves = |link: &&DnsLink| !link.servers.is_empty();
    let mut links: Vec<_> = dns.links.iter().filter(serves).filter(has_root).collect();
    if links.is_empty() {
        links = dns.links.iter().filter(serves).filter(is_default).collect();
    }
    let of_link = |link: &DnsLink| {
        let interface = link.interface.clone();
        dns.resolvers.iter().filter(move |resolver| resolver.configured_on == interface)
    };
    links.into_iter().flat_map(of_link).collect()
}

async fn ask(to: SocketAddr, bound: Option<&str>) -> std::io::Result<Nonsense> {
    let any = if to.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    let socket = UdpSocket::bind(any).await?;
    if let Some(link) = bound.filter(|_| !to.ip().is_loopback()) {
        socket.bind_device(Some(link.as_bytes()))?;
    }
    socket.connect(to).await?;
    let (question, name) = question().ok_or_else(|| std::io::Error::other("no question"))?;
    socket.send(&question.to_vec().map_err(std::io::Error::other)?).await?;
    let mut buffer = [0; 4096];
    loop {
        let length = socket.recv(&mut buffer).await?;
        let answer = buffer.get(..length).and_then(|bytes| parse(bytes, question.metadata.id, &name));
        if let Some(answer) = answer {
            return Ok(answer);
        }
    }
}

/// A question for the address of twelve random letters under `.invalid`.
fn question() -> Option<(Message, Name)> {
    let mut random = (0..6).flat_map(|_| Message::query().metadata.id.to_be_bytes());
    let label: String = random.by_ref().map(|byte| char::from(b'a' + byte % 26)).collect();
    let name = Name::from_ascii(format!("{label}.invalid.")).ok()?;
    let mut message = Message::query();
    message.metadata.recursion_desired = true;
    message.add_query(Query::query(name.clone(), RecordType::A));
    Some((message, name))
}

/// An answer to our question; `None` for anything else that arrives.
fn parse(bytes: &[u8], id: u16, name: &Name) -> Option<Nonsense> {
    let message = Message::from_vec(bytes).ok()?;
    let ours = message.metadata.id == id
        && message.metadata.message_type == MessageType::Response
        && message.queries.first().is_some_and(|query| query.name() == name && query.query_type() == RecordType::A);
    if !ours {
        return None;
    }
    let mut addresses: Vec<IpAddr> = message
        .answers
        .iter()
        .filter_map(|record| match &record.data {
            RData::A(address) => Some(IpAddr::V4(address.0)),
            RData::AAAA(address) => Some(IpAddr::V6(address.0)),
            _ => None,
        })
        .take(ADDRESSES)
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    Some(match message.metadata.response_code {
        ResponseCode::NXDomain => Nonsense::NoSuchName,
        ResponseCode::NoError if !addresses.is_empty() => Nonsense::Addresses(addresses),
        ResponseCode::NoError => Nonsense::Refused("no address".to_owned()),
        other => Nonsense::Refused(other.to_str().to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use hickory_resolver::proto::op::OpCode;
    use hickory_resolver::proto::rr::Record;
    use hickory_resolver::proto::rr::rdata::A;

    use super::*;

    fn answered(code: ResponseCode, addresses: &[&str]) -> (Vec<u8>, Name) {
        let (question, name) = question().unwrap();
        let mut answer = Message::response(7, OpCode::Query);
        answer.metadata.response_code = code;
        answer.add_queries(question.queries);
        for address in addresses {
            answer.add_answer(Record::from_rdata(name.clone(), 60, RData::A(A(address.parse().unwrap()))));
        }
        (answer.to_vec().unwrap(), name)
    }

    #[test]
    fn answers_of_every_kind() {
        for (code, addresses, expected) in [
            (ResponseCode::NXDomain, &[][..], Nonsense::NoSuchName),
            (
                ResponseCode::NoError,
                &["203.0.113.9", "203.0.113.8", "203.0.113.9"][..],
                Nonsense::Addresses(vec!["203.0.113.8".parse().unwrap(), "203.0.113.9".parse().unwrap()]),
            ),
            (ResponseCode::NoError, &[][..], Nonsense::Refused("no address".into())),
            (ResponseCode::ServFail, &[][..], Nonsense::Refused("Server Failure".into())),
        ] {
            let (bytes, name) = answered(code, addresses);
            assert_eq!(parse(&bytes, 7, &name), Some(expected));
        }
    }

    #[test]
    fn answers_to_other_questions_are_passed_by() {
        let (bytes, name) = answered(ResponseCode::NXDomain, &[]);
        assert_eq!(parse(&bytes, 8, &name), None);
        let (_, other) = question().unwrap();
        assert_eq!(parse(&bytes, 7, &other), None);
        assert_eq!(parse(&bytes[..20], 7, &name), None);
    }

    #[test]
    fn names_are_random_and_cannot_exist() {
        let (_, first) = question().unwrap();
        let (_, second) = question().unwrap();
        assert_ne!(first, second);
        assert!(first.to_ascii().ends_with(".invalid."));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_borne(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..600)) {
            let (_, name) = question().unwrap();
            parse(&bytes, 7, &name);
        }
    }
}
