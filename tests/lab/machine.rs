//! The full machine: a Debian with systemd, NetworkManager, systemd-resolved and a radio, where services and D-Bus
//! are real. Its root is made once by debootstrap and lies in the cache; nothing a boot does lasts.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::guest::Guest;
use super::scene::Staged;
use super::vm::run;

/// What the machine has beyond a minimal Debian 12.
const PACKAGES: &str = "systemd,systemd-sysv,dbus,dbus-user-session,udev,iproute2,network-manager,wpasupplicant,hostapd,iw,\
    systemd-resolved,libnss-resolve,wireguard-tools,openvpn,strongswan,strongswan-swanctl,libcharon-extra-plugins,dnsmasq,\
    nginx-light,tcpdump,kmod,procps,polkitd,nftables,iputils-ping,bc,socat,openssl,isc-dhcp-client";

/// Plays these scenes in one boot.
pub(crate) fn play(here: &Path, scenes: &[&Staged]) -> Result<(), String> {
    let root = prepare(&here.join("target/lab-cache"))?;
    Guest {
        name: "machine-boot",
        root: &root,
        init: "/lib/systemd/systemd",
        words: &["machine.sh", "words.sh", "radio.sh"],
        prologue: PROLOGUE,
        memory: 1500,
        limit: Duration::from_secs(1200),
    }
    .play(here, scenes)
}

/// Makes the root once. The mirror is the one apt on this machine uses.
fn prepare(cache: &Path) -> Result<PathBuf, String> {
    let root = cache.join("debian");
    let done = cache.join("debian-ready");
    if done.exists() && std::fs::read_to_string(&done).is_ok_and(|made| made == PACKAGES) {
        return Ok(root);
    }
    std::fs::create_dir_all(cache).map_err(|error| error.to_string())?;
    let _ = std::fs::remove_dir_all(&root);
    let script = format!(
        "mirror=$(apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' | sed -n 's/ bookworm$//p' | head -1)\n\
         [ -n \"$mirror\" ] || {{ echo 'apt knows no mirror of bookworm' >&2; exit 1; }}\n\
         debootstrap --variant=minbase --include={PACKAGES} bookworm '{root}' \"$mirror\"\n\
         cd '{root}'\n\
         ln -sf ../run/systemd/resolve/stub-resolv.conf etc/resolv.conf\n\
         echo lab > etc/hostname\n\
         for unit in serial-getty@ttyS0.service getty@tty1.service apt-daily.timer apt-daily-upgrade.timer dnsmasq.service nginx.service \
             hostapd.service wpa_supplicant@.service openvpn.service strongswan-starter.service e2scrub_all.timer \
             systemd-networkd-wait-online.service NetworkManager-wait-online.service; do\n\
           ln -sf /dev/null etc/systemd/system/$unit\n\
         done\n\
         mkdir -p etc/systemd/system/multi-user.target.wants\n\
         printf '[Unit]\\nAfter=NetworkManager.service systemd-resolved.service dbus.service\\n[Service]\\nType=oneshot\\nExecStart=/lab/guest\\nStandardOutput=file:/dev/ttyS0\\nStandardError=inherit\\n' > etc/systemd/system/lab.service\n\
         ln -sf ../lab.service etc/systemd/system/multi-user.target.wants/lab.service\n\
         printf '[keyfile]\\nunmanaged-devices=interface-name:wlan1;interface-name:wlan2;interface-name:port-*;interface-name:hwsim0\\n[connectivity]\\nenabled=false\\n' > etc/NetworkManager/conf.d/lab.conf\n\
         useradd --root '{root}' -m -u 1000 worker 2>/dev/null || chroot . useradd -m -u 1000 worker",
        root = root.display(),
    );
    run(Command::new("bash").args(["-euo", "pipefail", "-c", &script]))?;
    std::fs::write(&done, PACKAGES).map_err(|error| error.to_string())?;
    Ok(root)
}

/// What the lab's unit does. The scenes share one system, one after another; `machine.sh` tidies up before each.
const PROLOGUE: &str = r#"#!/bin/bash
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
touch /mnt/init-net; mount --bind /proc/self/ns/net /mnt/init-net
modprobe mac80211_hwsim radios=3
modprobe -a veth tun dummy wireguard bridge nf_tables
for i in $(seq 100); do nmcli -t general status >/dev/null 2>&1 && break; sleep 0.2; done
scene() {
    local began=$(date +%s.%N)
    timeout --kill-after=2 120 bash "$1/script.sh" > "$1/world.log" 2>&1 < /dev/null
    echo "$(date +%s.%N) - $began" | bc > "$1/scene-seconds"
    echo "scene $1: $(cat "$1/scene-seconds") s"
}
"#;
