# The words every scene builds its world with. Sourced by bash, after the file that prepares the place.
#
# The machine under test is this namespace; `net` is the namespace of everything beyond its cable or its
# radio: the router, the network's servers, and a small Internet.

# in_net COMMAND…: runs it beyond the cable.
in_net() { ip netns exec net "$@"; }

# cable NAME: a veth pair from this machine (NAME) to the world (`port-NAME` in namespace net).
cable() {
    [ -e /run/netns/net ] || { ip netns add net; in_net ip link set lo up; in_net sysctl -qw net.ipv4.ip_forward=1; }
    ip link add "$1" type veth peer name "port-$1" netns net
    ip link set "$1" up
    in_net ip link set "port-$1" up
}

# lan NAME MACHINE/LEN ROUTER [METRIC]: a cable with an address and a default route as DHCP would leave them.
lan() {
    cable "$1"
    in_net ip addr add "$3/${2#*/}" dev "port-$1"
    ip addr add "$2" dev "$1"
    ip route add default via "$3" dev "$1" proto dhcp metric "${4:-100}"
}

# internet ADDRESS…: addresses that answer somewhere beyond the router.
internet() { local a; for a in "$@"; do in_net ip addr add "$a/32" dev lo; done; }

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
    in_net dnsmasq --no-resolv --no-hosts --no-daemon --user=root --group=root --bind-dynamic \
        --log-facility=/run/lab/dnsmasq.log --dhcp-leasefile=/run/lab/dnsmasq.leases --no-ping "$@" &
    wait_for 'in_net ss -Huln sport = :53 | grep -q .'
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
    names --local=/invalid/ --address=/nmcheck.gnome.org/8.43.85.30 --address=/detectportal.firefox.com/34.107.221.82 "$@"
    web 'server { listen 80; server_name nmcheck.gnome.org; location / { default_type text/plain; return 200 "NetworkManager is online\n"; } }
         server { listen 80; server_name detectportal.firefox.com; location / { default_type text/plain; return 200 "success\n"; } }'
}

# wait_for CONDITION: at most five seconds.
wait_for() {
    local tries=100
    while ! eval "$1"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || { echo "gave up waiting for: $1" >&2; return 1; }
        sleep 0.05
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
