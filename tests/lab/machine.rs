//! The whole machine: a Debian with systemd, NetworkManager and systemd-resolved, booted for real.
//!
//! Its root is made by debootstrap under `target/lab-cache/`, once for each list of packages. All scenes of a boot
//! share its first namespace; between them the services are stopped and everything they could remember is thrown away.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use super::guest::Guest;
use super::scene::Staged;
use super::vm::run;

/// What is installed beside Debian's own minimum.
const PACKAGES: &str = "systemd,systemd-sysv,dbus,dbus-user-session,udev,iproute2,network-manager,\
    network-manager-openvpn,wpasupplicant,hostapd,iw,systemd-resolved,libnss-resolve,wireguard-tools,openvpn,\
    dnsmasq-base,nginx-light,unbound,tcpdump,kmod,procps,polkitd,curl,nftables,iputils-ping,bind9-dnsutils,openssl,\
    bc,socat,isc-dhcp-client";

/// Plays these scenes in one boot.
pub(crate) fn play(here: &Path, name: &str, scenes: &[&Staged]) -> Result<(), String> {
    let root = debian(&here.join("target/lab-cache"))?;
    Guest {
        name,
        root: &root,
        init: "/lab/guest",
        words: &["words.sh", "tunnels.sh", "machine.sh"],
        prologue: PROLOGUE,
        memory: 1200,
        limit: Duration::from_secs(900),
    }
    .play(here, scenes)
}

/// The folder that holds the installed Debian.
fn debian(cache: &Path) -> Result<PathBuf, String> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _mine = ONE_AT_A_TIME.lock();
    let (root, made, ready) = (cache.join("debian"), cache.join("debian.new"), cache.join("debian-ready"));
    if std::fs::read_to_string(&ready).is_ok_and(|text| text == PACKAGES) {
        return Ok(root);
    }
    let kept = |error: std::io::Error| error.to_string();
    for old in [&root, &made] {
        if old.exists() {
            std::fs::remove_dir_all(old).map_err(kept)?;
        }
    }
    std::fs::create_dir_all(cache).map_err(kept)?;
    run(Command::new("debootstrap").args(["--variant=minbase", "--include", PACKAGES, "bookworm"]).arg(&made))
        .map_err(|trouble| format!("not run: debootstrap could not install Debian: {trouble}"))?;
    std::fs::rename(&made, &root).map_err(kept)?;
    std::fs::write(&ready, PACKAGES).map_err(kept)?;
    Ok(root)
}

/// The guest's script. It is the first program, which prepares the root and hands over to systemd; and later the
/// only service of the laboratory, which plays the scenes.
const PROLOGUE: &str = r#"#!/bin/bash
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
if [ $$ = 1 ]; then
    . /lab/machine.sh
    prepare_root
    exec /lib/systemd/systemd
fi
. /lab/machine.sh
set +eu
prepare_radios
modprobe -a veth wireguard tun nf_tables
cp /lab/homeward /lab/homeward-sensor /usr/local/bin/
scene() {
    local began=$(date +%s.%N)
    fresh > "$1/fresh.log" 2>&1
    systemd-run --quiet --wait --collect --unit=scene -p RuntimeMaxSec=240 -p KillSignal=SIGKILL \
        -p StandardOutput="file:$1/world.log" -p StandardError="file:$1/world.log" bash "$1/script.sh"
    echo "$(date +%s.%N) - $began" | bc > "$1/scene-seconds"
    keep_journal "$1"
    echo "scene $1: $(cat "$1/scene-seconds") s"
}
"#;
