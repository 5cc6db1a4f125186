# The words every scene builds its world with. Sourced by bash, after the file that prepares the place.
#
# The machine under test is this namespace; `net` is the namespace of everything beyond its cable or its
# radio: the router, the network's servers, and a small Internet.

# pause [SECONDS]: a moment's wait (a twentieth of a second) without starting a program: nothing ever comes by this pipe.
exec 8<> <(:)
pause() { read -r -t "${1:-0.05}" -u 8 || true; }

# in_net COMMAND…: runs it beyond the cable.
in_net() { ip netns exec net "$@"; }

# beyond: the namespace beyond the cable.
beyond() { [ -e /run/netns/net ] || { ip netns add net; ip -n net link set lo up; in_net sysctl -qw net.ipv4.ip_forward=1; }; }

# cable NAME: a veth pair from this machine (NAME) to the world (`port-NAME` in namespace net).
cable() {
    beyond
    printf '%s\n' "link add $1 type veth peer name port-$1 netns net" "link set $1 up" | ip -batch -
    ip -n net link set "port-$1" up
}

# lan NAME MACHINE/LEN ROUTER [METRIC]: a cable with an address and a default route as DHCP would leave them.
lan() {
    cable "$1"
    ip -n net addr add "$3/${2#*/}" dev "port-$1"
    printf '%s\n' "addr add $2 dev $1" "route add default via $3 dev $1 proto dhcp metric ${4:-100}" | ip -batch -
}

# internet ADDRESS…: addresses that answer somewhere beyond the router.
internet() { printf 'addr add %s/32 dev lo\n' "$@" | ip -n net -batch -; }

# router_at ADDRESS/LEN NAME: the router's address on the other end of the cable NAME.
router_at() { in_net ip addr add "$1" dev "port-$2"; }

# resolv_conf LINE…: this machine's /etc/resolv.conf.
resolv_conf() {
    rm -f /etc/resolv.conf
    printf '%s\n' "$@" > /etc/resolv.conf
    chmod 644 /etc/resolv.conf
}

# names OPTION…: a dnsmasq beyond the cable, with these options (`--address=/host/ip`, …).
names() {
    in_net dnsmasq --no-resolv --no-hosts --keep-in-foreground --user=root --group=root --bind-dynamic \
        --log-facility=/run/lab/dnsmasq.log --dhcp-leasefile=/run/lab/dnsmasq.leases --no-ping "$@" &
    wait_for 'grep -qs started /run/lab/dnsmasq.log'
}

# web FILE: nginx beyond the cable with this server block.
web() {
    mkdir -p /run/lab/nginx
    cat > /run/lab/nginx.conf <<CONF
daemon off; user root; pid /run/lab/nginx.pid; error_log /run/lab/nginx-error.log;
events {}
http { access_log /run/lab/nginx-access.log; client_body_temp_path /run/lab/nginx; proxy_temp_path /run/lab/nginx;
  fastcgi_temp_path /run/lab/nginx; uwsgi_temp_path /run/lab/nginx; scgi_temp_path /run/lab/nginx;
$1
}
CONF
    in_net nginx -c /run/lab/nginx.conf &
    wait_for 'in_net ss -Htln sport = :80 | grep -q .'
}

# The Internet as it should be: the two well-known pages Homeward may ask for, at addresses of their own.
good_internet() {
    internet 8.43.85.30 34.107.221.82
    names --local=/#/ --host-record=nmcheck.gnome.org,8.43.85.30 --host-record=detectportal.firefox.com,34.107.221.82 "$@"
    well_known_pages
}

# well_known_pages [SERVER]: what the two servers really answer, and another one.
well_known_pages() {
    web 'server { listen 80; server_name nmcheck.gnome.org; location / { default_type text/plain; return 200 "NetworkManager is online\n"; } }
         server { listen 80; server_name detectportal.firefox.com; location / { default_type text/plain; return 200 "success\n"; } }
         '"${1:-}"
}

# cafe ANSWER [INSTEAD]: a place whose DHCP announces a sign-in service (option 114) at a plain http address, which answers
# ANSWER; any other page is answered truly, or in nginx's word INSTEAD. dhclient takes the lease.
cafe() {
    cable eth0
    router_at 192.168.1.1/24 eth0
    internet 8.43.85.30 34.107.221.82
    names --local=/invalid/ --address=/nmcheck.gnome.org/8.43.85.30 --address=/detectportal.firefox.com/34.107.221.82 \
        --address=/portal.cafe.example/192.168.1.1 --dhcp-range=192.168.1.100,192.168.1.120,20m \
        --dhcp-option-force=114,http://portal.cafe.example/api
    printf '%s' "$1" > /run/lab/api
    local service='server { listen 80; server_name portal.cafe.example; root /run/lab;
        location = /api { default_type application/captive+json; } }'
    if [ -n "${2:-}" ]; then web "$service server { listen 80 default_server; $2 }"; else well_known_pages "$service"; fi
    dhclient_on eth0
}

# page ADDRESS HOST PATH: what a web server answers, for a witness.
page() { curl --silent --include --max-time 2 --resolve "$2:80:$1" "http://$2$3"; }

# resolve NAME: the first address that this machine's resolver gives, for a witness; nothing where there is none.
resolve() { getent ahostsv4 "$1" | sed -n '1s/ .*//p'; }

# certificate NAME: a key and a certificate of its own make, and their fingerprint.
certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" \
        -keyout "/run/lab/$1.key" -out "/run/lab/$1.crt" 2> /dev/null
    openssl x509 -in "/run/lab/$1.crt" -noout -fingerprint -sha256 | cut -d= -f2 > "/run/lab/$1.print"
}

# tls_resolver ADDRESS: a resolver on the Internet that answers by DNS over TLS.
tls_resolver() {
    internet "$1"
    certificate resolver
    cat > /run/lab/unbound-far.conf <<CONF
server:
    interface: $1@853
    access-control: 0.0.0.0/0 allow
    tls-service-key: /run/lab/resolver.key
    tls-service-pem: /run/lab/resolver.crt
    local-zone: "invalid." static
    local-data: "nmcheck.gnome.org. A 8.43.85.30"
    local-data: "detectportal.firefox.com. A 34.107.221.82"
$(unbound_common far)
CONF
    in_net unbound -d -c /run/lab/unbound-far.conf &
    wait_for 'in_net ss -Htln sport = :853 | grep -q .'
}
unbound_common() { printf '    username: ""\n    chroot: ""\n    pidfile: "/run/lab/unbound-%s.pid"\n    use-syslog: no\n    logfile: "/run/lab/unbound-%s.log"\nremote-control:\n    control-enable: no\n' "$1" "$1"; }

# forwarder ADDRESS: unbound on this machine, which asks that resolver by DNS over TLS; programs ask 127.0.0.1.
forwarder() {
    cat > /run/lab/unbound-near.conf <<CONF
server:
    interface: 127.0.0.1
    do-not-query-localhost: no
$(unbound_common near)
forward-zone:
    name: "."
    forward-tls-upstream: yes
    forward-addr: $1@853
CONF
    unbound -d -c /run/lab/unbound-near.conf &
    wait_for 'ss -Huln sport = :53 | grep -q .'
    resolv_conf 'nameserver 127.0.0.1'
}

# wait_for CONDITION: at most five seconds.
wait_for() {
    local tries=100
    while ! eval "$1"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || { echo "gave up waiting for: $1" >&2; return 1; }
        pause
    done
}

# dhclient_on NAME [LINES]: ISC dhclient as Debian has it, its hooks and all; LINES go into its configuration.
dhclient_on() {
    [ -z "${2:-}" ] || printf '%s\n' "$2" >> /etc/dhcp/dhclient.conf
    dhclient -1 -v -pf /run/lab/dhclient.pid -lf "/var/lib/dhcp/dhclient.$1.leases" "$1" > /run/lab/dhclient.log 2>&1
}

# leaves_by ADDRESS INTERFACE [ip route get words…]: the independent witness of a scene's truth.
leaves_by() {
    local to=$1 interface=$2; shift 2
    ip route get "$to" "$@" | grep -q " dev $interface " || { ip route get "$to" "$@" >&2; echo "witness: $to does not leave by $interface" >&2; return 1; }
}

# dhcp_lan NAME ROUTER/LEN FIRST LAST [dnsmasq option…]: a cable to a router that leases addresses from FIRST to LAST and
# answers names, the Internet as it should be beyond it, and dhclient on it here.
dhcp_lan() {
    cable "$1"
    router_at "$2" "$1"
    good_internet "--dhcp-range=$3,$4,1h" "${@:5}"
    dhclient_on "$1"
}

# ipv6_lan NAME ADDRESS/64 [dnsmasq option…]: the router on the cable NAME has this address, advertises its prefix and
# itself, and this machine makes itself an address and a default route of that.
ipv6_lan() {
    in_net sysctl -qw net.ipv6.conf.all.forwarding=1
    in_net ip -6 addr add "$2" dev "port-$1" nodad
    in_net dnsmasq --no-resolv --no-hosts --no-daemon --port=0 --user=root --group=root --bind-dynamic --enable-ra \
        --log-facility=/run/lab/dnsmasq-ra.log --dhcp-leasefile=/run/lab/dnsmasq-ra.leases \
        "--dhcp-range=::,constructor:port-$1,ra-only" "${@:3}" &
    wait_for 'grep -qs "router advertisement enabled" /run/lab/dnsmasq-ra.log'
    # Begun anew, the kernel asks for a router at once instead of in four seconds.
    sysctl -qw "net.ipv6.conf.$1.disable_ipv6=1" "net.ipv6.conf.$1.accept_dad=0" "net.ipv6.conf.$1.accept_ra=1" \
        "net.ipv6.conf.$1.router_solicitation_delay=0" "net.ipv6.conf.$1.disable_ipv6=0"
    wait_for "ip -6 addr show dev $1 scope global | grep -q inet6"
}

# dhcpcd_on NAME: dhcpcd as Debian has it, which tags its routes.
dhcpcd_on() { dhcpcd -1 -4 -A -t 5 "$1" > /run/lab/dhcpcd.log 2>&1; }

# udhcpc_on NAME: BusyBox's udhcpc with a script that lays the routes of option 121, as Alpine's does, untagged.
udhcpc_on() {
    cat > /run/lab/udhcpc-script <<'SH'
#!/bin/bash
[ "$1" = bound ] || exit 0
ip addr add "$ip/$mask" dev "$interface"
[ -n "$staticroutes" ] || ip route add default via "${router%% *}" dev "$interface"
set -- $staticroutes
while [ $# -ge 2 ]; do ip route add "$1" via "$2" dev "$interface"; shift 2; done
printf 'nameserver %s\n' $dns > /etc/resolv.conf
SH
    chmod +x /run/lab/udhcpc-script
    busybox udhcpc -q -n -f -i "$1" -O staticroutes -s /run/lab/udhcpc-script > /run/lab/udhcpc.log 2>&1
}

# advertises NAME PREFIX: a router on the cable NAME that advertises a way to PREFIX by itself (radvd, RFC 4191), which this
# machine heeds, as NetworkManager does.
advertises() {
    in_net sysctl -qw net.ipv6.conf.all.forwarding=1
    sysctl -qw "net.ipv6.conf.$1.accept_ra=1" "net.ipv6.conf.$1.accept_ra_rt_info_max_plen=64"
    printf 'interface port-%s { AdvSendAdvert on; AdvDefaultLifetime 0; MinRtrAdvInterval 3; MaxRtrAdvInterval 4; route %s { AdvRouteLifetime 600; }; };\n' \
        "$1" "$2" > /run/lab/radvd.conf
    in_net radvd -n -C /run/lab/radvd.conf -p /run/lab/radvd.pid -m logfile -l /run/lab/radvd.log &
    wait_for "ip -6 route show $2 | grep -q 'proto ra'"
}

# reading_tunnel NAME ADDRESS/LEN: the same with a program that takes what is sent into it, as a VPN that is on does.
reading_tunnel() {
    socat -u "TUN:$2,tun-name=$1,iff-up" OPEN:/dev/null &
    wait_for "ip -o link show up dev $1 2>/dev/null | grep -q LOWER_UP"
}

# sensor [OPTION…]: the packet sensor, in the background. Who looks as a user has a session at this machine.
sensor() {
    mkdir -p /run/systemd/users
    echo 'ACTIVE_SEATS=seat0' > /run/systemd/users/65534
    /run/lab/homeward-sensor "$@" 2>> /run/lab/sensor.log &
    SENSOR=$!
    wait_for 'socat -u UNIX-CONNECT:/run/homeward/sensor.sock OPEN:/dev/null,wronly 2>/dev/null & sleep 0.05; kill $! 2>/dev/null'
}

# listen SECONDS FILE: what the sensor says meanwhile.
listen() { timeout "$1" socat -u UNIX-CONNECT:/run/homeward/sensor.sock "OPEN:$2,creat,trunc,wronly" || true; }

# ask_name NAME ADDRESS: a DNS question for NAME, sent to ADDRESS.
ask_name() {
    { printf '\007\007\001\000\000\001\000\000\000\000\000\000'
      local label; for label in ${1//./ }; do printf "\\$(printf %03o ${#label})%s" "$label"; done
      printf '\000\000\001\000\001'; } > /run/lab/question
    socat -u OPEN:/run/lab/question "UDP-SENDTO:$2:53"
}
