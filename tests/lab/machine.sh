# The words a scene of the whole machine builds its world with, beside those of words.sh and tunnels.sh. This machine
# is the guest's first namespace, where systemd, NetworkManager and systemd-resolved run; `net` is the world beyond it,
# and `shelf` keeps the radios that a scene has not taken. NetworkManager is started when the world stands
# (networkmanager). Every program costs a twentieth of a second here: words use as few as they can.

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
    # The two ends of the real cable (socket).
    modprobe virtio_net
    away
}

# away: the ends of the real cable go to the shelf.
away() {
    local link
    for link in /sys/class/net/*/device/driver; do
        case $(readlink "$link") in *virtio_net) link=${link%/device/*}; ip link set "${link##*/}" netns shelf ;; esac
    done
}

# socket NAME: a real network socket, as interface NAME, where NetworkManager is to bring it up, and a cable to the world
# (`port-NAME`).
socket() {
    local _ name rest
    beyond
    while read -r _ name rest; do
        name=${name%:}
        case $rest in
            *02:00:00:00:50:01*) ip -n shelf link set "$name" netns 1 name "$1" ;;
            *02:00:00:00:50:02*) ip -n shelf link set "$name" netns net name "port-$1" ;;
        esac
    done < <(ip -n shelf -o link)
    ip -n net link set "port-$1" up
    echo "port-$1" > /run/radios/socket
}

# fresh: the machine as it was when nothing had been plugged in: no links, no profiles, no leases.
fresh() {
    local number links=()
    systemctl stop NetworkManager wpa_supplicant 'openvpn-client@*' 'homeward-sensor*'
    while read -r number; do ip netns exec net iw phy "phy$number" set netns name shelf; done < /run/radios/taken
    : > /run/radios/taken
    if [ -e /sys/class/net/wlan0 ]; then
        # The kernel forgets the networks it heard.
        ip link set wlan0 up
        iw dev wlan0 scan freq 2412 flush > /dev/null
        iw phy phy1 set netns name shelf
    fi
    if [ -e /run/radios/socket ]; then
        ip -n net link set "$(< /run/radios/socket)" netns shelf
        away
        rm /run/radios/socket
    fi
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
        /etc/NetworkManager/conf.d/* /etc/openvpn/client/* /etc/resolv.conf /etc/ssl/certs/ca-certificates.crt /run/systemd/resolve/netif/*
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

# the_program FILE: it lies in the guest's memory already.
the_program() { ln -s /usr/local/bin/homeward /usr/local/bin/homeward-sensor /run/lab/; }

# beyond: the namespace beyond the cable and the air.
beyond() { [ -e /run/netns/net ] || { ip netns add net; ip -n net link set lo up; in_net sysctl -qw net.ipv4.ip_forward=1; }; }

# cable NAME: a veth pair from this machine (NAME), where NetworkManager is to bring it up, to the world (`port-NAME`).
cable() {
    beyond
    ip link add "$1" type veth peer name "port-$1" netns net
    ip -n net link set "port-$1" up
}

# access_point NAME LINES: hostapd on a radio of its own, as interface NAME beyond the air. LINES are hostapd.conf's;
# channel 1 unless they say otherwise.
access_point() {
    beyond
    radio "$1" net
    # An address of its own: the kernel remembers for a while what an earlier scene's access point said from the same one.
    printf 'interface=%s\ndriver=nl80211\nhw_mode=g\nchannel=1\nbssid=02:00:5e:00:%02x:%02x\n%s\n' \
        "$1" $((RANDOM % 256)) $((RANDOM % 256)) "$2" > "/run/lab/hostapd-$1.conf"
    in_net hostapd -B -t -f "/run/lab/hostapd-$1.log" "/run/lab/hostapd-$1.conf" > /dev/null
}

# home_point [LINES]: the home's access point `home`, WPA2 unless the lines say otherwise, and this machine's radio.
home_point() {
    access_point home "$(printf 'ssid=family\nrsn_pairwise=CCMP\n%s' "${1:-
wpa=2
wpa_key_mgmt=WPA-PSK
wpa_passphrase=correct horse battery}")"
    radio wlan0
}

# profile NAME LINES: a saved connection of NetworkManager, as a keyfile. LINES go on from [connection].
profile() {
    (umask 077; printf '[connection]\nid=%s\n%s\n' "$1" "$2" > "/etc/NetworkManager/system-connections/$1.nmconnection")
}

# wifi NAME [LINES]: a saved Wi-Fi network of that name. LINES go on from [wifi].
wifi() { profile "$1" "$(printf 'type=wifi\n[wifi]\nssid=%s\n%s' "$1" "${2:-}")"; }

# wifi_password NAME [KEY-MANAGEMENT [LINES]]: a saved network with this password.
wifi_password() {
    wifi "$1" "$(printf '%s\n[wifi-security]\nkey-mgmt=%s\npsk=correct horse battery' "${3:-}" "${2:-wpa-psk}")"
}

# networkmanager NAME…: starts it and waits until it is at rest and these of its connections are up.
networkmanager() {
    local name tries=60
    printf '[connectivity]\nuri=http://nmcheck.gnome.org/check_network_status.txt\n' > /etc/NetworkManager/conf.d/lab.conf
    systemctl start NetworkManager
    nm-online -q -s -t 40 || { nmcli device >&2; return 1; }
    for name; do
        until told NAME "$name" connection show --active 2> /run/lab/untold; do
            tries=$((tries - 1))
            [ "$tries" -gt 0 ] || { cat /run/lab/untold >&2; return 1; }
            sleep 0.5
        done
    done
}

# served LINK [OPTION…]: the router of this link, 192.168.1.1: addresses by DHCP, names, an Internet as it should be.
served() {
    printf '%s\n' "addr add 192.168.1.1/24 dev $1" "link set $1 up" | ip -n net -batch -; shift
    good_internet --dhcp-range=192.168.1.50,192.168.1.99,1h --dhcp-authoritative "$@"
}

# wired_home [OPTION…]: a cable to a home's router, with these options of dnsmasq.
wired_home() { cable eth0; served port-eth0 "$@"; }

# wireguard_server: the company's WireGuard beyond the cable, at 203.0.113.10:51820, with 10.66.0.1 inside, which also
# answers names.
wireguard_server() {
    local end
    for end in here there; do
        (umask 077; wg genkey > /run/lab/$end.key)
        wg pubkey < /run/lab/$end.key > /run/lab/$end.pub
    done
    in_net wg set "$(ip -n net link add wgs type wireguard; echo wgs)" listen-port 51820 private-key /run/lab/there.key \
        peer "$(< /run/lab/here.pub)" allowed-ips 10.66.0.5/32,fd66::5/128
    printf '%s\n' 'addr add 203.0.113.10/32 dev lo' 'addr add 10.66.0.1/24 dev wgs' 'addr add fd66::1/64 dev wgs nodad' \
        'link set wgs up' | ip -n net -batch -
}

# wireguard NAME ALLOWED [IPV4-LINES [IPV6-LINES]]: NetworkManager's profile of that WireGuard, as link wg0.
wireguard() {
    profile "$1" "type=wireguard
interface-name=wg0
[wireguard]
private-key=$(< /run/lab/here.key)
[wireguard-peer.$(< /run/lab/there.pub)]
endpoint=203.0.113.10:51820
allowed-ips=$2
[ipv4]
method=manual
address1=10.66.0.5/32
${3:-}
[ipv6]
${4:-method=manual
address1=fd66::5/128}"
}

# resolved LINES: systemd-resolved with these lines in its [Resolve].
resolved() {
    mkdir -p /etc/systemd/resolved.conf.d
    printf '[Resolve]\n%s\n' "$1" > /etc/systemd/resolved.conf.d/lab.conf
    systemctl restart systemd-resolved
}

# told FIELDS VALUE nmcli-WORD…: the witness: NetworkManager's own word.
told() {
    local said
    said=$'\n'$(nmcli -g "$1" "${@:3}")$'\n'
    [[ $said == *$'\n'"$2"$'\n'* ]] || { echo "witness: NetworkManager does not say $2:$said" >&2; return 1; }
}

# asks LINK SERVER…: the witness: systemd-resolved's servers of this link are these and no others.
asks() {
    local said
    said=$(resolvectl dns "$1")
    [[ $said == *"):${2:+ }${*:2}" ]] || { echo "witness: systemd-resolved does not say ${*:2}: $said" >&2; return 1; }
}

# packaged_sensor: the sensor as a package installs it, by its own units and its own user, started by systemd. Who looks as a
# user has a session at this machine.
packaged_sensor() {
    mkdir -p /run/systemd/users /usr/lib/sysusers.d
    printf 'STATE=active\nACTIVE_SEATS=seat0\n' > "/run/systemd/users/${1:-65534}"
    cp /lab/homeward-sensor /usr/bin/
    cp /lab/homeward-sensor.service /lab/homeward-sensor.socket /usr/lib/systemd/system/
    cp /lab/homeward-sensor.sysusers /usr/lib/sysusers.d/homeward-sensor.conf
    systemd-sysusers
    systemctl daemon-reload
    systemctl start homeward-sensor.socket
    systemctl start homeward-sensor.service
}
