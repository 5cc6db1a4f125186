# Name look-ups: dns-leak, dns-in-the-clear, dns-resolver-unapproved, dns-answers-forged,
# dns-downgradable, dns-config-conflict.

thing-name-lookups = where name look-ups go

dns-names-public = names of the Internet
dns-na-no-resolver = no name server is set

dns-leak-na-no-vpn = no VPN is in use
dns-leak-na-split = the VPN carries only a part of the traffic, and the guidance names no work domains
dns-leak-evidence-tunnel = Look-ups ({ $names }) go to { $resolver } through the tunnel { $interface }.
dns-leak-evidence-beside = Look-ups ({ $names }) go to { $resolver } by { $interface }, beside the tunnel.
dns-leak-evidence-beside-encrypted = Look-ups ({ $names }) go to { $resolver } by { $interface }, beside the tunnel, though encrypted.
dns-leak-evidence-beside-spare = Look-ups ({ $names }) go to { $resolver } by { $interface }, beside the tunnel, when the servers before it are silent.
dns-leak-evidence-nowhere = Look-ups ({ $names }) cannot reach { $resolver }.
dns-leak-witnessed-beside = A random name that was looked up was seen to leave by { $interface }, beside the tunnel, readable.
dns-leak-witnessed-inside = A random name that was looked up was seen to leave by the tunnel { $interface } alone.
dns-leak-seen-inside = Look-ups were seen to go into the tunnel { $interface } just now, and none beside it.

dns-in-the-clear-na-not-asked = this does not look like a public network, and the guidance does not ask for encrypted look-ups
dns-in-the-clear-evidence-tunnel = Look-ups to { $resolver } go through the tunnel.
dns-in-the-clear-evidence-nowhere = Look-ups to { $resolver } do not leave this machine.
dns-in-the-clear-evidence-strict = Look-ups to { $resolver } are always encrypted.
dns-in-the-clear-evidence-opportunistic = Look-ups to { $resolver } are encrypted only as long as the network lets them.
dns-in-the-clear-evidence-off = Look-ups to { $resolver } are not encrypted.

dns-in-the-clear-seen-encrypted = Encrypted look-ups were seen on the wire, and no readable ones.
dns-na-none-seen = no look-up was seen on the wire

dns-resolver-unapproved-na-any = the guidance approves any name server
dns-resolver-unapproved-evidence-other = Names are looked up by { $resolver }, which is not on the guidance's list.
dns-resolver-unapproved-evidence-approved = Names are looked up by { $resolver }, which is on the guidance's list.

dns-answers-forged-evidence-true = A made-up name was answered with “no such name”.
dns-answers-forged-evidence-made-up = A made-up name was answered with { $addresses }.
dns-answers-forged-evidence-refused = The name server would not answer for a made-up name ({ $answer }).

dns-downgradable-na-off = name look-ups are not encrypted at all
dns-downgradable-na-tunnel = name look-ups go through the tunnel
dns-downgradable-evidence-opportunistic = DNS over TLS to { $resolver } is opportunistic.
dns-downgradable-evidence-strict = DNS over TLS to { $resolver } is strict.

dns-config-conflict-na-one-hand = only one program manages name look-ups here
dns-config-conflict-evidence-agree = /etc/resolv.conf leads to systemd-resolved.
dns-config-conflict-evidence-no-tunnel = /etc/resolv.conf does not lead to systemd-resolved, and no VPN relies on it.
dns-config-conflict-evidence-same = /etc/resolv.conf names the name server of the tunnel { $interface }.
dns-config-conflict-evidence-file = /etc/resolv.conf (written by: { $writer }) names { $listed }.
dns-config-conflict-evidence-file-hand = /etc/resolv.conf (a file written by hand) names { $listed }.
dns-config-conflict-evidence-file-uplink = /etc/resolv.conf (systemd-resolved's list of uplinks) names { $listed }.
dns-config-conflict-evidence-link = systemd-resolved asks { $wanted } for the tunnel { $interface }.
