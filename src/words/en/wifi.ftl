# What the Wi-Fi checks say. $ssid is the network's name, $class one of the wifi-class-… below.

wifi-nameless = a network without a name

# Classes of protection, as the contract's words for them.
wifi-class-open = no encryption
wifi-class-open-owe-transition = no encryption
wifi-class-owe = Enhanced Open (OWE)
wifi-class-wep = WEP
wifi-class-wpa-personal = WPA with a password
wifi-class-wpa-enterprise = WPA with 802.1X
wifi-class-wpa-wpa2-personal = WPA or WPA2 with a password
wifi-class-wpa-wpa2-enterprise = WPA or WPA2 with 802.1X
wifi-class-wpa2-personal-tkip = WPA2 with a password and TKIP
wifi-class-wpa2-personal = WPA2 with a password
wifi-class-wpa2-wpa3-personal = WPA2 or WPA3 with a password
wifi-class-wpa3-personal = WPA3 with a password
wifi-class-wpa2-enterprise = WPA2 with 802.1X
wifi-class-wpa2-wpa3-enterprise = WPA2 or WPA3 with 802.1X
wifi-class-wpa3-enterprise = WPA3 with 802.1X
wifi-class-wpa3-enterprise-192 = WPA3 with 802.1X, 192-bit
wifi-class-passpoint = Passpoint
wifi-class-dpp = Wi-Fi Easy Connect
wifi-class-wapi = WAPI
wifi-class-unrecognised = a protection not known here

# Why a Wi-Fi question does not arise.
wifi-na-unused = no Wi-Fi is in use
wifi-na-open = the Wi-Fi has no encryption at all
wifi-na-wep = the Wi-Fi uses WEP

wifi-unrecognised = “{ $ssid }” is protected in a way this version does not recognise.

wifi-unencrypted-evidence = “{ $ssid }” has no encryption.
wifi-unencrypted-sibling = The same access point offers an encrypted network, “{ $sibling }” (Enhanced Open).
wifi-unencrypted-sheltered = A VPN tunnel carries everything that leaves this laptop.
wifi-unencrypted-advice-sibling = Join “{ $sibling }” instead if your laptop shows it: it is the encrypted half of this network. Otherwise use your phone's hotspot, or start the company VPN before anything else.
wifi-unencrypted-advice-sheltered = Keep the VPN on for as long as you use this network, and move to an encrypted Wi-Fi or your phone's hotspot when you can.
wifi-unencrypted-na-wep = it uses WEP, which is judged by itself
wifi-encrypted = “{ $ssid }” is encrypted: { $class }.

wifi-wep-evidence = “{ $ssid }” is protected by WEP.
wifi-wep-group = “{ $ssid }” uses WEP for packets sent to everybody.
wifi-wep-pass = “{ $ssid }” uses { $class }, not WEP.

wifi-tkip-wpa1 = “{ $ssid }” uses { $class }, the protection of 2003.
wifi-tkip-pairwise = “{ $ssid }” encrypts your packets with TKIP.
wifi-tkip-group = “{ $ssid }” encrypts packets sent to everybody with TKIP.
wifi-tkip-perhaps = “{ $ssid }” offers WPA or TKIP beside something newer; which of them your own packets use cannot be told.
wifi-tkip-pass = “{ $ssid }” uses { $class } without TKIP.

wifi-weaker-psk = “{ $ssid }” offers WPA3; the laptop joined with { $class }.
wifi-weaker-wpa1 = “{ $ssid }” offers WPA2 or better; the laptop joined with { $class }.
wifi-weaker-tkip = “{ $ssid }” offers AES; the laptop joined with TKIP.
wifi-weaker-override = “{ $ssid }” offers WPA3 to devices that know its compatibility mode; the laptop joined with { $class }.
wifi-weaker-advice-override = Nothing need be done: WPA2 is acceptable. A newer wpa_supplicant (2.12) can use WPA3 here.
wifi-weaker-advice-strongest = Forget this network in the laptop's Wi-Fi settings and join it again; choose the strongest it offers if you are asked.
wifi-weaker-only = “{ $ssid }” offers only { $class }.
wifi-weaker-pass = “{ $ssid }” offers nothing better than { $class }, which is used.

wifi-management-protected = Management frames of “{ $ssid }” are protected.
wifi-management-optional = Management frames of “{ $ssid }” are not protected; with WPA2 they need not be.
wifi-management-unprotected-evidence = Management frames of “{ $ssid }” are not protected.
wifi-management-required = The network uses { $class }, which must protect them.
wifi-management-na-wpa1 = the first WPA cannot protect them

wifi-wps-off = “{ $ssid }” does not announce WPS.
wifi-wps-locked = “{ $ssid }” announces WPS, and has locked it.
wifi-wps-pin = “{ $ssid }” lets devices join by a WPS PIN.
wifi-wps-button = “{ $ssid }” lets devices join by the WPS push button.
wifi-wps-unsaid = “{ $ssid }” lets devices join by WPS, and does not say in which ways.
wifi-wps-joining = Someone is joining by WPS right now.
wifi-wps-na-no-password = the Wi-Fi has no password that WPS could hand out

wifi-factory-evidence = “{ $ssid }” is a name { $maker } gives its routers in the factory.
wifi-factory-pass = “{ $ssid }” is no factory name known here.
wifi-factory-na-public = a public network is not yours to name
wifi-factory-na-company = a company network is not yours to name

wifi-enterprise-na = the Wi-Fi does not ask for a user name
wifi-enterprise-no-ca = The profile of “{ $ssid }” names no authority that must have signed the server's certificate.
wifi-enterprise-any-name = The profile of “{ $ssid }” trusts every authority of the system and no server's name: any valid certificate will do.
wifi-enterprise-name-open = The profile of “{ $ssid }” names an authority, but not the server.
wifi-enterprise-no-certificate = The profile of “{ $ssid }” uses a method by which both sides prove themselves without a certificate.
wifi-enterprise-verified = The profile of “{ $ssid }” verifies the server's certificate and its name.

wifi-auto-na-adapter = this computer has no Wi-Fi adapter
wifi-auto-na-none = no Wi-Fi network is saved
wifi-auto-evidence = “{ $ssid }” is open and joined automatically.
wifi-auto-more = { $count ->
        [one] One more open network is joined automatically.
       *[other] { $count } more open networks are joined automatically.
    }
wifi-auto-pass = { $count ->
        [one] The one saved network is not an open one joined automatically.
       *[other] None of { $count } saved networks is open and joined automatically.
    }

wifi-unauthenticated-evidence = “{ $ssid }” uses Enhanced Open: encryption without a password.
wifi-unauthenticated-pass = “{ $ssid }” uses { $class }, with a secret that both sides must know.
