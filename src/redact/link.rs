//! Interfaces and Wi-Fi.

use super::Redactor;
use crate::facts::link::{Address, Interface, Links, Neighbour};
use crate::facts::profiles::Enterprise;
use crate::facts::wifi::{Association, Bss, Negotiated, OweTransition, Wifi, Wps};

impl Redactor {
    pub(super) fn links(&self, links: &Links) -> Links {
        let Links { interfaces, routers } = links;
        Links {
            interfaces: interfaces.iter().map(|interface| self.link(interface)).collect(),
            routers: routers
                .iter()
                .map(|Neighbour { interface, address, mac }| Neighbour {
                    interface: self.interface(interface),
                    address: self.address(*address),
                    mac: self.mac_option(mac.as_ref()),
                })
                .collect(),
        }
    }

    fn link(&self, link: &Interface) -> Interface {
        let Interface {
            index,
            name,
            kind,
            tun_mode,
            medium,
            up,
            carrier,
            mac,
            addresses,
            master,
            lower,
            driver,
            hardware,
            rx_bytes,
            tx_bytes,
        } = link;
        Interface {
            index: *index,
            name: self.interface(name),
            kind: kind.as_ref().map(|kind| self.word(kind)),
            tun_mode: *tun_mode,
            medium: *medium,
            up: *up,
            carrier: *carrier,
            mac: self.mac_option(mac.as_ref()),
            addresses: addresses
                .iter()
                .map(|Address { net, scope, peer }| Address {
                    net: self.own_net(*net),
                    scope: *scope,
                    peer: peer.map(|peer| self.address(peer)),
                })
                .collect(),
            master: *master,
            lower: lower.clone(),
            driver: driver.as_ref().map(|driver| self.word(driver)),
            hardware: *hardware,
            rx_bytes: *rx_bytes,
            tx_bytes: *tx_bytes,
        }
    }

    pub(super) fn wifi(&self, wifi: &Wifi) -> Wifi {
        let Wifi { interface, mode, association, same_name, others } = wifi;
        Wifi {
            interface: self.interface(interface),
            mode: *mode,
            association: association.as_ref().map(|association| self.association(association)),
            same_name: same_name.iter().map(|bss| self.bss(bss)).collect(),
            others: others.iter().map(|wifi| self.wifi(wifi)).collect(),
        }
    }

    fn association(&self, association: &Association) -> Association {
        let Association { bss, negotiated, configured, verification, management_protected, authorized } = association;
        Association {
            bss: self.bss(bss),
            negotiated: self.observed(negotiated, Self::negotiated),
            configured: self.observed(configured, |me, word| me.word(word)),
            verification: self.observed(verification, Self::enterprise),
            management_protected: self.observed(management_protected, |_, protected| *protected),
            authorized: self.observed(authorized, |_, authorized| *authorized),
        }
    }

    pub(super) fn negotiated(&self, negotiated: &Negotiated) -> Negotiated {
        let Negotiated { akm, pairwise, group, source } = negotiated;
        Negotiated { akm: *akm, pairwise: *pairwise, group: *group, source: self.word(source) }
    }

    pub(super) fn enterprise(&self, enterprise: &Enterprise) -> Enterprise {
        let Enterprise { methods, ca_certificate, system_ca, name_checked } = enterprise;
        Enterprise {
            methods: self.words(methods),
            ca_certificate: *ca_certificate,
            system_ca: *system_ca,
            name_checked: *name_checked,
        }
    }

    pub(super) fn bss(&self, bss: &Bss) -> Bss {
        let Bss {
            ssid,
            bssid,
            frequency,
            privacy,
            wpa,
            rsn,
            rsn_overrides,
            rsn_malformed,
            rsnx,
            wps,
            owe_transition,
            interworking,
            hotspot20,
            osen,
            multi_ap,
            mobility_domain,
            wapi,
            stations,
        } = bss;
        Bss {
            ssid: self.ssid(ssid),
            bssid: self.mac(bssid),
            frequency: *frequency,
            privacy: *privacy,
            wpa: wpa.clone(),
            rsn: rsn.clone(),
            rsn_overrides: rsn_overrides.clone(),
            rsn_malformed: *rsn_malformed,
            rsnx: *rsnx,
            wps: wps.as_ref().map(|wps| self.wps(wps)),
            owe_transition: owe_transition
                .as_ref()
                .map(|OweTransition { bssid, ssid }| OweTransition { bssid: self.mac(bssid), ssid: self.ssid(ssid) }),
            interworking: *interworking,
            hotspot20: *hotspot20,
            osen: *osen,
            multi_ap: *multi_ap,
            mobility_domain: *mobility_domain,
            wapi: *wapi,
            stations: *stations,
        }
    }

    fn wps(&self, wps: &Wps) -> Wps {
        let Wps { configured, locked, methods, registrar_selected, password_id, manufacturer, model } = wps;
        Wps {
            configured: *configured,
            locked: *locked,
            methods: *methods,
            registrar_selected: *registrar_selected,
            password_id: *password_id,
            manufacturer: manufacturer.as_ref().map(|text| self.name("maker", text)),
            model: model.as_ref().map(|text| self.name("model", text)),
        }
    }
}
