//! Outgoing IPsec policies (`include/uapi/linux/xfrm.h`). Needs the right to administer the network.
//!
//! Policies only: the associations hold keys and are never asked for.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::facts::vpn::IpsecPolicy;
use crate::facts::{Observed, Thing};
use crate::sources::netlink::{DUMP, Door, NETLINK_XFRM, Refusal, address, attribute, u16_of, u32_of};

const XFRM_MSG_GETPOLICY: u16 = 21;
/// `sizeof(struct xfrm_userpolicy_id)`.
const POLICY_ID: usize = 64;
/// At most so many policies are kept.
const MOST: usize = 64;

/// Reads them.
pub(super) async fn look() -> Observed<Vec<IpsecPolicy>> {
    match read().await {
        Ok(policies) => Observed::Known(policies),
        Err(refusal) => Observed::Unknown(refusal.reason(Thing::XfrmPolicies)),
    }
}

async fn read() -> Result<Vec<IpsecPolicy>, Refusal> {
    let mut door = Door::open(NETLINK_XFRM)?;
    let answer = door.ask(XFRM_MSG_GETPOLICY, DUMP, &[0; POLICY_ID]).await?;
    Ok(answer.messages.iter().filter_map(|message| parse(&message.body)).take(MOST).collect())
}

/// Reads an `xfrm_userpolicy_info` and its templates; `None` unless the policy is for outgoing packets.
fn parse(body: &[u8]) -> Option<IpsecPolicy> {
    const XFRM_POLICY_OUT: u8 = 1;
    const XFRM_POLICY_BLOCK: u8 = 1;
    const XFRM_MODE_TUNNEL: u8 = 1;
    const XFRMA_TMPL: u16 = 5;
    const XFRMA_IF_ID: u16 = 31;
    let at = |offset: usize| body.get(offset).copied();
    if at(160)? != XFRM_POLICY_OUT {
        return None;
    }
    let family = u16_of(body.get(40..)?)?;
    let net = |offset: usize, length: u8| IpNet::new(xfrm_address(body.get(offset..)?, family)?, length).ok();
    let ports = u32_of(body.get(32..)?)? != 0 || u32_of(body.get(36..)?)? != 0;
    let rest = body.get(168..)?;
    let template = attribute(rest, XFRMA_TMPL);
    let endpoint = || {
        let template = template?;
        xfrm_address(template, u16_of(template.get(24..)?)?).filter(|address| !address.is_unspecified())
    };
    Some(IpsecPolicy {
        source: net(16, at(43)?)?,
        destination: net(0, at(42)?)?,
        tunnel: template.and_then(|template| template.get(48)) == Some(&XFRM_MODE_TUNNEL),
        block: at(161)? == XFRM_POLICY_BLOCK,
        selective: ports || at(44)? != 0,
        endpoint: endpoint(),
        interface_id: attribute(rest, XFRMA_IF_ID).and_then(u32_of).unwrap_or_default(),
    })
}

/// An `xfrm_address_t`: sixteen octets, the first four for IPv4.
fn xfrm_address(bytes: &[u8], family: u16) -> Option<IpAddr> {
    match family {
        2 => address(bytes.get(..4)?),
        10 => address(bytes.get(..16)?),
        _ => None,
    }
}

#[cfg(test)]
#[cfg(target_endian = "little")]
mod tests {
    use super::*;
    use crate::sources::netlink::{POLICY_ROUTING, recorded};
    use proptest::prelude::*;

    #[test]
    fn a_recorded_policy_is_read() {
        let policies: Vec<_> = recorded(POLICY_ROUTING, "policy").iter().filter_map(|body| parse(body)).collect();
        let wanted = IpsecPolicy {
            source: "192.168.1.23/32".parse().unwrap(),
            destination: "9.0.0.0/8".parse().unwrap(),
            tunnel: true,
            block: false,
            selective: false,
            endpoint: Some("203.0.113.10".parse().unwrap()),
            interface_id: 0,
        };
        assert_eq!(policies, [wanted]);
    }

    proptest! {
        #[test]
        fn noise_is_no_policy(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut bytes = bytes;
            if let Some(direction) = bytes.get_mut(160) {
                *direction = 1;
            }
            let _ = parse(&bytes);
        }
    }
}
