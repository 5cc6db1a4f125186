# What each label of packets is called in a table, in a few words, and its family. signatures/labels.toml says the same in a
# sentence. A key is `label-` and the label with its dot as a hyphen.

family-cleartext = In the clear
family-starttls = Switched to encryption
family-vpn = VPN
family-tunnel = Tunnels without encryption
family-dns = Name look-ups
family-tls = TLS
family-dtls = DTLS
family-quic = QUIC
family-ssh = SSH
family-stun = STUN
family-l2 = Neighbourhood
family-ntp = Time
family-dhcp = Addresses (DHCP)
family-dhcpv6 = Addresses (DHCPv6)
family-ra = IPv6 routers
family-icmp = ICMP
family-icmpv6 = ICMPv6
family-captive = Sign-in page
family-scan = Scans
family-wifi = Wi-Fi
family-ip = IP
family-ipv6 = IPv6
family-vlan = VLAN
family-malformed = Damaged
family-truncated = Cut
family-other = Other

label-cleartext-http = web pages without HTTPS
label-cleartext-http-basic = login for a web page (HTTP Basic)
label-cleartext-http-proxy-basic = login for a web proxy (HTTP Basic)
label-cleartext-http-digest = login for a web page (HTTP Digest)
label-cleartext-http-ntlm = login for a web page (HTTP NTLM)
label-cleartext-http-form-password = password in a web form
label-cleartext-http-cookie = cookies of web pages
label-cleartext-http-connect = web proxy asked for a connection
label-cleartext-ftp = file transfer (FTP)
label-cleartext-ftp-login = login for file transfer, perhaps anonymous (FTP)
label-cleartext-ftp-password = password for file transfer (FTP)
label-cleartext-ftp-data = files transferred (FTP)
label-cleartext-tftp = files transferred (TFTP)
label-cleartext-telnet = terminal session (Telnet)
label-cleartext-rlogin = terminal session (rlogin)
label-cleartext-rsh = remote command (rsh, rexec)
label-cleartext-pop3 = mail fetched (POP3)
label-cleartext-pop3-login = login for mail (POP3)
label-cleartext-imap = mail read (IMAP)
label-cleartext-imap-login = login for mail (IMAP)
label-cleartext-smtp = mail server spoken to (SMTP)
label-cleartext-smtp-auth = login for sending mail (SMTP)
label-cleartext-smtp-mail = message sent (SMTP)
label-cleartext-nntp-auth = login for news (NNTP)
label-cleartext-irc = chat (IRC)
label-cleartext-irc-pass = password for chat (IRC)
label-cleartext-xmpp-plain = login for chat (XMPP PLAIN)
label-cleartext-sip = call set-up (SIP)
label-cleartext-sip-digest = login for calls (SIP Digest)
label-cleartext-rtp = sound or picture of a call (RTP)
label-cleartext-rtsp = camera or stream controlled (RTSP)
label-cleartext-ldap = directory asked (LDAP)
label-cleartext-ldap-simple = login for a directory, perhaps anonymous (LDAP)
label-cleartext-ldap-password = password for a directory (LDAP)
label-cleartext-mqtt-password = login for devices (MQTT)
label-cleartext-mysql = database (MySQL)
label-cleartext-pgsql-password = login for a database (PostgreSQL)
label-cleartext-redis-auth = login for a database (Redis)
label-cleartext-socks = proxy (SOCKS)
label-cleartext-socks-userpass = login for a proxy (SOCKS)
label-cleartext-pap = login for a dial-up line (PAP)
label-cleartext-chap = login for a dial-up line (CHAP)
label-cleartext-vnc = remote desktop (VNC)
label-cleartext-rdp-noTLS = remote desktop without TLS (RDP)
label-cleartext-x11 = remote windows (X11)
label-cleartext-snmp-v1v2c = devices managed (SNMP 1 or 2c)
label-cleartext-snmp-v3-noauth = devices managed without encryption (SNMP 3)
label-cleartext-syslog = log messages (syslog)
label-cleartext-nfs = shared files (NFS)
label-cleartext-smb1 = shared files, outdated protocol (SMB 1)
label-cleartext-smb2 = shared files (SMB 2 or 3)
label-cleartext-ntlm = Windows login (NTLM)
label-cleartext-ssdp = devices looked for (SSDP, UPnP)

label-starttls-smtp = sending mail (SMTP STARTTLS)
label-starttls-pop3 = fetching mail (POP3 STLS)
label-starttls-imap = reading mail (IMAP STARTTLS)
label-starttls-ftp = file transfer (FTP AUTH TLS)

label-vpn-wireguard = WireGuard
label-vpn-openvpn = OpenVPN
label-vpn-ike = IPsec key exchange (IKE)
label-vpn-esp = IPsec (ESP)
label-vpn-esp-udp = IPsec in UDP (ESP)
label-vpn-ah = IPsec without encryption (AH)
label-vpn-l2tp = L2TP
label-vpn-pptp = PPTP, whose encryption is broken
label-vpn-sstp = SSTP
label-vpn-tailscale-disco = Tailscale
label-vpn-anyconnect = AnyConnect or OpenConnect
label-vpn-softether = SoftEther

label-tunnel-gre = GRE
label-tunnel-vxlan = VXLAN
label-tunnel-geneve = Geneve
label-tunnel-teredo = Teredo
label-tunnel-6in4 = IPv6 in IPv4
label-tunnel-ipip = IP in IP
label-tunnel-pppoe = PPPoE

label-dns-do53 = readable look-ups (port 53)
label-dns-do53-tcp = readable look-ups over TCP (port 53)
label-dns-do53-public-server = readable look-ups to a server on the Internet
label-dns-dot = encrypted look-ups (DNS over TLS)
label-dns-doq = encrypted look-ups (DNS over QUIC)
label-dns-doh-sni = encrypted look-ups (DNS over HTTPS)
label-dns-doh-decrypted = look-ups over HTTP/2 without encryption
label-dns-mdns = names of the neighbourhood (mDNS)
label-dns-llmnr = names asked of everybody (LLMNR)
label-dns-llmnr-response = answers to names asked of everybody (LLMNR)
label-dns-nbns = names asked of everybody (NetBIOS)
label-dns-nbns-response = answers to names asked of everybody (NetBIOS)
label-dns-wpad-query = look-up for a proxy (WPAD)
label-dns-conflicting-answers = two answers to one look-up that contradict

label-tls-any = TLS
label-tls-legacy-version = outdated version agreed upon (before TLS 1.2)
label-tls-sslv3 = outdated version agreed upon (SSL 3.0)
label-tls-sslv2-hello = outdated greeting (SSL 2.0)
label-tls-weak-cipher = cipher that protects nothing agreed upon
label-tls-ech = encrypted greeting (ECH)

label-dtls-any = DTLS: calls, VPNs

label-quic-any = QUIC

label-ssh-any = SSH
label-ssh-v1 = outdated version (SSH 1)

label-stun-any = STUN: the way to the other end of a call is looked for

label-l2-arp = ARP
label-l2-arp-conflict = one address, two devices
label-l2-arp-contested = one address claimed by two devices in turn
label-l2-arp-impersonation = one device claims the addresses of several
label-l2-arp-gratuitous = devices announce their addresses
label-l2-arp-scan = addresses searched through
label-l2-arp-mac-change = an address has gone to another device
label-l2-stp = switches among themselves (STP)
label-l2-cdp-lldp = switches introduce themselves (LLDP, CDP)
label-l2-dtp = switches negotiate trunks (DTP)

label-ntp-any = NTP

label-dhcp-any = DHCP
label-dhcp-offer-ack = a server answers
label-dhcp-option33 = a server sets routes (option 33)
label-dhcp-option121 = a server sets routes (option 121)
label-dhcp-option121-requested = routes are asked for (option 121)
label-dhcp-option249 = a server sets routes (option 249)
label-dhcp-option114 = a server announces a sign-in page (option 114)
label-dhcp-option160 = a server announces a sign-in page (option 160)
label-dhcp-option252 = a server sets a proxy (option 252)
label-dhcp-multi-server = several servers answer
label-dhcp-conflicting-offers = two servers contradict each other

label-dhcpv6-any = DHCPv6
label-dhcpv6-reply = a server answers

label-ra-any = a router advertises itself
label-ra-rdnss = a router sets name servers
label-ra-captive-portal = a router announces a sign-in page
label-ra-route-info = a router sets routes
label-ra-multi-router = several routers advertise themselves
label-ra-conflicting = two routers contradict each other
label-ra-flood = a flood of advertisements

label-icmp-redirect = a router sends packets another way

label-icmpv6-redirect = a router sends packets another way

label-captive-probe = a sign-in page is looked for
label-captive-redirect = a sign-in page steps in
label-captive-api = a sign-in service answers

label-scan-syn-burst-any = many connections tried at once

label-wifi-any = frames of a radio
label-wifi-beacon = networks announce themselves
label-wifi-open = a network without encryption
label-wifi-wep = a network with WEP
label-wifi-wep-auth-sharedkey = joining with WEP's shared key
label-wifi-wpa1 = a network with the first WPA
label-wifi-wpa-tkip = a network with TKIP
label-wifi-wpa2-psk = a network with WPA2 and a password
label-wifi-wpa3-sae = a network with WPA3 and a password
label-wifi-wpa3-transition = a network with WPA2 or WPA3 and a password
label-wifi-owe = a network with Enhanced Open (OWE)
label-wifi-owe-transition = an open network with an Enhanced Open twin
label-wifi-8021x = a network with 802.1X
label-wifi-suiteb192 = a network with 802.1X, 192-bit
label-wifi-ft = a network with fast roaming (802.11r)
label-wifi-pmf-required = management frames must be protected
label-wifi-pmf-capable = management frames can be protected
label-wifi-wps = a network with WPS
label-wifi-probe-req = devices look for networks
label-wifi-csa = a network changes its channel
label-wifi-hidden-ssid = a network hides its name
label-wifi-auth-sae = joining with WPA3
label-wifi-assoc-akm-psk = joining with a WPA or WPA2 password
label-wifi-assoc-akm-sae = joining with a WPA3 password
label-wifi-assoc-akm-owe = joining with Enhanced Open
label-wifi-eapol-key = keys are agreed upon
label-wifi-eap = a user signs in (EAP)
label-wifi-eap-leap-md5 = a user signs in by a broken method (LEAP, MD5)
label-wifi-deauth = devices leave or are sent away
label-wifi-deauth-flood = devices are thrown off in a flood
label-wifi-ssid-multi-bssid = one name, several access points
label-wifi-ssid-mixed-security = one name, with and without encryption
label-wifi-data-wep-iv = data encrypted with WEP
label-wifi-data-unprotected-ip = data without encryption on the air

label-ip-fragments = packets in parts

label-ipv6-any = IPv6

label-vlan-any = VLAN tags

label-malformed-packet = packets whose headers contradict themselves

label-truncated-snaplen = packets the capture kept in part
