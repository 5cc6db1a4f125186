# The place: hotspot-public, portal-waiting, proxy-from-network.

place-na-offline = there is no connection

place-sign-portal = A sign-in page controls the network.
place-sign-portal-passed = The network has a sign-in page, and lets this machine through.
place-sign-announced = The network announces a sign-in service.
place-sign-portal-unconfirmed = Another page than the one asked for came back, so far once only.
place-sign-one-address = Different names are all answered with one local address.
place-sign-known-name = “{ $ssid }” is the name of a known hotspot: { $about }.
place-sign-like-name = “{ $ssid }” is like the names of hotspots.
place-sign-says-public = The Wi-Fi says of itself that it is public.
place-sign-says-sign-in = The Wi-Fi says of itself that one has to sign in.
place-sign-says-guests = The Wi-Fi says of itself that it takes guests.
place-sign-passpoint = The Wi-Fi belongs to an operator's roaming service (Hotspot 2.0).
place-sign-crowd = The access point says it serves { $count } devices.
place-sign-maker = The access point is made by { $maker }, for venues and offices.
place-sign-open = The Wi-Fi has no encryption.
place-sign-owe = The Wi-Fi is encrypted without a password, as public ones are.
place-sign-access-points = { $count } access points bear this name.
place-sign-large-network = The network { $net } is larger than those of homes.
place-sign-short-lease = { $minutes ->
    [0] Addresses are lent for less than a minute.
    [one] Addresses are lent for { $minutes } minute only.
   *[other] Addresses are lent for { $minutes } minutes only.
}
place-sign-domain = The network calls itself { $domain }.
place-sign-verified = The network proved itself by a certificate.

hotspot-public-advice-vpn = Keep the VPN on for as long as you are here; your phone's hotspot would be better.
hotspot-public-evidence-trusted = The guidance vouches for this place: { $name }.
hotspot-public-evidence-phone = The connection runs over a phone, which is what the guidance recommends away from home.
hotspot-public-evidence-none = No sign of a public place was found.
hotspot-public-evidence-weak = Only weak signs of a public place were found, such as homes and offices show, too.
hotspot-public-evidence-marks = This place can be known again by: { $marks }.

portal-evidence-expected = The page asked of { $host } came back as it should.
portal-evidence-redirected = The page asked of { $host } was answered with a redirection ({ $status }) to { $location }.
portal-evidence-altered = The page asked of { $host } came back changed ({ $status }).
portal-evidence-not-http = The page asked of { $host } was answered with something that is no web page.
portal-evidence-511 = The page asked of { $host } was answered with “network authentication required” (511).
portal-evidence-no-name = The name { $host } could not be looked up ({ $error }).
portal-evidence-false-name = The name { $host } was answered with { $address }, which cannot be right.
portal-evidence-no-answer = The page asked of { $host } was not answered ({ $error }).
portal-evidence-nm-portal = NetworkManager's own check found a sign-in page.
portal-evidence-nm-full = NetworkManager's own check reached the Internet.
portal-evidence-api-captive = The network's sign-in service ({ $uri }) says that this machine has to sign in.
portal-evidence-api-free = The network's sign-in service ({ $uri }) says that this machine is let through.
portal-evidence-announced = The network announces a sign-in service ({ $uri }), which was not asked.

proxy-from-network-evidence-set = The proxy is not taken from the network ({ $where }).
proxy-from-network-evidence-auto = The proxy is set to come from the network ({ $where }).
proxy-from-network-evidence-announced = The network announces the proxy script { $script }.
proxy-from-network-evidence-auto-quiet = The proxy is set to come from the network ({ $where }); this network announces none.
proxy-from-network-evidence-trusted = The guidance vouches for this place: { $name }.

met-na-new = this network is met for the first time
met-na-cable = the connection is no Wi-Fi
met-na-young = this network has been met on too few days to know how it is
met-as-before = “{ $ssid }” is protected no less than on the { $days ->
    [one] day
   *[other] { $days } days
} it was met before ({ $weakest } at least).
met-weaker = “{ $ssid }” has { $now } now; on { $days ->
    [one] { $days } day
   *[other] { $days } days
} before it always had { $weakest } at least.
met-other-router = Its router is another one than any before.
met-other-maker = Its access point is of another make than any before.
met-same-router = Its router is the same as before.
met-same-maker = Its access point is of a make it had before.
met-other-server = Addresses are lent by another server than any before.
