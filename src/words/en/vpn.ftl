# VPN: what the checks found, in words.

vpn-na-none = no VPN is up
vpn-na-unused = no VPN carries the traffic

vpn-carries = Traffic goes into { $interface }.
vpn-carries-ipsec = Traffic is carried by IPsec.

vpn-down-na-never = the guidance asks for no VPN
vpn-down-na-place = this is not a public network
vpn-down-none = No VPN is up; traffic goes straight to this network.
vpn-down-none-kept-in = No VPN is up; the firewall may be keeping traffic in until it is.
vpn-down-none-held = No VPN is up; this computer holds traffic back until one is.
vpn-down-idle = { $interface } is up, but nothing is sent into it.
vpn-down-personal = It is { $name }, a VPN people buy for themselves.
vpn-down-advice-other = Disconnect { $interface } and connect the company VPN, then check again.
vpn-down-other = { $interface } is not the VPN your employer's guidance names.

vpn-silent-handshake = { $interface } agreed on fresh keys with its far end { $seconds ->
        [one] one second
       *[other] { $seconds } seconds
    } ago.
vpn-silent-handshake-minutes = { $interface } agreed on fresh keys with its far end { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    } ago.
vpn-silent-unattached = No program is attached to { $interface }.
vpn-silent-answered = A name was looked up through { $interface } just now, and answered.
vpn-silent-heard = { $bytes ->
        [one] One byte
       *[other] { $bytes } bytes
    } came back through { $interface } during this look.
vpn-silent-counted = { $interface } has received { $bytes ->
        [one] one byte
       *[other] { $bytes } bytes
    } since it was set up.
vpn-silent-stale = The far end of { $interface } last answered { $minutes } minutes ago; after 3 minutes of silence its session is over.
vpn-silent-unanswered = { $bytes } bytes were sent into { $interface }, and nothing ever came back.
vpn-silent-unheard = A name was asked for through { $interface } just now and not answered; nothing ever came back through it.
vpn-silent-doubtful = A name was asked for through { $interface } just now and not answered.
vpn-silent-ignored = The VPN asked its far end for fresh keys { $count } times just now ({ $interface }), and no answer came.
vpn-silent-idle = { $interface } is idle, or silent: nothing was due to come back.

vpn-bypassed-na-split = the guidance allows a split tunnel and names no addresses of work
vpn-bypassed-none = Every address asked about goes into the VPN.
vpn-bypassed-work-inside = Every address of work goes into the VPN.
vpn-bypassed-but = All that was asked about goes into the VPN, but for { $prefix }: that goes out by { $interface }.
vpn-bypassed-work = Traffic to { $name } ({ $address }) goes out by { $interface }, not through the VPN.
vpn-bypassed-public = Traffic to { $address } goes out by { $interface }, not through the VPN.
vpn-bypassed-plain = Traffic to { $address } goes out by { $interface }, a tunnel that does not encrypt.
vpn-bypassed-exception = Traffic to { $prefix } goes out by { $interface }, by a route of its own.
vpn-bypassed-work-part = Traffic to { $prefix }, a part of { $name }, goes out by { $interface }, not through the VPN.
vpn-bypassed-witnessed = A test packet to { $address } was seen to leave by { $interface }, not through the VPN.
vpn-bypassed-witnessed-inside = A test packet to { $address } was seen to leave by the tunnel { $interface } alone.
vpn-bypassed-more = { $count ->
        [one] and one more address
       *[other] and { $count } more addresses
    }

vpn-bypassed-ipv6-na-part = the VPN does not carry all of IPv4 either
vpn-bypassed-ipv6-na-split = the guidance allows a split tunnel, and no address of work leaves by IPv6
vpn-bypassed-ipv6-inside = IPv6 goes into the VPN as IPv4 does.
vpn-bypassed-ipv6-none = There is no way out by IPv6.
vpn-bypassed-ipv6-beside = Traffic to { $address } goes out by { $interface }, not through the VPN.
vpn-bypassed-ipv6-local = This network gives IPv6 addresses that are good for itself alone ({ $address }), and yet a router: if that translates them, IPv6 goes out by { $interface }, not through the VPN.
vpn-bypassed-ipv6-ipv4-inside = IPv4 goes into the VPN.

vpn-route-hijacked-na-split = the VPN carries only part of the traffic, and no address of work was asked about
vpn-route-hijacked-none = No route to an address of the Internet or of work leads around the VPN.
vpn-route-hijacked-exception = { $prefix } goes by { $interface }, by a route made on this computer.
vpn-route-hijacked-server = Only { $prefix } goes by { $interface }, around the VPN: probably the VPN's server.
vpn-route-hijacked-wins = { $prefix } goes by { $interface }, around the VPN.
vpn-route-hijacked-takes = That takes { $name }, an address of work.
vpn-route-hijacked-tagged = The route came from the network (DHCP or router advertisement), by its tag.
vpn-route-hijacked-option = The network's DHCP server asked for it (option { $option }).
vpn-route-hijacked-local = The network claims these addresses as its own.
vpn-route-hijacked-untold = Nothing tells who made the route: a DHCP client that leaves no tag, or a script.

vpn-unrecognised-own = { $interface } is the VPN the guidance names.
vpn-unrecognised-personal = { $interface } belongs to { $name }, a VPN people buy for themselves.
vpn-unrecognised-strange = { $interface } matches nothing by which the guidance knows the company's VPN.
vpn-unrecognised-na-unnamed = your employer's settings do not say which VPN is theirs

vpn-obsolete-sound = { $interface } ({ $kind }) is of a kind that encrypts.
vpn-obsolete-driven = { $interface } ({ $kind }) belongs to a VPN program of a kind that encrypts.
vpn-obsolete-ipsec = IPsec carries the traffic.
vpn-obsolete-no-vpn = { $interface } ({ $kind }) is a plain tunnel, and carries nothing that is meant to be protected.
vpn-obsolete-plain = { $interface } ({ $kind }) carries Internet traffic without encryption.
vpn-obsolete-pptp = { $interface } is PPTP, whose encryption is broken.
vpn-obsolete-pptp-connection = The connection { $name } is PPTP, whose encryption is broken.
vpn-obsolete-l2tp = { $interface } is L2TP without IPsec around it.

vpn-obsolete-seen = A VPN was seen on the wire, of a kind that encrypts.
vpn-obsolete-na-none-seen = no VPN was seen on the wire

vpn-unenforced-unasked = the guidance asks for no kill switch, and there is none
vpn-unenforced-na = no VPN carries all of the traffic
vpn-unenforced-firewall = The firewall (table { $table }, chain { $chain }) lets out only what goes into the VPN.
vpn-unenforced-route = A forbidding route waits behind the VPN's (table { $table }).
vpn-unenforced-none = Neither firewall nor routes would keep traffic in.
