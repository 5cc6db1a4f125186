//! Which interface carries, or carries beneath the VPN, this machine's traffic.

use crate::facts::link::Interface;
use crate::facts::routes::{Answer, Purpose};
use crate::facts::{Facts, Missing};

/// The outward interface: the one the kernel sends public packets by once any tunnel is looked
/// beneath. `Ok(None)` when there is none (offline).
///
/// # Errors
/// [`Missing`] when links or routes could not be read.
pub fn outward(facts: &Facts) -> Result<Option<&Interface>, Missing> {
    let links = facts.link.get()?;
    let routes = facts.routes.get()?;
    // Ordinary look-ups first, then what tunnels' own packets do, then any default route: the
    // first outward interface is the answer.
    let asked = |wanted: fn(&Purpose) -> bool| {
        routes.lookups.iter().filter(move |lookup| wanted(&lookup.purpose)).filter_map(|lookup| match &lookup.answer {
            Answer::Via(way) => links.named(&way.interface),
            Answer::Blocked | Answer::NoRoute | Answer::Error(_) => None,
        })
    };
    let mut defaults: Vec<_> = routes.defaults.iter().collect();
    defaults.sort_by_key(|route| (!matches!(route.prefix, ipnet::IpNet::V4(_)), route.metric));
    Ok(asked(|purpose| matches!(purpose, Purpose::Endpoint { .. } | Purpose::Beneath))
        .chain(asked(|purpose| matches!(purpose, Purpose::Public)))
        .chain(defaults.into_iter().filter_map(|route| links.named(&route.interface)))
        .find(|interface| interface.medium.is_outward()))
}
