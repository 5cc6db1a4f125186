# The words a radio scene builds its world with, beside those of world.sh and words.sh. Runs in the guest, in
# namespaces of the scene's own: this machine's radio is in this namespace, the access points' radios are in
# namespace `net`. Every program costs a twentieth of a second here: words use as few as they can.

# the_program FILE: it lies in the guest's memory already.
the_program() { ln -s /tmp/homeward /tmp/homeward-sensor /run/lab/; }

# radio NAME [NAMESPACE]: brings a free radio here, or into the namespace, as interface NAME.
radio() {
    local free radios=/mnt/init-sys/class/ieee80211/phy space=${2:-here} tries=100
    [ -e "/run/netns/$space" ] || ip netns attach here $$
    # The radios of the scene before come back to the guest's first namespace one by one, with the names they had: this very name may
    # come back while another radio is given it.
    until free=("$radios"*/device/net/"$1"); [ -e "${free[0]}" ] || { free=("$radios"*/device/net/*)
        [ -e "${free[0]}" ] && nsenter --net=/mnt/init-net ip link set "${free[0]##*/}" name "$1" 2> /dev/null; }; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || { echo "no radio is left" >&2; return 1; }
        pause
    done
    free=${free[0]%/device/*}
    nsenter --net=/mnt/init-net iw "phy#${free##*/phy}" set netns name "$space"
    ip -n "$space" link set "$1" up
}

# socket NAME: a real network socket here, as interface NAME, and a cable to the namespace beyond the air (`port-NAME`).
socket() {
    beyond
    [ -e /run/netns/here ] || ip netns attach here $$
    local end name
    for end in here:1:"$1" "net:2:port-$1"; do
        name=$(nsenter --net=/mnt/init-net ip -o link | sed -n "s/^[0-9]*: \([^:]*\): .*02:00:00:00:50:0$(echo "$end" | cut -d: -f2) .*/\1/p")
        nsenter --net=/mnt/init-net ip link set "$name" netns "${end%%:*}" name "${end##*:}"
        ip -n "${end%%:*}" link set "${end##*:}" up
    done
}

# beyond: the namespace beyond the air.
beyond() { [ -e /run/netns/net ] || { ip netns add net; ip -n net link set lo up; }; }

# access_point NAME LINES: hostapd on a radio of its own, as interface NAME beyond the air. LINES are hostapd.conf's;
# channel 1 unless they say otherwise.
access_point() {
    beyond
    radio "$1" net
    printf 'interface=%s\ndriver=nl80211\nctrl_interface=/run/hostapd-%s\nhw_mode=g\nchannel=1\n%s\n' "$1" "$1" "$2" > "/run/lab/hostapd-$1.conf"
    in_net hostapd -B -t -f "/run/lab/hostapd-$1.log" "/run/lab/hostapd-$1.conf" > /dev/null
    wait_for "grep -q AP-ENABLED /run/lab/hostapd-$1.log"
}

# certificates: a company's authority, its server and one worker, all of P-384; made once a boot.
certificates() {
    [ ! -e /tmp/eap/worker.pem ] || return 0
    local name usage
    mkdir -p /tmp/eap
    (
        cd /tmp/eap
        exec 2> /run/lab/openssl.log
        new() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:secp384r1 -sha384 -nodes -days 30 -keyout "$1.key" -out "$1.pem" -subj "/CN=$2" "${@:3}"; }
        new authority 'Example Company' -addext basicConstraints=critical,CA:TRUE
        new server radius.example.com -CA authority.pem -CAkey authority.key -addext subjectAltName=DNS:radius.example.com -addext extendedKeyUsage=serverAuth -addext basicConstraints=CA:FALSE
        new worker worker@example.com -CA authority.pem -CAkey authority.key -addext extendedKeyUsage=clientAuth -addext basicConstraints=CA:FALSE
    )
}

# company_access_point NAME LINES: an access point that asks for a user name, with hostapd's own EAP server.
company_access_point() {
    certificates
    printf '%s\n' '* PEAP,TLS' '"worker" MSCHAPV2 "correct horse" [2]' > /run/lab/eap_users
    access_point "$1" "ieee8021x=1
eapol_version=2
eap_server=1
eap_user_file=/run/lab/eap_users
ca_cert=/tmp/eap/authority.pem
server_cert=/tmp/eap/server.pem
private_key=/tmp/eap/server.key
wpa=2
$2"
}

# supplicant LINES: wpa_supplicant on this machine's radio wlan0, with these lines in its configuration. It looks at
# the two channels that the access points use.
supplicant() {
    [ -e /sys/class/net/wlan0 ] || radio wlan0
    printf 'ctrl_interface=DIR=/run/wpa_supplicant\nap_scan=1\nfreq_list=2412 2437\n%s\n' "$1" > /run/lab/wpa_supplicant.conf
    wpa_supplicant -B -t -i wlan0 -D nl80211 -c /run/lab/wpa_supplicant.conf -f /run/lab/wpa_supplicant.log > /dev/null
}

# heard WORD FILE…: whether one of the files holds the word; starts no program.
heard() {
    local word=$1 file text
    shift
    for file; do
        text=$(< "$file")
        [[ $text == *"$word"* ]] && return
    done
    return 1
}

# joined: waits until supplicant and access point have both finished their handshake.
joined() {
    local tries=0
    until heard CTRL-EVENT-CONNECTED /run/lab/wpa_supplicant.log && heard AP-STA-CONNECTED /run/lab/hostapd-*.log; do
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || { wpa_cli -i wlan0 status >&2; tail -n 20 /run/lab/wpa_supplicant.log /run/lab/hostapd-*.log >&2; return 1; }
        # The access point's arithmetic may take longer here than a radio waits before it asks again, which sets
        # the access point back: then once more, when it has done the sum before.
        [ $((tries % 40)) != 0 ] || wpa_cli -i wlan0 reassociate > /dev/null
        pause
    done
}

# home_network [NAME]: the router behind access point NAME (`home`) as a home has it: 192.168.1.1, an address and a
# route here as DHCP would leave them, names, and a good Internet. Waits until this machine has joined.
home_network() {
    ip -n net addr add 192.168.1.1/24 dev "${1:-home}"
    good_internet
    joined
    ip -batch - <<'ROUTES'
addr add 192.168.1.42/24 dev wlan0
route add default via 192.168.1.1 dev wlan0 proto dhcp metric 600
ROUTES
    resolv_conf 'nameserver 192.168.1.1'
}

# web: the two well-known pages, by a server that starts in no time.
web() {
    mkdir -p /run/lab/www
    printf 'NetworkManager is online\n' > /run/lab/www/check_network_status.txt
    printf 'success\n' > /run/lab/www/success.txt
    in_net busybox httpd -p 80 -h /run/lab/www
}

# status KEY=VALUE…: the witness: the supplicant's own words.
status() {
    local word said
    said=$'\n'$(wpa_cli -i wlan0 status)$'\n'
    for word in "$@"; do
        [[ $said == *$'\n'"$word"$'\n'* ]] || { echo "witness: the supplicant does not say $word:$said" >&2; return 1; }
    done
}

# lease ADDRESS [ROUTER]: what dhclient writes down of the lease of this address on eth0.
lease() {
    local router=${2:-192.168.1.1}
    mount -t tmpfs tmpfs /var/lib/dhcp
    cat > /var/lib/dhcp/dhclient.eth0.leases <<LEASE
lease {
  interface "eth0";
  fixed-address $1;
  option subnet-mask 255.255.255.0;
  option routers $router;
  option dhcp-lease-time 7200;
  option domain-name-servers $router;
  option dhcp-server-identifier $router;
  expire never;
}
LEASE
}

# wired_home: a cable to a home's router at 192.168.1.1, with an address, a route and a lease as DHCP leaves them, names
# and a good Internet.
wired_home() {
    lan eth0 192.168.1.23/24 192.168.1.1
    lease 192.168.1.23
    good_internet
    resolv_conf 'nameserver 192.168.1.1'
}

# wired_home_by_dhcp DNSMASQ-OPTION…: the same by a real lease, which dhclient gets from a server with these options.
wired_home_by_dhcp() {
    dhcp_server "$@"
    mount -t tmpfs tmpfs /var/lib/dhcp
    dhclient -1 -v -lf /var/lib/dhcp/dhclient.eth0.leases -pf /run/lab/dhclient.pid eth0 > /run/lab/dhclient.log 2>&1
    chmod 644 /var/lib/dhcp/dhclient.eth0.leases
}

# take_option_249: what administrators add for Microsoft's copy of option 121: its name in dhclient.conf, and Debian's
# script for 121 once more.
take_option_249() {
    cp -r /etc/dhcp /run/lab/dhcp
    printf '%s\n' 'option ms-classless-static-routes code 249 = array of unsigned integer 8;' 'also request ms-classless-static-routes;' >> /run/lab/dhcp/dhclient.conf
    sed s/rfc3442_classless_static_routes/ms_classless_static_routes/ /etc/dhcp/dhclient-exit-hooks.d/rfc3442-classless-routes > /run/lab/dhcp/dhclient-exit-hooks.d/ms-classless-routes
    mount --bind /run/lab/dhcp /etc/dhcp
}

# wired_home_by_dhcpcd DNSMASQ-OPTION…: the same, got by dhcpcd, which takes routes by options 33 and 249 too.
wired_home_by_dhcpcd() {
    dhcp_server "$@"
    dhcpcd_on eth0
}

# dhcp_server DNSMASQ-OPTION…: a cable to a home's router that gives addresses, names and a good Internet.
dhcp_server() {
    cable eth0
    ip -n net addr add 192.168.1.1/24 dev port-eth0
    good_internet --no-ping --dhcp-range=192.168.1.50,192.168.1.60,2h --dhcp-option=3,192.168.1.1 --dhcp-option=6,192.168.1.1 "$@"
    resolv_conf 'nameserver 192.168.1.1'
}

# wireguard_server [NAME PORT KEY NET]: the company's WireGuard beyond the cable, at 203.0.113.10:51820, with 10.66.0.1 and
# fd66::1 inside; or another one. What it answers, it answers through the tunnel alone.
wireguard_server() {
    local name=${1:-wgs} port=${2:-51820} key=${3:-there} net=${4:-66}
    ip -n net -force -batch - 2> /dev/null <<SERVER || true
addr add 203.0.113.10/32 dev lo
link add $name type wireguard
addr add 10.$net.0.1/24 dev $name
addr add fd$net::1/64 dev $name nodad
SERVER
    in_net wg set "$name" listen-port "$port" private-key "/tmp/keys/$key.key" peer "$(< /tmp/keys/here.pub)" allowed-ips "10.$net.0.5/32,fd$net::5/128"
    ip -n net link set "$name" up
    in_net nft -f - <<NFT
table inet edge-$name {
    chain in {
        type filter hook input priority 0
        iifname != { "$name", "lo" } ip daddr 10.$net.0.0/24 drop
    }
}
NFT
}

# wireguard_up ADDRESSES ALLOWED [NAME SERVER-KEY PORT]: wg-quick here, as a person would. Names are set by resolv_conf.
wireguard_up() {
    local name=${3:-wg0}
    mkdir -p -m 700 /run/lab/wg
    printf '%s\n' '[Interface]' "PrivateKey = $(< /tmp/keys/here.key)" "Address = $1" '[Peer]' "PublicKey = $(< "/tmp/keys/${4:-there}.pub")" \
        "Endpoint = 203.0.113.10:${5:-51820}" "AllowedIPs = $2" > "/run/lab/wg/$name.conf"
    chmod 600 "/run/lab/wg/$name.conf"
    wg-quick up "/run/lab/wg/$name.conf" > "/run/lab/wg-quick-$name.log" 2>&1 || { cat "/run/lab/wg-quick-$name.log" >&2; return 1; }
}

# wireguard_full: the company's WireGuard carries everything, both families, and names go to it.
wireguard_full() {
    wireguard_up 10.66.0.5/32,fd66::5/128 0.0.0.0/0,::/0
    resolv_conf 'nameserver 10.66.0.1'
}

# shaken: the witness of a live tunnel: wg0 has a handshake. Asks for one answer first.
shaken() {
    ping -c 1 -W 3 10.66.0.1 > /dev/null
    [ "$(wg show wg0 latest-handshakes | cut -f2)" -gt 0 ]
}
