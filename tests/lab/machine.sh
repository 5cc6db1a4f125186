# Prepares the full machine for the next scene: sourced by bash as root on a booted Debian, where NetworkManager,
# systemd-resolved and D-Bus are the system's own. Takes away what the scene before left.

set -u
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8

tidy() {
    local name
    pkill hostapd; pkill dnsmasq; pkill nginx; pkill openvpn; pkill charon; pkill socat
    nmcli -t -f UUID connection show | while read -r name; do nmcli connection delete uuid "$name"; done
    for name in $(ip -o link | sed -n 's/^[0-9]*: \(wg[^:@]*\|tun[^:@]*\|eth[^:@]*\|docker[^:@]*\)[:@].*/\1/p'); do ip link del "$name"; done
    ip netns del net
    nft flush ruleset
    ip xfrm policy flush; ip xfrm state flush
    resolvectl flush-caches
    rm -rf /run/lab
} > /dev/null 2>&1
tidy
set -e
mkdir -p /run/netns /run/lab

# manager NAME OPTIONS…: a NetworkManager connection, made and brought up.
manager() { nmcli connection add "$@" > /run/lab/nmcli.log 2>&1 || { cat /run/lab/nmcli.log >&2; return 1; }; }
up() { timeout 45 nmcli connection up "$1" > /run/lab/nmcli-up.log 2>&1 || { cat /run/lab/nmcli-up.log >&2; nmcli device >&2; return 1; }; }

# served INTERFACE ROUTER/LEN FIRST LAST OPTIONS…: a DHCP and DNS server beyond, on this interface of the namespace `net`.
served() {
    local interface=$1 router=$2 first=$3 last=$4; shift 4
    in_net ip addr add "$router" dev "$interface"
    in_net dnsmasq --no-resolv --no-hosts --no-daemon --user=root --group=root --bind-dynamic --interface="$interface" \
        --dhcp-range="$first,$last,12h" --dhcp-authoritative --log-dhcp --log-facility=/run/lab/dnsmasq.log "$@" &
    wait_for 'in_net ss -Huln sport = :67 | grep -q .'
}
