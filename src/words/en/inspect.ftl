# homeward inspect: what captures showed.

inspect-ok = Nothing in these packets speaks against working like this
inspect-ok-with-unknowns = Nothing in these packets speaks against working like this; { $unknown ->
        [one] one question
       *[other] { $unknown } questions
    } stayed open
inspect-attention = Something to put right
inspect-cannot-tell = Cannot tell from these packets
inspect-summary-ok = Nothing in these packets speaks against working like this.
inspect-summary-attention = Something to put right: { $title }{ $more ->
        [0] .
       *[other] , and { $more } more.
    }
inspect-summary-not-ok = Not OK for work: { $title }{ $more ->
        [0] .
       *[other] , and { $more } more.
    }
inspect-summary-cannot-tell = Cannot tell: there is too little in these packets.

inspect-read = { $count ->
        [one] One packet
       *[other] { $packets } packets
    } in { $file }
inspect-files = { $count } files
inspect-span = { $first } to { $last } UTC
inspect-malformed = { $count } damaged
inspect-unsupported = { $count } of a kind not read here
inspect-broken = Not all of { $file } could be read.

inspect-seen = Seen
inspect-packets = packets
inspect-first = first in packet
inspect-packet-of = { $packet } of file { $file }
inspect-example = packet { $packet }: { $from } to { $to }

inspect-wifi = Wi-Fi networks heard
inspect-wifi-nameless = (hidden name)
inspect-wifi-network = { $ssid }, { $security }{ $channel ->
        [0] { "" }
       *[other] , channel { $channel }
    } · { $bssid } · { $beacons ->
        [one] one beacon
       *[other] { $beacons } beacons
    }
inspect-wifi-more = and { $count } more (-v shows them)

# What is wrong with a file, and what to do.
inspect-trouble-terminal = standard input is a terminal: pipe a capture into it, or name a file.
inspect-trouble-open = it could not be opened ({ $why }): name a capture that you may read.
inspect-trouble-folder = it is a folder: name the captures in it.
inspect-trouble-read = reading stopped ({ $why }): copy it anew and try again.
inspect-trouble-cut = it is cut off in the packet after number { $after }; what comes before was read. Let the capture end by itself, or copy it anew.
inspect-trouble-format = it is not a capture that can be read ({ $why }): save it as pcap or pcapng, plain or packed by gzip or zstd.
inspect-trouble-damaged = it is damaged ({ $why }); what comes before was read. Copy it anew, or save it once more with Wireshark.

inspect-progress = { $file }: { $percent ->
        [0] { "" }
       *[other] { $percent } %,{ " " }
    }{ $packets } packets, { $rate } a second

# homeward signatures
signatures-row = { $id }: { $source }
signatures-good = { $signatures ->
        [one] One signature
       *[other] { $signatures } signatures
    }, { $examples } examples: all show what they say.
signatures-wrong = { $wrong } of { $examples } examples do not show what they say.
signatures-match = { $packet }: { $id }, { $from } to { $to }
signatures-matched = { $matches ->
        [one] One match
       *[other] { $matches } matches
    } of { $signatures ->
        [one] one signature
       *[other] { $signatures } signatures
    }.
