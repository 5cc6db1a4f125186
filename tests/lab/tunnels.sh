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
    socat "UNIX-CONNECT:$pipe,type=5" "TUN,tun-name=$1,iff-no-pi,iff-up" &
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

# certificate NAME: a key and a certificate of its own make, and their fingerprint.
certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" \
        -keyout "/run/lab/$1.key" -out "/run/lab/$1.crt" 2> /dev/null
    openssl x509 -in "/run/lab/$1.crt" -noout -fingerprint -sha256 | cut -d= -f2 > "/run/lab/$1.print"
}

# openvpn_server OPTION…: the company's OpenVPN beyond the cable, at 93.184.216.34, with 10.8.0.1 inside; options are
# mostly `--push`.
openvpn_server() {
    internet 93.184.216.34
    certificate server; certificate client
    in_net openvpn --dev company --dev-type tun --local 93.184.216.34 --server 10.8.0.0 255.255.255.0 --topology subnet \
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
    openvpn --client --dev tun0 --remote 93.184.216.34 --nobind --connect-retry 1 \
        --cert /run/lab/client.crt --key /run/lab/client.key --peer-fingerprint "$(cat /run/lab/server.print)" \
        --script-security 2 --up /run/lab/openvpn-names --down /run/lab/openvpn-names \
        --writepid /run/lab/openvpn.pid --log /run/lab/openvpn-client.log "$@" &
    wait_for 'grep -q "Initialization Sequence Completed" /run/lab/openvpn-client.log 2>/dev/null'
}
