# What the commands say beside their results.

lang-missing = There is no catalogue for the language “{ $lang }” yet; English is used.
id-unknown = There is no check “{ $id }”.
id-nearest = There is no check “{ $id }”; did you mean “{ $nearest }”?
id-list = `homeward checks` lists them.
nothing-left = --only and --skip leave no check to ask.

privacy-title = What Homeward sends, and what it keeps
privacy-passive = With --passive nothing is sent at all. Nothing is ever sent in the background: Homeward looks when you run it, and then ends.
privacy-sent = One homeward check can send, in this order:
privacy-probe-first = A look-up of the name { $host } by this connection's resolvers, and one plain web request for { $url } (HTTP, no cookies, nothing about you), to see whether a sign-in page answers in its place. Redirections are not followed.
privacy-probe-second = Only when that answer is not what it should be: the same once more for { $url }, of another operator, as a second witness.
privacy-probe-api = Only where this network announces a sign-in address of its own by DHCP (RFC 8910): one web request to that address (RFC 8908), when it is plain HTTP.
privacy-dns = A look-up, by this machine's own resolvers, of a random name under .invalid, which can never exist, to see whether answers are made up.
privacy-no-probe = The guidance in force names no sign-in probe, so no web request is sent.
privacy-by = The addresses are the choice of the guidance in force: { $name }, version { $version }.

privacy-local = What looks like sending and is not
privacy-local-kernel = Where your traffic would go is asked of the kernel (route look-ups); no packet leaves.
privacy-local-bus = NetworkManager, systemd-resolved and wpa_supplicant are asked over D-Bus, inside this machine.
privacy-local-mtu = To see whether IPsec carries a destination, a socket is prepared and thrown away with nothing sent through it.

privacy-never = What is never sent
privacy-never-you = Your name, your machine's name, the names and addresses of networks you use, what was found, statistics, crash reports.
privacy-never-home = Nothing goes to this project or to your employer: there is no server of ours, no account, no search for updates.
privacy-never-vpn = Nothing goes to your VPN's server, and no other computer on the network is asked anything.

privacy-kept = What is kept on this machine, and who can read it
privacy-kept-attest = { $path }: your answers to the questions only you can answer, once you have answered them. Only you and the administrator can read it; delete it whenever you like.
privacy-kept-facts = The file you name with --save-facts: names and addresses of the network you are on. Only you and the administrator can read it. Homeward never writes one unasked.
privacy-kept-guidance = { $path }: read, never written.
