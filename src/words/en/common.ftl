# Words every output shares: verdicts, severities, how a thing is known, why it is not, what would help.

word-ok = OK for work
word-attention = OK for work, with something to put right
word-cannot-tell = Cannot tell if it is OK for work
word-not-ok = Not OK for work

severity-critical = Critical
severity-high = High
severity-medium = Medium
severity-low = Low
severity-info = To know

basis-measured = measured
basis-advertised = the network says so
basis-configured = by the settings
basis-inferred = inferred
basis-attested = you told us

# One sentence for a person: the JSON's summary, the tray's tooltip.
summary-ok = OK for work: none of the checks speaks against this connection.
summary-ok-with-unknowns = OK for work: none of the checks that could be made speaks against this connection ({ $unknown ->
        [one] one question
       *[other] { $unknown } questions
    } stayed open).
summary-attention = OK for work, with something to put right: { $title }{ $more ->
        [0] .
       *[other] , and { $more } more.
    }
summary-not-ok = Not OK for work: { $title }{ $more ->
        [0] .
       *[other] , and { $more } more.
    }
summary-ok-so-far = OK as far as asked: { $asked } of { $all } checks; nothing in them speaks against this connection.
summary-cannot-tell = Cannot tell whether this connection is fit for work. Open question: { $asks }
summary-nothing-applies = Cannot tell: none of the chosen checks applies here.
summary-offline = No connection: nothing to judge yet.
offline-advice = Connect to a network, then check again.
summary-nothing-asked = Cannot tell: no check was asked.

# What can be asked, probed or read; fits after "could not ask".
thing-netlink = the kernel about its network interfaces (netlink)
thing-route-lookup = the kernel where it would send packets
thing-system-bus = the D-Bus system bus
thing-networkmanager = NetworkManager
thing-resolved = systemd-resolved
thing-resolv-conf = the file /etc/resolv.conf
thing-nl80211 = the kernel about Wi-Fi (nl80211)
thing-wifi-negotiation = what the Wi-Fi connection agreed on
thing-profiles = the saved network profiles
thing-wireguard-peers = the WireGuard peers and their handshakes
thing-xfrm-policies = the IPsec policies
thing-nftables = the firewall rules (nftables)
thing-dhcp-lease = the DHCP lease
thing-portal-probe = the sign-in page probe
thing-dns-probe = the name look-up probe
thing-proxy-settings = the proxy settings
thing-place = whether this is a public place
thing-vpn-identity = whether the VPN is your employer's
thing-vpn-protection = whether the VPN encrypts what it carries
thing-vpn-use = whether the VPN carries the traffic
thing-attestation = the question only you can answer
thing-destination = the way to your employer's addresses
thing-ipv6-way = whether this network passes IPv6 on
thing-route-author = who made a route that leads around the VPN
thing-sensor = the packet sensor (homeward-sensor)
thing-witness = by which way Homeward's own test packets leave
thing-memory = what is remembered of networks
thing-state-folder = Homeward's own folder

# Why something is not known.
reason-not-recorded = This was not recorded.
reason-not-permitted = An ordinary user may not read this: { $what }.
reason-not-running = This is not running here: { $what }.
reason-not-available = This machine does not have this to ask: { $what }.
reason-not-sent = Nothing was sent, as --passive asks, so this was not tried: { $what }.
reason-timed-out = No answer came in time: { $what }.
reason-failed = This was tried and went wrong: { $what } ({ $error }).
reason-not-asked = This was not recorded: { $what }.
reason-no-connection = There is no connection.
reason-failed-portal-probe = The test page could not be reached ({ $error }).
reason-not-available-proxy-settings = No desktop proxy settings were found on this computer.
error-no-such-name = its name was not found
error-timed-out = no answer came in time
reason-undecided = There is not enough to tell { $what }.
reason-undecided-netlink = There is not enough to tell how this computer is connected.
reason-undecided-system-bus = There is not enough to tell what the D-Bus system bus knows.
reason-undecided-networkmanager = There is not enough to tell what NetworkManager does.
reason-undecided-resolved = There is not enough to tell what systemd-resolved does.
reason-undecided-resolv-conf = There is not enough to tell who looks up names here (/etc/resolv.conf).
reason-undecided-route-lookup = There is not enough to tell where packets would go.
reason-undecided-nl80211 = There is not enough to tell how the Wi-Fi is protected.
reason-undecided-profiles = There is not enough to tell which networks are saved.
reason-undecided-wireguard-peers = There is not enough to tell whether the WireGuard peers answer.
reason-undecided-xfrm-policies = There is not enough to tell what IPsec carries.
reason-undecided-nftables = There is not enough to tell what the firewall lets through.
reason-undecided-dhcp-lease = There is not enough to tell what the DHCP server said.
reason-undecided-portal-probe = There is not enough to tell whether a sign-in page stands in the way.
reason-undecided-dns-probe = There is not enough to tell whether names are answered truly.
reason-undecided-proxy-settings = There is not enough to tell which proxy is set.
reason-undecided-attestation = There is not enough to tell what your answer is.
reason-undecided-destination = There is not enough to tell how your employer's addresses are reached.
reason-undecided-sensor = There is not enough to tell what the packet sensor saw.
reason-undecided-state-folder = There is not enough to tell what Homeward has kept.
reason-not-answered = Not yet answered: { $what }.
reason-home-not-known = It is not known whether this is your home.
reason-said-dont-know = You said that you do not know.
reason-answer-old = { $days ->
    [0] The answer is some hours old.
    [one] The answer is { $days } day old.
   *[other] The answer is { $days } days old.
}

# What would help to find it out. `remedy-WHY-THING` outranks `remedy-WHY`.
remedy-not-running = Nothing to do if this computer is run without it; otherwise start it.
remedy-not-available = Nothing to do: this computer cannot tell by itself.
remedy-not-available-proxy-settings = Nothing to do unless you use a browser here.
remedy-undecided = Check again in a moment; if it stays, show this to your helpdesk.
remedy-undecided-portal-probe = Open a web page in the browser to see whether a sign-in page appears, then check again.
remedy-undecided-name-lookups = Check again in a moment; if it stays, ask your helpdesk who looks up names here.
remedy-not-recorded = Look again with this version of Homeward: homeward check.
remedy-undecided-destination = Name the addresses of work in the guidance ([[destination]]), or ask your helpdesk for them.
remedy-not-permitted = Run it once as root: sudo homeward check.
remedy-not-permitted-nftables = Run it once as root to read the firewall: sudo homeward check.
remedy-not-permitted-wireguard-peers = Run it once as root to read the handshakes: sudo homeward check.
remedy-not-permitted-xfrm-policies = Run it once as root to read the IPsec policies: sudo homeward check.
remedy-not-running-networkmanager = Nothing to do if this machine is run without NetworkManager; otherwise start it.
remedy-not-running-resolved = Nothing to do if this machine is run without systemd-resolved; otherwise start it.
remedy-not-running-system-bus = Nothing to do in a container or a minimal system; otherwise start the D-Bus system bus.
remedy-not-permitted-sensor = Run it while you are logged in at this computer itself, or once as root: sudo homeward check.
remedy-failed-sensor = Start the packet sensor anew, then check again: sudo systemctl restart homeward-sensor.
remedy-not-running-sensor = Start the packet sensor as root, then check again: sudo systemctl start homeward-sensor.
remedy-not-sent = Run it without --passive; homeward privacy lists what is then sent.
remedy-timed-out = Try again, or allow more time: homeward check --timeout 15.
remedy-failed = Try again; if it stays, show this to your helpdesk.
remedy-failed-portal-probe = Open a web page in the browser to see whether a sign-in page appears, then check again.
remedy-timed-out-portal-probe = Open a web page in the browser to see whether a sign-in page appears, then check again.
remedy-undecided-place = If this is your home or office, vouch for it in the guidance ([[trusted]]): homeward explain hotspot-public shows how.
remedy-not-asked = Look again with this guidance on that machine: homeward check.
remedy-no-connection = Connect to a network, then check again.
remedy-undecided-vpn-protection = Run it once as root: sudo homeward check; if it stays, ask your helpdesk of what kind this VPN is.
remedy-undecided-vpn-use = Open something that goes through the VPN, then check again; if it stays so, connect the VPN anew.
remedy-undecided-vpn-identity = Ask your helpdesk whether this is your employer's VPN; as root more of it can be compared: sudo homeward check.
remedy-undecided-xfrm-policies = Run it once as root to read the IPsec policies: sudo homeward check.
remedy-undecided-route-lookup = Check again; if it stays, show this to your helpdesk.
remedy-undecided-ipv6-way = Switch IPv6 off for this network in its settings, then check again.
remedy-undecided-route-author = Use another network, such as your phone's hotspot, and check again; if the route is there too, ask your helpdesk about it.
remedy-not-answered = Answer it once: homeward attest.
remedy-home-not-known = See what keeps it open: homeward check --only hotspot-public.
remedy-said-dont-know = Find out, then answer: homeward attest { $id }.
remedy-said-dont-know-router-password-attested = Try the login on the label beneath the router in its settings page: if it works, change it; then answer: homeward attest { $id }.
remedy-said-dont-know-wifi-password-attested = Compare the Wi-Fi password with the one on the router's label: if it is the same or short, set a new one; then answer: homeward attest { $id }.
remedy-said-dont-know-router-firmware-attested = Open the router's settings page or app and see whether it offers an update or updates itself; then answer: homeward attest { $id }.
remedy-said-dont-know-devices-reviewed-attested = Open the router's list of connected devices and remove what you do not know; then answer: homeward attest { $id }.
remedy-answer-old = Answer again: homeward attest { $id }.
