//! The radio laboratory: simulated radios (mac80211_hwsim) with real access points and a real supplicant, and
//! tunnels that need kernel modules. The guest's root is this machine's own, read-only.

use std::path::Path;
use std::time::Duration;

use super::guest::Guest;
use super::scene::Staged;

/// Plays these scenes in one boot.
pub(crate) fn play(here: &Path, name: &str, scenes: &[&Staged]) -> Result<(), String> {
    Guest {
        name,
        root: Path::new("/"),
        init: "/lab/guest",
        words: &["world.sh", "words.sh", "tunnels.sh", "radio.sh"],
        prologue: PROLOGUE,
        memory: 1200,
        limit: Duration::from_secs(900),
    }
    .play(here, scenes)
}

/// The guest's first program. Each scene gets namespaces of its own; when they end, its radios come back.
const PROLOGUE: &str = r#"#!/bin/bash
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
mkdir -p /dev/pts /dev/shm; mount -t devpts devpts /dev/pts
ln -sfn /proc/self/fd /dev/fd
touch /mnt/init-net; mount --bind /proc/self/ns/net /mnt/init-net
mkdir /mnt/init-sys; mount --bind /sys /mnt/init-sys
cp /lab/homeward /lab/homeward-sensor /tmp/; chmod 755 /tmp /tmp/homeward*
umask 077; mkdir /tmp/keys
for end in here there other; do wg genkey > /tmp/keys/$end.key; wg pubkey < /tmp/keys/$end.key > /tmp/keys/$end.pub; done
umask 022
ip link set lo up
modprobe mac80211_hwsim radios=8
modprobe -a virtio_net veth tun dummy wireguard bridge nf_tables
scene() {
    local began=${EPOCHREALTIME/./}
    timeout --kill-after=2 150 unshare --net --mount --pid --fork --mount-proc --kill-child bash "$1/script.sh" \
        > "$1/world.log" 2>&1 < /dev/null
    began=$((${EPOCHREALTIME/./} - began))
    printf '%d.%06d\n' $((began / 1000000)) $((began % 1000000)) > "$1/scene-seconds"
    echo "scene $1: $(< "$1/scene-seconds") s"
}
"#;
