# What packets showed: mail-, chat-, login- and call-in-the-clear, tls-obsolete, names-broadcast, arp-spoofed,
# dhcp-rogue, ra-rogue, wifi-deauth-flood.

traffic-na-nothing = no packet was seen
traffic-someone = someone

# $what is one of the traffic-what-… below; $packet is 0 where packets are not numbered.
traffic-readable = { $what }: { $from } to { $to }{ $times ->
        [one] { "" }
       *[other] , { $times } times in all
    }{ $packet ->
        [0] { "" }
       *[other] , first in packet { $packet }
    }.

traffic-what-imap-login = A readable login for mail (IMAP)
traffic-what-pop3-login = A readable login for mail (POP3)
traffic-what-smtp-auth = A readable login for sending mail (SMTP)
traffic-what-smtp-mail = A readable message (SMTP)
traffic-what-xmpp-plain = A readable login for chat (XMPP)
traffic-what-irc-pass = A readable password for chat (IRC)
traffic-what-irc = Readable chat (IRC)
traffic-what-http-form-password = A password in a web form without HTTPS
traffic-what-http-basic = A readable login for a web page (HTTP Basic)
traffic-what-http-proxy-basic = A readable login for a web proxy
traffic-what-ftp-password = A readable login for file transfer (FTP)
traffic-what-telnet = A readable terminal session (Telnet)
traffic-what-rlogin = A readable terminal session (rlogin)
traffic-what-rsh = A readable remote command (rsh)
traffic-what-ldap-password = A readable login for a directory (LDAP)
traffic-what-pgsql-password = A readable login for a database (PostgreSQL)
traffic-what-redis-auth = A readable login for a database (Redis)
traffic-what-mqtt-password = A readable login for devices (MQTT)
traffic-what-socks-userpass = A readable login for a proxy (SOCKS)
traffic-what-nntp-auth = A readable login for news (NNTP)
traffic-what-pap = A readable login for a dial-up line (PAP)
traffic-what-vnc = A readable remote desktop (VNC)
traffic-what-rdp = A remote desktop without TLS (RDP)
traffic-what-snmp = A readable password for managing devices (SNMP)
traffic-what-sip = A readable call set-up (SIP)
traffic-what-rtp = A call that can be listened to (RTP)
traffic-what-sslv3 = SSL 3.0 was agreed upon
traffic-what-tls-legacy = A version of TLS before 1.2 was agreed upon
traffic-what-tls-weak = A cipher that protects nothing was agreed upon
traffic-what-sslv2 = SSL 2.0 is spoken
traffic-what-llmnr = A name is asked of everybody (LLMNR)
traffic-what-nbns = A name is asked of everybody (NetBIOS)
traffic-what-do53 = A readable name look-up
traffic-what-pptp = A VPN by PPTP, whose encryption is broken
traffic-what-l2tp = A VPN by L2TP without IPsec around it

mail-in-the-clear-none = No mail was seen in the clear.
mail-in-the-clear-upgraded = Mail was seen to switch to encryption first.
chat-in-the-clear-none = No chat was seen in the clear.
login-in-the-clear-none = No login was seen in the clear.
call-in-the-clear-none = No call was seen in the clear.
call-in-the-clear-keyed = Calls were seen, and keys were agreed upon (DTLS) as encrypted calls do.
tls-obsolete-none = Encryption was seen, and no outdated version was agreed upon.
tls-obsolete-na = no encrypted connection was seen to begin
names-broadcast-none = No name was asked of everybody.
names-broadcast-na-private = this does not look like a public network

arp-spoofed-contested = Two devices claim the address { $address } in turn.
arp-spoofed-several = One device claims several addresses that others claim, too; { $address } is one of them.
arp-spoofed-moved = An address has gone from one device to another, as routers, docks and phones do.
arp-spoofed-none = No device claimed another's address.
arp-spoofed-na = no device was seen to claim an address (ARP)
dhcp-rogue-conflicting = { $server } names another router or other name servers than the server before it did.
dhcp-rogue-agree = Several servers were seen, and they say the same.
dhcp-rogue-one = One server was seen.
dhcp-rogue-na = no DHCP server was seen to answer
ra-rogue-conflicting = { $router } offers itself as a router with other prefixes than the router before it.
ra-rogue-flood = Router advertisements come in a flood, last from { $router }.
ra-rogue-agree = Several routers were seen, and they do not contradict each other.
ra-rogue-one = One router was seen.
ra-rogue-na = no IPv6 router was seen to advertise itself
wifi-deauth-flood-seen = { $packets } frames that throw devices off the Wi-Fi came in a flood of { $seconds ->
        [0] less than a second
        [one] one second
       *[other] { $seconds } seconds
    }.
wifi-deauth-flood-none = No flood of deauthentication was seen.
wifi-deauth-flood-na = no frames of a radio were seen
