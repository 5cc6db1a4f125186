# Links: what the checks found, in words.

link-na-offline = there is no connection

wired-unused-na = Wi-Fi does not carry the traffic
wired-unused-na-port = this computer has no network socket
wired-unused-none = No cable is plugged in.
wired-unused-wifi = Traffic goes by Wi-Fi ({ $interface }).
wired-unused-ready = { $interface } has a cable and an address.
wired-unused-bare = { $interface } has a cable, but no address came over it.
wired-unused-advice-bare = If the cable leads to your router, unplug it and plug it in again; otherwise leave it be.

dual-connected-one = { $interface } is the only network.
dual-connected-way = { $interface } has a way out by the router { $gateway }.
dual-connected-way-direct = { $interface } has a way out of its own.
dual-connected-open = The Wi-Fi on { $interface } is not encrypted.

directly-on-internet-na-mobile = mobile networks have no router of one's own
directly-on-internet-none = This computer has no public IPv4 address of its own.
directly-on-internet-address = { $interface } has the public address { $address }.
directly-on-internet-firewall = The firewall drops what comes in unasked.
directly-on-internet-no-firewall = No firewall on this computer drops what comes in.
