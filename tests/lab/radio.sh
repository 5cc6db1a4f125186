# The words a radio scene builds its world with, beside those of world.sh. Runs in the guest, in namespaces of the
# scene's own: this machine's radio is in this namespace, the access points' radios are in namespace `net`.

# free_phy: the number of a radio that still waits in the guest's first namespace.
free_phy() { nsenter --net=/mnt/init-net iw dev | sed -n 's/^phy#//p' | sort -n | head -1; }

# radio NAME [NAMESPACE]: brings a free radio here, or into the namespace, as interface NAME.
radio() {
    local phy old space=${2:-}
    phy=$(free_phy); [ -n "$phy" ] || { echo "no radio is left" >&2; return 1; }
    if [ -z "$space" ]; then
        [ -e /run/netns/here ] || ip netns attach here $$
        space=here
    fi
    nsenter --net=/mnt/init-net iw "phy#$phy" set netns name "$space"
    old=$(ip netns exec "$space" iw dev | sed -n "/^phy#$phy\$/,/^phy/s/.*Interface //p" | head -1)
    ip netns exec "$space" ip link set "$old" down
    ip netns exec "$space" ip link set "$old" name "$1"
    ip netns exec "$space" ip link set "$1" up
}

# beyond: the namespace beyond the air, with a router's address.
beyond() {
    [ -e /run/netns/net ] || { ip netns add net; in_net ip link set lo up; in_net sysctl -qw net.ipv4.ip_forward=1; }
}

# access_point NAME LINES: hostapd on a radio of its own, as interface NAME beyond the air. LINES are hostapd.conf's;
# channel 1 unless they say otherwise. The router's address is 192.168.1.1/24 on the first one.
access_point() {
    beyond
    radio "$1" net
    printf 'interface=%s\ndriver=nl80211\nctrl_interface=/run/hostapd-%s\nhw_mode=g\nchannel=1\n%s\n' "$1" "$1" "$2" > "/run/lab/hostapd-$1.conf"
    in_net hostapd -B -t -f "/run/lab/hostapd-$1.log" "/run/lab/hostapd-$1.conf" > /dev/null
    wait_for "grep -q AP-ENABLED /run/lab/hostapd-$1.log"
}

# router ADDRESS/LEN NAME: the access point's own address.
router() { in_net ip addr add "$1" dev "$2"; }

# supplicant LINES: wpa_supplicant on this machine's radio wlan0, with these lines in its configuration.
supplicant() {
    [ -e /sys/class/net/wlan0 ] || radio wlan0
    printf 'ctrl_interface=DIR=/run/wpa_supplicant\nap_scan=1\n%s\n' "$1" > /run/lab/wpa_supplicant.conf
    wpa_supplicant -B -t -i wlan0 -D nl80211 -c /run/lab/wpa_supplicant.conf -f /run/lab/wpa_supplicant.log ${SUPPLICANT_OPTIONS:-} > /dev/null
}

# joined: waits until the supplicant says the association is complete.
joined() {
    local tries=150
    until wpa_cli -i wlan0 status 2>/dev/null | grep -q '^wpa_state=COMPLETED'; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || { wpa_cli -i wlan0 status >&2; tail -20 /run/lab/wpa_supplicant.log >&2; return 1; }
        sleep 0.1
    done
}

# addressed ADDRESS/LEN ROUTER: an address and a default route on wlan0 as DHCP would leave them.
addressed() {
    ip addr add "$1" dev wlan0
    ip route add default via "$2" dev wlan0 proto dhcp metric 600
}

# status KEY=VALUE…: the witness: the supplicant's own words.
status() {
    local word
    for word in "$@"; do
        wpa_cli -i wlan0 status | grep -qxF "$word" || { echo "witness: the supplicant does not say $word" >&2; wpa_cli -i wlan0 status >&2; return 1; }
    done
}

# wireguard_server [LINES]: the company's WireGuard beyond the cable, at 203.0.113.10:51820, with 10.66.0.1 inside.
wireguard_server() {
    local end
    for end in here there other; do
        (umask 077; wg genkey > /run/lab/$end.key)
        wg pubkey < /run/lab/$end.key > /run/lab/$end.pub
    done
    internet 203.0.113.10
    in_net ip link add wgs type wireguard
    in_net wg set wgs listen-port 51820 private-key /run/lab/there.key peer "$(cat /run/lab/here.pub)" allowed-ips 10.66.0.5/32,fd66::5/128
    in_net ip addr add 10.66.0.1/24 dev wgs
    in_net ip -6 addr add fd66::1/64 dev wgs nodad
    in_net ip link set wgs up
}

# wireguard_up ADDRESSES ALLOWED [SERVER-KEY-FILE]: wg-quick here, as a person would. Names are set by resolv_conf.
wireguard_up() {
    mkdir -p -m 700 /run/lab/wg
    cat > /run/lab/wg/wg0.conf <<CONF
[Interface]
PrivateKey = $(cat /run/lab/here.key)
Address = $1
[Peer]
PublicKey = $(cat "${3:-/run/lab/there.pub}")
Endpoint = 203.0.113.10:51820
AllowedIPs = $2
CONF
    chmod 600 /run/lab/wg/wg0.conf
    wg-quick up /run/lab/wg/wg0.conf > /run/lab/wg-quick.log 2>&1 || { cat /run/lab/wg-quick.log >&2; return 1; }
}
