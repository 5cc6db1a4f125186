//! Links as they come and go.

use std::collections::BTreeSet;

use super::super::netlink::{Door, Events, NETLINK_ROUTE, Refusal};
use crate::facts::link::Interface;
use crate::facts::{Reason, Thing};

/// `RTMGRP_LINK`, `RTMGRP_IPV4_ROUTE`, `RTMGRP_IPV6_ROUTE`: a default route decides whether a virtual link matters.
const GROUPS: u32 = 0x1 | 0x40 | 0x400;

/// Tells when links or routes change, and how they are now.
pub struct Follower {
    door: Door,
    events: Events,
    overruns: u64,
}

/// How links are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// Every interface, ordered by index; without addresses.
    pub interfaces: Vec<Interface>,
    /// Indexes of those by which default routes lead out.
    pub outward: BTreeSet<u32>,
}

impl Follower {
    /// Subscribes. No right is needed, then or later.
    ///
    /// # Errors
    /// A [`Reason`] when the kernel refuses.
    pub fn open() -> Result<Self, Reason> {
        let open =
            || Ok(Self { door: Door::open(NETLINK_ROUTE)?, events: Events::open(NETLINK_ROUTE, GROUPS)?, overruns: 0 });
        open().map_err(|refusal: Refusal| refusal.reason(Thing::Netlink))
    }

    /// Waits until something changed. May be given up at any time without losing a change.
    ///
    /// # Errors
    /// A [`Reason`] when the kernel will not tell.
    pub async fn changed(&mut self) -> Result<(), Reason> {
        let whole = self.events.changed().await.map_err(|refusal| refusal.reason(Thing::Netlink))?;
        self.overruns += u64::from(!whole);
        Ok(())
    }

    /// Reads all links anew. What came before is answered by it.
    ///
    /// # Errors
    /// A [`Reason`] when the kernel refuses.
    pub async fn list(&mut self) -> Result<Now, Reason> {
        self.overruns += self.events.forget();
        let failed = |refusal: Refusal| refusal.reason(Thing::Netlink);
        let interfaces = super::bare(&mut self.door).await.map_err(failed)?;
        let outward = super::super::routes::outward(&mut self.door).await.map_err(failed)?;
        Ok(Now { interfaces, outward })
    }

    /// How often word of changes was lost.
    pub const fn overruns(&self) -> u64 {
        self.overruns
    }
}
