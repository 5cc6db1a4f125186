#!/usr/bin/env bash
# The sensor on a wire: packets per second without loss, share of a core, memory, idle cost.
#
#   sudo benches/live.sh [SENSOR]        default: target/release/homeward-sensor
#
# Two network namespaces and a cable between them; tcpreplay sends from the one on core 1, the sensor hears in the other
# on core 0. Workloads: bulk (1 Gbit/s of TLS records), the mix of home work in W1 (a capture, if there is one), the same two with two
# programs that hog the sensor's core, a flood of SYNs, and ten seconds of nothing. tcpdump with a filter of similar
# sense is measured beside it. Needs root, and of Debian: tcpreplay socat jq bc iproute2 python3.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
sensor=${1:-$here/target/release/homeward-sensor}
mix=${W1:-$here/../shared/bench/w1-small.pcap.zst}
[ -x "$sensor" ] || { echo "$sensor: build it first"; exit 1; }
if [ "${IN_BENCH:-}" != yes ]; then
    exec env IN_BENCH=yes W1="$mix" unshare --net --mount --pid --fork --mount-proc --kill-child "$0" "$sensor"
fi

mount -t tmpfs tmpfs /run
mkdir -p /run/netns /run/bench
ip link set lo up
ip netns add net
ip link add eth0 type veth peer name port netns net
ip link set eth0 address 02:00:00:00:00:01 up
ip -n net link set port up
ip addr add 192.168.1.23/24 dev eth0
ip route add default dev eth0

# What is sent: made here, with the receiver's hardware address.
python3 - <<'PY'
import random, struct
random.seed(1)
ethernet = bytes.fromhex('020000000001020000000002') + b'\x08\x00'
def packet(protocol, source, payload):
    head = struct.pack('>BBHHHBBH4s4s', 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0, source, bytes([192, 168, 1, 23]))
    total = sum(struct.unpack('>10H', head))
    total = (total >> 16) + (total & 0xffff)
    check = ~(total + (total >> 16)) & 0xffff
    return ethernet + head[:10] + struct.pack('>H', check) + head[12:] + payload
def tcp(source, target, flags, payload=b''):
    return struct.pack('>HHIIBBHHH', source, target, random.getrandbits(32), 1, 0x50, flags, 1024, 0, 0) + payload
def write(name, packets):
    with open(f'/run/bench/{name}.pcap', 'wb') as file:
        file.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for number, data in enumerate(packets):
            file.write(struct.pack('<IIII', number // 1000, number % 1000 * 1000, len(data), len(data)) + data)
write('bulk', [packet(6, bytes([198, 51, 100, 7]), tcp(443, 50000, 0x10, b'\x17\x03\x03\x40\x00' + random.randbytes(1400))) for _ in range(5000)])
write('syn', [packet(6, random.randbytes(4), tcp(random.randrange(1024, 65536), random.randrange(1, 65536), 2)) for _ in range(20000)])
PY
if [ -r "$mix" ]; then
    zstd -qdc "$mix" > /run/bench/raw.pcap
    tcprewrite --enet-dmac=02:00:00:00:00:01 --enet-smac=02:00:00:00:00:02 -i /run/bench/raw.pcap -o /run/bench/mix.pcap 2>/dev/null
    rm /run/bench/raw.pcap
fi

ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }
hertz=$(getconf CLK_TCK)
# send NAME LOOPS PACE: sends, and leaves packets per second in $rate, seconds in $took.
send() {
    local began told
    began=$(date +%s.%N)
    told=$(ip netns exec net taskset -c 1 tcpreplay -q -K -i port --loop "$2" "$3" "/run/bench/$1.pcap" 2>/dev/null)
    took=$(echo "$(date +%s.%N) - $began" | bc)
    rate=$(echo "$told" | sed -n 's/.*, \([0-9.]*\) pps$/\1/p')
}

taskset -c 0 "$sensor" 2>/run/bench/log &
it=$!
until [ -S /run/homeward/sensor.sock ]; do sleep 0.1; done
sleep 0.5
other=$(pgrep -P $it)
socat -u UNIX-CONNECT:/run/homeward/sensor.sock OPEN:/run/bench/lines,creat,wronly &
losses() { sleep 1.5; tail -1 /run/bench/lines | jq -r '.report | "\(.losses.lost) \(.losses.shed) \(.traffic.packets)"'; }

printf '%-22s %10s %8s %8s %10s %9s %9s\n' workload 'sent/s' seconds 'core %' 'looked at' lost 'let go'
# bench TITLE NAME LOOPS PACE
bench() {
    local before after title=$1 lost_before shed_before seen_before lost shed seen
    read -r lost_before shed_before seen_before <<< "$(losses)"
    before=$(ticks $it)
    send "$2" "$3" "$4"
    after=$(ticks $it)
    read -r lost shed seen <<< "$(losses)"
    printf '%-22s %10.0f %8.1f %8.2f %10d %9d %9d\n' "$title" "$rate" "$took" \
        "$(echo "scale=4; 100 * ($after - $before) / $hertz / $took" | bc)" $((seen - seen_before)) $((lost - lost_before)) $((shed - shed_before))
}
bench 'bulk, 1 Gbit/s' bulk 120 --pps=85500
[ ! -e /run/bench/mix.pcap ] || bench 'W1 mix' mix 4 --pps=100000
taskset -c 0 sh -c 'while :; do :; done' & hog1=$!
taskset -c 0 sh -c 'while :; do :; done' & hog2=$!
bench 'bulk, two hogs' bulk 120 --pps=85500
[ ! -e /run/bench/mix.pcap ] || bench 'W1 mix, two hogs' mix 4 --pps=100000
kill $hog1 $hog2
bench 'SYN flood' syn 100 --topspeed
before=$(ticks $it); sleep 10; after=$(ticks $it)
printf '%-22s %10s %8.1f %8.2f\n' 'nothing, listened to' - 10 "$(echo "scale=4; 10 * ($after - $before) / $hertz" | bc)"
for process in $it $other; do
    printf 'resident memory, process %s: %s, of it shared with files and the ring %s\n' "$(tr '\0' ' ' < /proc/$process/cmdline | sed 's|.*/||')" \
        "$(sed -n 's/^VmRSS:[[:space:]]*//p' /proc/$process/status)" "$(sed -n 's/^RssFile:[[:space:]]*//p' /proc/$process/status)"
done
kill $it; wait $it || true

if command -v tcpdump >/dev/null; then
    filter='arp or port 53 or port 67 or port 68 or icmp6 or tcp[tcpflags] & tcp-syn != 0 or udp[8:4] = 0x01000000'
    taskset -c 0 tcpdump -i any -n -w /dev/null "$filter" 2>/dev/null & dump=$!
    sleep 1
    for work in 'bulk 120 --pps=85500' 'mix 4 --pps=100000'; do
        # shellcheck disable=SC2086
        set -- $work
        [ -e "/run/bench/$1.pcap" ] || continue
        before=$(ticks $dump); send "$1" "$2" "$3"; after=$(ticks $dump)
        printf '%-22s %10.0f %8.1f %8.2f\n' "tcpdump, $1" "$rate" "$took" "$(echo "scale=4; 100 * ($after - $before) / $hertz / $took" | bc)"
    done
    kill $dump
fi
