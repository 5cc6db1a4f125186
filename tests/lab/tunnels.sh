# The words that bring VPNs into a world. Sourced by bash after words.sh.
#
# Beyond every tunnel lies namespace `net`; where a tunnel's far end is also known to the router, what comes to it by
# the cable is refused, as a provider's network does.

# tunnel NAME ADDRESS/LEN FAR: a TUN device that a program holds open, as a user-space VPN program does; what is sent
# into it comes out at FAR. Routes and names are for the scene to set.
tunnel() {
    local pipe=/run/lab/$1.pipe
    in_net socat "UNIX-LISTEN:$pipe,type=5" "TUN,tun-name=far-$1,iff-no-pi,iff-up" &
    wait_for "[ -S $pipe ]"
    socat "UNIX-CONNECT:$pipe,type=5" "TUN,tun-name=$1,iff-no-pi,iff-up" & echo $! > "/run/lab/$1.pid"
    wait_for "in_net ip link show far-$1 2>/dev/null | grep -q LOWER_UP && ip link show $1 2>/dev/null | grep -q LOWER_UP"
    ip addr add "$2" dev "$1"
    in_net ip addr add "$3/${2#*/}" dev "far-$1"
    in_net ip route replace "${2%/*}/32" dev "far-$1"
    only_inside "$3"
}

# only_inside FAR: this address of a tunnel's far end is not there for what comes by a cable.
only_inside() {
    in_net nft "add table ip inside; add chain ip inside in { type filter hook input priority 0; }"
    in_net nft "add rule ip inside in iifname \"port-*\" ip daddr $1 reject with icmp host-unreachable"
}

# full_by_mark NAME [FAMILY…]: everything but the tunnel's own packets goes into it, as wg-quick arranges it.
full_by_mark() {
    local name=$1 family; shift
    for family in "${@:--4}"; do
        ip "$family" route add default dev "$name" table 51820
        ip "$family" rule add not fwmark 51820 table 51820
        ip "$family" rule add table main suppress_prefixlength 0
    done
}

# openvpn_server OPTION…: the company's OpenVPN beyond the cable, at 93.184.216.34, with 10.8.0.1 inside; options are
# mostly `--push`. With kind=tap before it, server and client carry Ethernet.
openvpn_server() {
    internet 93.184.216.34
    certificate server; certificate client
    in_net openvpn --dev company --dev-type "${kind:-tun}" --local 93.184.216.34 --server 10.8.0.0 255.255.255.0 --topology subnet \
        --dh none --cert /run/lab/server.crt --key /run/lab/server.key --peer-fingerprint "$(cat /run/lab/client.print)" \
        --keepalive 10 60 --log /run/lab/openvpn-server.log "$@" &
    wait_for 'in_net ss -Huln sport = :1194 | grep -q .'
    only_inside 10.8.0.1
}

# openvpn_client OPTION…: OpenVPN here, as a person starts it, on tun0. It sets the names that the server pushes, as
# Debian's update-resolv-conf does, and takes them back.
openvpn_client() {
    cat > /run/lab/openvpn-names <<'SH'
#!/bin/bash
[ "$script_type" = up ] || { [ ! -e /etc/resolv.conf.before ] || cat /etc/resolv.conf.before > /etc/resolv.conf; exit 0; }
for option in ${!foreign_option_*}; do
    case ${!option} in dhcp-option\ DNS\ *) servers+=("nameserver ${!option##* }") ;; esac
done
[ -n "${servers[*]}" ] || exit 0
cp /etc/resolv.conf /etc/resolv.conf.before
printf '%s\n' "${servers[@]}" > /etc/resolv.conf
SH
    chmod +x /run/lab/openvpn-names
    openvpn --client --dev "${kind:-tun}0" --dev-type "${kind:-tun}" --remote 93.184.216.34 --nobind --connect-retry 1 \
        --cert /run/lab/client.crt --key /run/lab/client.key --peer-fingerprint "$(cat /run/lab/server.print)" \
        --script-security 2 --up /run/lab/openvpn-names --down /run/lab/openvpn-names \
        --writepid /run/lab/openvpn.pid --log /run/lab/openvpn-client.log "$@" &
    wait_for 'grep -q "Initialization Sequence Completed" /run/lab/openvpn-client.log 2>/dev/null'
}

# openvpn_gone: ends OpenVPN as a person does, and waits until it has taken back what it set.
openvpn_gone() {
    kill "$(cat /run/lab/openvpn.pid)"
    wait_for 'grep -q "process exiting" /run/lab/openvpn-client.log'
}

# strongswan NAME [KERNEL]: settings for a charon of that name, in /run/lab/NAME. KERNEL is `kernel-libipsec` (ESP in the
# program itself, on a TUN) or nothing (policies in the kernel, which needs its ESP to carry anything).
strongswan() {
    local mark=''
    # Its own packets must not go into its own TUN.
    [ -z "${2:-}" ] || mark='kernel-netlink { fwmark = !0x42 }
        socket-default { fwmark = 0x42 }
        kernel-libipsec { allow_peer_ts = yes }'
    mkdir -p "/run/lab/$1/swanctl"
    cat > "/run/lab/$1/strongswan.conf" <<CONF
charon {
    load = random nonce aes sha1 sha2 hmac kdf cmac ctr curve25519 ${2:-} kernel-netlink socket-default resolve updown vici
    ${CHARON:-}
    filelog { log { path = /run/lab/charon-$1.log
        flush_line = yes } }
    plugins {
        $mark
        vici { socket = unix:///run/lab/$1/vici }
    }
}
swanctl { load = random }
CONF
}

# swan NAME COMMAND…: swanctl, speaking to that charon.
swan() {
    STRONGSWAN_CONF=/run/lab/$1/strongswan.conf SWANCTL_DIR=/run/lab/$1/swanctl swanctl "${@:2}" --uri "unix:///run/lab/$1/vici" \
        >> "/run/lab/swanctl-$1.log" 2>&1 || { tail -20 "/run/lab/swanctl-$1.log" >&2; return 1; }
}

# strongswan_server [in-kernel]: the company's strongSwan beyond the cable, at 93.184.216.34; it hands out addresses of
# 10.9.0.0/24 and the resolver 10.9.255.1, which is inside.
strongswan_server() {
    internet 93.184.216.34 10.9.255.1
    if [ "${1:-}" = in-kernel ]; then
        strongswan server
    else
        only_inside 10.9.255.1
        strongswan server kernel-libipsec
    fi
    cat > /run/lab/server/swanctl/swanctl.conf <<'CONF'
connections { company { version = 2
    local_addrs = 93.184.216.34
    pools = people
    local { auth = psk
        id = vpn.company.example }
    remote { auth = psk }
    children { all { local_ts = 0.0.0.0/0
        esp_proposals = aes128-sha256 } } } }
pools { people { addrs = 10.9.0.0/24
    dns = 10.9.255.1 } }
secrets { ike { secret = "correct horse" } }
CONF
    # A /run of its own, for charon has one name for its pid file.
    STRONGSWAN_CONF=/run/lab/server/strongswan.conf in_net unshare --mount bash -c '
        mount --bind /run/lab /mnt; mount -t tmpfs tmpfs /run; mkdir /run/lab; mount --bind /mnt /run/lab
        exec /usr/lib/ipsec/charon' &
    wait_for '[ -S /run/lab/server/vici ]'
    swan server --load-all
}

# strongswan_client DESTINATIONS [LINES]: strongSwan here, with ESP of its own, connected for these destinations; LINES go
# into its connection.
strongswan_client() {
    strongswan client kernel-libipsec
    strongswan_connection "$1" none "${2:-vips = 0.0.0.0}"
    swan client --initiate --child all
}

# ipsec_client DESTINATIONS [LINES] [CHILD-LINES]: the same with policies and ESP in the kernel, and no interface.
ipsec_client() {
    strongswan client
    strongswan_connection "$1" none "${2:-vips = 0.0.0.0}" "${3:-}"
    swan client --initiate --child all
}

# strongswan_connection DESTINATIONS ACTION LINES [CHILD-LINES]: starts charon here with this connection to the company.
strongswan_connection() {
    cat > /run/lab/client/swanctl/swanctl.conf <<CONF
connections { company { version = 2
    remote_addrs = 93.184.216.34
    $3
    local { auth = psk
        id = person }
    remote { auth = psk
        id = vpn.company.example }
    children { all { remote_ts = $1
        esp_proposals = aes128-sha256
        ${4:-}
        start_action = $2 } } } }
secrets { ike { secret = "correct horse" } }
CONF
    STRONGSWAN_CONF=/run/lab/client/strongswan.conf /usr/lib/ipsec/charon &
    wait_for '[ -S /run/lab/client/vici ]'
    swan client --load-all
}

# wireguard ADDRESSES ALLOWED [LINES]: the company's WireGuard beyond the cable, at 93.184.216.34:51820, with 10.66.0.1 and fd66::1
# inside, and `wg-quick up` here; both ends are wireguard-go, on TUN devices. LINES go into the interface's section.
wireguard() {
    local end
    internet 93.184.216.34
    for end in here there; do (umask 077; wg genkey > "/run/lab/$end.key"); wg pubkey < "/run/lab/$end.key" > "/run/lab/$end.pub"; done
    in_net wireguard-go wgs > /run/lab/wireguard-go.log 2>&1
    in_net wg set wgs listen-port 51820 private-key /run/lab/there.key peer "$(cat /run/lab/here.pub)" allowed-ips 10.66.0.5/32,fd66::5/128
    in_net ip addr add 10.66.0.1/24 dev wgs
    in_net ip -6 addr add fd66::1/64 dev wgs nodad
    in_net ip link set wgs up
    only_inside 10.66.0.1
    mkdir -p -m 700 /etc/wireguard
    cat > /etc/wireguard/wg0.conf <<CONF
[Interface]
PrivateKey = $(cat /run/lab/here.key)
Address = $1
${3:-}
[Peer]
PublicKey = $(cat /run/lab/there.pub)
Endpoint = 93.184.216.34:51820
AllowedIPs = $2
CONF
    chmod 600 /etc/wireguard/wg0.conf
    WG_QUICK_USERSPACE_IMPLEMENTATION=wireguard-go wg-quick up wg0 > /run/lab/wg-quick.log 2>&1 || { cat /run/lab/wg-quick.log >&2; return 1; }
}

# sealed ADDRESS: a witness's word: a packet to this address leaves by the cable as ESP, and not as itself.
sealed() {
    timeout 5 tcpdump -n -i eth0 -Z root -c 1 'ip proto 50 or udp port 4500' > /run/lab/sealed.txt 2> /run/lab/tcpdump.log &
    local seen=$!
    wait_for 'grep -q listening /run/lab/tcpdump.log'
    ping -c 1 -W 2 "$1" > /dev/null
    wait "$seen" && grep -q ESP /run/lab/sealed.txt
}
