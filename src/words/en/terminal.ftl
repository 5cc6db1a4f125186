# What `homeward check` says on a terminal.

count-to-fix = { $count ->
        [one] 1 thing to fix
       *[other] { $count } things to fix
    }
count-to-know = { $count } to know
count-fine = { $count } fine
count-unknown = { $count ->
        [one] 1 open question
       *[other] { $count } open questions
    }
headline = { $word }: { $counts }
headline-ok = { word-ok }: nothing speaks against it
headline-ok-with-unknowns = { word-ok }: nothing speaks against it; { $unknown ->
        [one] one question
       *[other] { $unknown } questions
    } stayed open
headline-ok-so-far = OK as far as asked: { $asked } of { $all } checks
headline-nothing-applies = Cannot tell: none of the chosen checks applies here
headline-offline = No connection: nothing to judge yet

connection-none = No connection
connection-unknown = Connection: could not be looked at
connection-medium = { $medium } ({ $interface })
connection-wifi-secured = Wi-Fi “{ $ssid }” ({ $interface }), { $security }

medium-ethernet = Cable
medium-wifi = Wi-Fi
medium-cellular = Mobile network
medium-bluetooth = Phone over Bluetooth
medium-usb-phone = Phone over USB
medium-virtual = Virtual interface
medium-tunnel = Tunnel
medium-loopback = This machine itself

security-open = no encryption
security-open-owe-transition = no encryption
security-owe = encrypted without a password (OWE)
security-wep = WEP
security-wpa-personal = WPA
security-wpa-enterprise = WPA Enterprise
security-wpa-wpa2-personal = WPA and WPA2 mixed
security-wpa2-personal-tkip = WPA2 with TKIP
security-wpa2-personal = WPA2
security-wpa2-wpa3-personal = WPA2 and WPA3
security-wpa3-personal = WPA3
security-wpa2-enterprise = WPA2 Enterprise
security-wpa2-wpa3-enterprise = WPA2 and WPA3 Enterprise
security-wpa3-enterprise = WPA3 Enterprise
security-wpa3-enterprise-192 = WPA3 Enterprise, 192 bit
security-passpoint = Passpoint
security-dpp = Wi-Fi Easy Connect
security-wapi = WAPI
security-unrecognised = encryption not recognised

vpn-state-unknown = VPN: cannot tell
vpn-state-none = no VPN
vpn-state-configured = VPN set up but not connected
vpn-state-up = VPN connected, not carrying your traffic
vpn-state-all = VPN carries all traffic
vpn-state-detoured = VPN carries all traffic, except what this network draws around it
vpn-state-silent = VPN up, but nothing comes back
vpn-state-personal = a personal VPN ({ $name }) carries all traffic
vpn-state-personal-part = a personal VPN ({ $name }) carries part of the traffic
vpn-state-part = VPN carries part of the traffic

place-state-public = public place
place-state-portal = a sign-in page waits
place-state-unknown = public place or not: cannot tell

finding-fail = { $severity }: { $title }
finding-evidence = { $says } ({ $basis })
finding-evidence-source = { $says } ({ $basis }: { $source })
finding-more-evidence = and { $more } more (-v shows them)
finding-rule = Rule:
finding-do = Do:
finding-contact = Help: { $contact }.
finding-folded = Same cause: { $title }
finding-unknown = Cannot tell: { $asks }
finding-why = Why:
finding-remedy = To find out:
finding-not-applicable = Does not apply: { $asks }

folded-unknown = { $count } could not be told (-v shows { $count ->
        [one] it
       *[other] them
    })
folded-unknown-alike = Cannot tell: { $count } questions, all for one reason (-v shows them)
folded-fine = { $fine } fine{ $rest ->
        [0] { "" }
       *[other] , { $rest } not applicable
    } (-v shows them)
rule-of = { $source }, { $clause }
rule-of-employer = { $source }, { $clause }: { $text }.
judged-by = Judged by { $name }, version { $version } ({ $source }).
judged-built-in = built in
judged-ignored = Ignored: { $key } in { $file }, because { $locked } locks it.
judged-passive = Nothing was sent (--passive).
judged-not-asked = Not asked: { $ids }.
judged-asked-few = Asked: { $asked } of { $all } checks; homeward check asks them all.
judged-at = Looked at { $at } UTC.
judged-more = Why, and more: homeward explain { $id }

explain-id = { $id }, { $severity }
explain-id-set = { $id }, { $severity } by your guidance ({ $guidance })
explain-id-off = { $id }, switched off by your guidance ({ $guidance }); otherwise { $severity }
explain-by-built-in = The check is explained as it is without that file.
explain-rules = Whose rule
explain-more = A title is what is said when its check fails. homeward explain ID tells all about one.
