# The words of a desktop: a screen that only exists in memory, a session bus, a panel, a notification service.

# Who the desktop's person is: root, where the desktop does not mind.
PERSON=()

# desktop PROGRAM…: a screen, a session's bus, and these programs of Xfce or others on it (xfce4-panel, xfce4-notifyd,
# dunst). What passes on the bus is kept in bus.log.
desktop() {
    export XDG_RUNTIME_DIR=/run/lab/session HOME=/run/lab/home XDG_CURRENT_DESKTOP=XFCE NO_AT_BRIDGE=1
    export XDG_CONFIG_HOME=/run/lab/home/.config DBUS_SESSION_BUS_ADDRESS=unix:path=/run/lab/session/bus
    mkdir -m 700 -p $XDG_RUNTIME_DIR
    mkdir -p $XDG_CONFIG_HOME/xfce4/xfconf/xfce-perchannel-xml
    cat > $XDG_CONFIG_HOME/xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array"><value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=8;x=0;y=0"/>
      <property name="length" type="uint" value="100"/><property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/><value type="int" value="2"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="separator"><property name="expand" type="bool" value="true"/></property>
    <property name="plugin-2" type="string" value="systray"/>
  </property>
</channel>
XML
    # It takes a number that no other scene's screen has.
    Xvfb -displayfd 5 -screen 0 800x480x24 -nolisten tcp 5> /run/lab/screen 2> /run/lab/screen.log &
    session_bus
    wait_for '[ -s /run/lab/screen ]'
    DISPLAY=:$(< /run/lab/screen)
    export DISPLAY
    local program
    for program in "$@"; do start "$program"; done
}

# wayland_desktop: the same on Wayland: sway on a screen in memory, with waybar and mako, as an ordinary user, for sway will
# not serve root.
wayland_desktop() {
    PERSON=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    export XDG_RUNTIME_DIR=/run/lab/session HOME=/run/lab/home XDG_CURRENT_DESKTOP=sway NO_AT_BRIDGE=1
    export XDG_CONFIG_HOME=/run/lab/home/.config DBUS_SESSION_BUS_ADDRESS=unix:path=/run/lab/session/bus
    export WLR_BACKENDS=headless WLR_RENDERER=pixman WLR_LIBINPUT_NO_DEVICES=1 XDG_SESSION_TYPE=wayland
    mkdir -m 700 -p $XDG_RUNTIME_DIR; chown 65534:65534 $XDG_RUNTIME_DIR /run/lab/home
    echo 'output HEADLESS-1 resolution 800x480 bg #5a7a9a solid_color' > /run/lab/sway.conf
    echo '{ "height": 32, "modules-right": ["tray"], "tray": { "icon-size": 22, "show-passive-items": true } }' > /run/lab/waybar.conf
    session_bus
    "${PERSON[@]}" sway -c /run/lab/sway.conf > /run/lab/sway.log 2>&1 &
    wait_for 'compgen -G "/run/lab/session/wayland-?" > /dev/null'
    WAYLAND_DISPLAY=$(cd /run/lab/session && compgen -G 'wayland-?')
    export WAYLAND_DISPLAY
    "${PERSON[@]}" mako > /run/lab/mako.log 2>&1 &
    owned org.freedesktop.Notifications
    "${PERSON[@]}" waybar -c /run/lab/waybar.conf > /run/lab/waybar.log 2>&1 &
    owned org.kde.StatusNotifierWatcher
}

# session_bus: the session's bus, in the background, and who listens to all of it.
session_bus() {
    "${PERSON[@]}" dbus-daemon --session --nofork --nopidfile --address=$DBUS_SESSION_BUS_ADDRESS > /run/lab/dbus.log 2>&1 &
    BUS=$!
    wait_for '[ -S /run/lab/session/bus ]'
    "${PERSON[@]}" dbus-monitor --session "interface='org.freedesktop.Notifications'" >> /run/lab/bus.log 2>&1 &
    wait_for '[ -s /run/lab/bus.log ]'
}

# start PROGRAM: one of the desktop's programs, and wait until it is there.
start() {
    case $1 in
        xfce4-notifyd)
            /usr/lib/*/xfce4/notifyd/xfce4-notifyd > /run/lab/notifyd.log 2>&1 &
            owned org.freedesktop.Notifications ;;
        dunst) dunst > /run/lab/dunst.log 2>&1 & owned org.freedesktop.Notifications ;;
        xfce4-panel) xfce4-panel --disable-wm-check > /run/lab/panel.log 2>&1 & owned org.kde.StatusNotifierWatcher ;;
    esac
    STARTED=$!
}

# owned NAME: waits until somebody has this name on the session's bus.
owned() { wait_for "session_busctl list --no-legend | grep -q '^$1 '"; }

# session_busctl WORDS…: busctl on the session's bus.
session_busctl() { "${PERSON[@]}" busctl --address=$DBUS_SESSION_BUS_ADDRESS "$@"; }

# watch [OPTION…]: Homeward's watcher, in the background; what it says is in watch.jsonl.
watch() {
    local guidance=()
    [ ! -e /run/lab/guidance.toml ] || guidance=(--guidance /run/lab/guidance.toml)
    "${PERSON[@]}" /run/lab/homeward watch --jsonl "${guidance[@]}" "$@" >> /run/lab/home/watch.jsonl 2>> /run/lab/watch.log &
    WATCH=$!
}

# within SECONDS CONDITION: waits that long at most.
within() {
    local end=$((SECONDS + $1))
    until eval "$2"; do
        [ $SECONDS -lt $end ] || { echo "not within $1 s: $2" >&2; cat /run/lab/home/watch.jsonl /run/lab/watch.log >&2; return 1; }
        pause 0.1
    done
}

# said FILTER: whether the watcher said a line of which this is true (jq).
said() { jq -e -s "any(.[]; $1)" /run/lab/home/watch.jsonl > /dev/null; }

# counted FILTER: how many such lines it said.
counted() { jq -s "[.[] | select($1)] | length" /run/lab/home/watch.jsonl; }

# tray PROPERTY: of Homeward's icon, as the panel is told it.
tray() {
    local item
    item=$(session_busctl list --no-legend | sed -n 's/^\(org\.kde\.StatusNotifierItem-[^ ]*\) .*/\1/p' | head -1)
    session_busctl --json=short get-property "$item" /StatusNotifierItem org.kde.StatusNotifierItem "$1" | jq -r .data
}

# choose WORDS: an entry of the icon's menu, as the panel tells that it was clicked.
choose() {
    local item menu number
    item=$(session_busctl list --no-legend | sed -n 's/^\(org\.kde\.StatusNotifierItem-[^ ]*\) .*/\1/p' | head -1)
    menu=$(session_busctl call "$item" /MenuBar com.canonical.dbusmenu GetLayout iias 0 -- -1 0)
    # The number of the entry stands before its words.
    number=${menu%%\"$1\"*}; number=${number##*(ia\{sv\}av) }; number=${number%% *}
    session_busctl call "$item" /MenuBar com.canonical.dbusmenu Event isvu "$number" clicked i 0 0
}

# picture NAME: the screen as it is, kept with the scene.
picture() {
    if [ -n "${WAYLAND_DISPLAY:-}" ]; then grim - > "$kept/$1.png"; else import -window root "$kept/$1.png"; fi
}
