# Prepares a place of a scene's own: sourced by bash inside fresh network, mount and process namespaces; nothing
# here touches the machine outside them, and all of it ends with the scene.

set -eu
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8

mount -t tmpfs tmpfs /run
mount -t sysfs sysfs /sys 2>/dev/null || true
mkdir -p /run/netns /run/lab
# What DHCP clients and the like write into these folders stays here.
for folder in etc var; do
    mkdir -p "/run/own/$folder/upper" "/run/own/$folder/work"
    mount -t overlay overlay -o "lowerdir=/$folder,upperdir=/run/own/$folder/upper,workdir=/run/own/$folder/work" "/$folder"
done
ip link set lo up

# the_program FILE: Homeward, where every user may run it, and its sensor, which lies beside it.
the_program() { install -m 755 "$1" "$1-sensor" /run/lab/; }
