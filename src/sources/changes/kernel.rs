//! The kernel's own news, by netlink's multicast groups.
//! Numbers: Linux `include/uapi/linux/{rtnetlink,nl80211}.h`.

use tokio::sync::mpsc::Sender;

use super::{Change, Patience, say};
use crate::sources::netlink::{self, Door, Events, NETLINK_GENERIC, NETLINK_ROUTE};

/// `RTMGRP_LINK`, `IPV4_IFADDR`, `IPV4_ROUTE`, `IPV4_RULE`, `IPV6_IFADDR`, `IPV6_ROUTE`, and group 19, `RTNLGRP_IPV6_RULE`.
/// Neighbours are left out: their table is busy, and the router's is read at each look.
const GROUPS: u32 = 0x1 | 0x10 | 0x40 | 0x80 | 0x100 | 0x400 | 0x4_0000;

/// `RTM_NEWLINK`, and the attribute that marks the old wireless interface's chatter (`IFLA_WIRELESS`): each scan makes one.
const NEW_LINK: u16 = 16;
const WIRELESS: u16 = 11;
/// `struct ifinfomsg`.
const LINK_HEADER: usize = 16;

/// Of nl80211's group `mlme`: associate, deauthenticate, disassociate, connect, roam, disconnect, port authorised.
const COMMANDS: [u8; 7] = [38, 39, 40, 46, 47, 48, 125];

/// Links, addresses, routes, rules.
pub(super) async fn network(tell: Sender<Change>) {
    let mut patience = Patience::new();
    loop {
        if let Ok(mut events) = Events::open(NETLINK_ROUTE, GROUPS) {
            while let Ok(whole) = events.changed().await {
                // What did not fit into the socket's buffer was news, too.
                if !whole || events.messages().any(|(kind, body)| is_news(kind, body)) {
                    say(&tell, Change::Network);
                }
            }
        }
        patience.wait().await;
    }
}

fn is_news(kind: u16, body: &[u8]) -> bool {
    let chatter = || netlink::attribute(body.get(LINK_HEADER..).unwrap_or_default(), WIRELESS).is_some();
    kind != NEW_LINK || !chatter()
}

/// Associations. On a machine without Wi-Fi the kernel may not know nl80211 yet: it is asked again, seldom.
pub(super) async fn wifi(tell: Sender<Change>) {
    let mut patience = Patience::new();
    loop {
        if let Some(mut events) = mlme().await {
            while let Ok(whole) = events.changed().await {
                if !whole
                    || events.messages().any(|(_, body)| body.first().is_some_and(|command| COMMANDS.contains(command)))
                {
                    say(&tell, Change::Wifi);
                }
            }
        }
        patience.wait().await;
    }
}

async fn mlme() -> Option<Events> {
    let group = Door::open(NETLINK_GENERIC).ok()?.group("nl80211", "mlme").await.ok()?;
    let mut events = Events::open(NETLINK_GENERIC, 0).ok()?;
    events.join(group).ok()?;
    Some(events)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A link message with one attribute.
    fn link(attribute: u16) -> Vec<u8> {
        let mut body = vec![0; LINK_HEADER];
        netlink::put(&mut body, attribute, &[1, 2, 3, 4]);
        body
    }

    #[test]
    fn a_scan_is_no_news_and_a_link_is() {
        assert!(!is_news(NEW_LINK, &link(WIRELESS)));
        assert!(is_news(NEW_LINK, &link(3)));
        assert!(is_news(17, &link(WIRELESS)), "a link that went");
        assert!(is_news(24, &[]), "a route");
        assert!(is_news(NEW_LINK, &[1]), "cut off: look rather than miss it");
    }
}
