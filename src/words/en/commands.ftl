# What the commands say beside their results.

lang-missing = There is no catalogue for the language “{ $lang }” yet; English is used.
id-unknown = There is no check “{ $id }”.
id-nearest = There is no check “{ $id }”; did you mean “{ $nearest }”?
id-list = homeward checks lists them.
nothing-left = --only and --skip leave no check to ask.

privacy-title = What Homeward sends, and what it keeps
privacy-passive = With --passive nothing is sent at all. Nothing is sent in the background, unless you let homeward watch run: a check looks when you run it, and then ends.
privacy-sent = One homeward check can send
privacy-probe-first = A look-up of the name { $host } by this connection's own resolvers, and one plain web request for { $url }, to see whether a sign-in page answers in its place. It leaves by this connection itself, beside any VPN, since that is what is asked about. It names the program (User-Agent: Homeward) and nothing of you; redirections are not followed.
privacy-probe-second = Only when that answer is not what it should be: the same once more for { $url }, of another operator, as a second witness.
privacy-probe-api = Only where this network announces a sign-in service of its own by DHCP (RFC 8910): one such web request to the address it announces (RFC 8908), when that is plain HTTP.
privacy-witness = Only where the packet sensor (homeward-sensor) runs: a look-up of twelve random letters under .example by this computer's own resolver, and one datagram of random letters to each of 192.0.2.1 and 2001:db8::1, addresses that nobody has, to see by which way they leave.
privacy-dns = A look-up of twelve random letters under .invalid, a name that can never exist, by the resolvers this machine uses (two of them at most), to see whether answers are made up.
privacy-no-probe = The guidance in force names no page to ask for.
privacy-by = Which pages are asked for is the choice of the guidance in force: { $name }, version { $version }.

privacy-local = What looks like sending and is not
privacy-local-kernel = Where your traffic would go is asked of the kernel (route look-ups); no packet leaves.
privacy-local-bus = NetworkManager, systemd-resolved and wpa_supplicant are asked over D-Bus, inside this machine.
privacy-local-mtu = To see whether IPsec carries a destination, a socket is prepared and thrown away with nothing sent through it.

privacy-never = What is never sent
privacy-never-you = Your name, your machine's name, the names and addresses of networks you use, what was found, statistics, crash reports.
privacy-never-home = Nothing goes to this project, and nothing to your employer unless --otlp is given: there is no server of ours, no account, no search for updates.
privacy-never-vpn = Nothing goes to your VPN's server, and nothing on this network is asked but its resolvers and what is listed above.

privacy-kept = What is kept on this machine, and who can read it
privacy-kept-attest = { $path }: your answers to the questions only you can answer, once you have answered them. Only you and the administrator can read it; delete it whenever you like.
privacy-kept-facts = The file you name with --save-facts: names and addresses of the network you are on. Only you and the administrator can read it. Homeward never writes one unasked.
privacy-kept-guidance = { $path }: read, never written.

# homeward attest
attest-intro = No program can see these things, so Homeward asks you. Answer for the network you work from.
attest-intro-not-asked = No program can see these things. Your guidance does not ask for the answers; you may give them all the same.
attest-unanswered = Not answered yet.
attest-answered = { $answer }, you said on { $at }. Asked again after { $until }.
attest-expired = { $answer }, you said on { $at }. That is too long ago for your guidance: please answer again.
attest-yes = Yes
attest-no = No
attest-dont-know = I don’t know
attest-kept = { $asks } { $answer }. Noted.
attest-how = To answer: homeward attest ID yes, no or dont-know.
attest-prompt = [y]es, [n]o, [d]on’t know, or Enter to leave it as it is:
attest-again = Please type y, n or d, or only press Enter:
attest-letter-yes = y
attest-letter-no = n
attest-letter-dont-know = d
attest-not-a-question = The check “{ $id }” finds out by itself. The questions are: { $ids }.
attest-no-home = There is no home folder to keep answers in: set HOME or XDG_STATE_HOME.
attest-broken = The file of your answers cannot be read: { $file } ({ $why }). Delete it and answer again.
attest-not-kept = Your answer could not be kept in { $file }: { $why }.

# homeward guidance
guidance-name = { $name }, version { $version } ({ $source })
guidance-label-vpn = VPN
guidance-label-known = Known by
guidance-label-dns = Look-ups
guidance-label-work = Work
guidance-label-trusted = Trusted
guidance-label-portal = Sign-in
guidance-label-hours = At work
guidance-hours = { $hours }; the history is kept only then.
guidance-label-asked = Questions
guidance-label-severity = Severity
guidance-label-clauses = Clauses
guidance-label-contact = Contact
guidance-label-locked = Locked
guidance-label-files = Files
guidance-label-remark = Remark
guidance-none = none
guidance-vpn-never = Not asked for.
guidance-vpn-on-public = Asked for on public networks.
guidance-vpn-always = Always asked for.
guidance-vpn-full = A VPN in use must carry all traffic.
guidance-vpn-split = A VPN in use must carry the traffic to work at least.
guidance-vpn-enforced = Without it, nothing gets out.
guidance-any-vpn = nothing in particular: any VPN counts, unless it is of a personal kind
guidance-dns-any = any resolver
guidance-dns-resolvers = Only these resolvers: { $list }.
guidance-dns-domains = These names are work, and belong in the VPN: { $list }.
guidance-dns-encrypted = Encrypted, where no VPN carries them.
guidance-no-probe = not looked for: nothing is sent
guidance-asked-days = asked, and again after { $count ->
        [one] one day
       *[other] { $count } days
    }
guidance-asked-hours = asked, and again after { $count ->
        [one] one hour
       *[other] { $count } hours
    }
guidance-not-asked = not asked
guidance-severity-own = as each check has it
guidance-severity-off = off
guidance-clauses = { $count ->
        [one] one of the employer’s own
       *[other] { $count } of the employer’s own
    } (homeward guidance coverage)
guidance-file-sets = { $file } sets
guidance-file-sets-nothing = { $file } sets nothing
guidance-file-not-used = { $file }: not there
guidance-good = { $file }: good guidance.
guidance-sets = It sets:
guidance-sets-nothing = It sets nothing: everything stays as it is built in.
guidance-locks = It locks:
guidance-remark-split = A VPN may carry work alone (vpn.extent = "split"), but no [[destination]] says what is work: nothing can be judged by it.
guidance-remark-any-vpn = A VPN is always asked for, but no [[vpn.identity]] says which: any VPN will do that is not of a personal kind.
guidance-remark-severity = vpn.required is locked, but "severity" is not: a user can switch off the checks that look at it.
guidance-remark-trusted = vpn.required is locked, but "trusted" is not: a user can add places where a VPN is not asked for.
guidance-remark-second = A sign-in page is looked for without a second opinion: should the one page fail, nothing can be told.
guidance-coverage-intro = What each document asks of the connection, and what Homeward does about it. The numbers E, O and V are Homeward’s own: the three notes of the Privacy Commissioner are known here through others who summarise them. “Quoted” text is theirs.
guidance-nobodys-rule = Nobody’s rule: the judgement of Homeward’s authors.
guidance-recalled = (not found in any source that was read)
guidance-served-checked = Checked: { $checks }.
guidance-served-asked = You are asked: { $checks }.
guidance-served-no = Not looked at.
guidance-coverage-checks = The checks, and whose rule each serves
guidance-check-off = (off)
guidance-coverage-sum = { $checked } clauses are checked, { $asked } are asked of you, { $no } are not for a program.
