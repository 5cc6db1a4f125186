# The words a scene of the whole machine builds its world with, beside those of words.sh and radio.sh. This machine is
# the guest's first namespace, where systemd, NetworkManager and systemd-resolved run; `net` is the world beyond it, and
# `shelf` keeps the radios that a scene has not taken. NetworkManager is started when the world stands (networkmanager).

set -eu
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8

# prepare_root: before systemd starts. What no scene needs is left out, for it would cost every boot seconds.
prepare_root() {
    local unit
    for unit in serial-getty@ttyS0 getty@tty1 hostapd nginx openvpn unbound wpa_supplicant systemd-logind \
        systemd-hostnamed NetworkManager-dispatcher NetworkManager-wait-online e2scrub_reap systemd-pstore \
        systemd-random-seed systemd-update-utmp systemd-update-utmp-runlevel systemd-journal-flush systemd-binfmt \
        systemd-modules-load systemd-remount-fs kmod-static-nodes modprobe@; do
        [ "$unit" = wpa_supplicant ] || ln -sf /dev/null "/etc/systemd/system/$unit.service"
    done
    for unit in timers.target dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount \
        sys-kernel-config.mount sys-fs-fuse-connections.mount; do
        ln -sf /dev/null "/etc/systemd/system/$unit"
    done
    # Started by a scene, and by NetworkManager.
    rm -f /etc/systemd/system/multi-user.target.wants/NetworkManager.service \
        /etc/systemd/system/multi-user.target.wants/wpa_supplicant.service
    touch /etc/.updated /var/.updated
    cat > /etc/systemd/system/lab.service <<'UNIT'
[Unit]
After=dbus.service systemd-resolved.service
[Service]
ExecStart=/lab/guest
StandardOutput=file:/dev/ttyS0
StandardError=inherit
UNIT
    ln -s ../lab.service /etc/systemd/system/multi-user.target.wants/
}

# prepare_radios: five of them, all on the shelf. Number 1 is this machine's own: its list of channels is the shortest
# (regtest=6), and NetworkManager listens on all of them before it joins anything.
prepare_radios() {
    local number
    modprobe mac80211_hwsim regtest=6 radios=5
    ip netns add shelf
    until [ -e /sys/class/ieee80211/phy4 ]; do sleep 0.1; done
    printf 'link set wlan0 name wlan5\nlink set wlan1 name wlan0\n' | ip -batch -
    mkdir -p /run/radios
    for number in 0 1 2 3 4; do
        iw phy "phy$number" set netns name shelf
        echo "wlan$number" > "/run/radios/$number"
    done
    echo wlan5 > /run/radios/0
    echo wlan0 > /run/radios/1
    : > /run/radios/taken
}

# fresh: the machine as it was when nothing had been plugged in: no links, no profiles, no leases.
fresh() {
    local number links=()
    systemctl stop NetworkManager wpa_supplicant 'openvpn-client@*'
    while read -r number; do ip netns exec net iw phy "phy$number" set netns name shelf; done < /run/radios/taken
    : > /run/radios/taken
    [ ! -e /sys/class/net/wlan0 ] || iw phy phy1 set netns name shelf
    [ ! -e /run/netns/net ] || ip netns del net
    for number in /sys/class/net/*; do
        case ${number##*/} in lo | hwsim0) ;; *) links+=("link del ${number##*/}") ;; esac
    done
    for number in -4 -6; do
        printf '%s\n' 'rule flush' 'rule add pref 32766 lookup main' 'rule add pref 32767 lookup default' "${links[@]}" \
            'link set lo up' | ip "$number" -force -batch - || true
        links=()
    done
    nft flush ruleset
    rm -rf /run/lab /run/NetworkManager /var/lib/NetworkManager/* /etc/NetworkManager/system-connections/* \
        /etc/NetworkManager/conf.d/* /etc/openvpn/client/* /etc/resolv.conf
    ln -s ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
    mkdir -p /run/lab /run/NetworkManager
    [ ! -e /etc/systemd/resolved.conf.d ] || { rm -rf /etc/systemd/resolved.conf.d; systemctl restart systemd-resolved; }
}

# keep_journal FOLDER: what the services said since the scene began.
keep_journal() {
    journalctl -b -q -o short-monotonic --cursor-file=/run/journal-cursor > "$1/journal.log" 2>&1
}

# radio NAME [NAMESPACE]: takes a radio from the shelf, as interface NAME: one for the namespace, or this machine's own,
# which NetworkManager finds as wlan0.
radio() {
    local number old
    if [ -z "${2:-}" ]; then
        ip netns exec shelf iw phy phy1 set netns 1
        return
    fi
    for number in 0 2 3 4; do grep -qx "$number" /run/radios/taken || break; done
    echo "$number" >> /run/radios/taken
    ip netns exec shelf iw phy "phy$number" set netns name "$2"
    read -r old < "/run/radios/$number"
    printf '%s\n' "link set $old name $1" "link set $1 up" | ip -n "$2" -batch -
    echo "$1" > "/run/radios/$number"
}

# profile NAME LINES: a saved connection of NetworkManager, as a keyfile.
profile() {
    (umask 077; printf '[connection]\nid=%s\n%s\n' "$1" "$2" > "/etc/NetworkManager/system-connections/$1.nmconnection")
}

# wifi NAME LINES: a saved Wi-Fi network of that name. LINES go on from [wifi].
wifi() { profile "$1" "$(printf 'type=wifi\n[wifi]\nssid=%s\n%s' "$1" "${2:-}")"; }

# wifi_password NAME KEY-MANAGEMENT [LINES]: a saved network with this password.
wifi_password() { wifi "$1" "$(printf '%s\n[wifi-security]\nkey-mgmt=%s\npsk=correct horse battery' "${3:-}" "$2")"; }

# networkmanager [LINES]: starts it, with these lines in its configuration, and waits until whatever joins by itself has.
networkmanager() {
    printf '[connectivity]\nuri=http://nmcheck.gnome.org/check_network_status.txt\n%s\n' "${1:-}" > /etc/NetworkManager/conf.d/lab.conf
    systemctl start NetworkManager
    nm-online -q -s -t 40 || { nmcli dev >&2; return 1; }
}

# served LINK [OPTION…]: the router of this link, 192.168.1.1: addresses by DHCP, names, an Internet as it should be.
served() {
    ip -n net addr add 192.168.1.1/24 dev "$1"; shift
    good_internet --dhcp-range=192.168.1.50,192.168.1.99,1h --dhcp-authoritative "$@"
}

# told FIELDS VALUE [nmcli words…]: the witness: NetworkManager's own word.
told() {
    local fields=$1 value=$2; shift 2
    nmcli -g "$fields" "$@" | grep -qxF -- "$value" || { nmcli -f "$fields" "$@" >&2; echo "witness: NetworkManager does not say $value" >&2; return 1; }
}
