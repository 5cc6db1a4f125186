# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_homeward_global_optspecs
    string join \n lang= h/help V/version
end

function __fish_homeward_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_homeward_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_homeward_using_subcommand
    set -l cmd (__fish_homeward_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c homeward -n "__fish_homeward_needs_command" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_needs_command" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_needs_command" -s V -l version -d 'Print version'
complete -c homeward -n "__fish_homeward_needs_command" -f -a "check" -d 'Look at this connection once and judge it'
complete -c homeward -n "__fish_homeward_needs_command" -f -a "watch" -d 'Stay, notify when something needs you, show an icon that tells how it is'
complete -c homeward -n "__fish_homeward_needs_command" -f -a "inspect" -d 'Read packet captures, tell what they show and judge it'
complete -c homeward -n "__fish_homeward_needs_command" -f -a "signatures" -d 'List the signatures, run their examples, see which matches what'
complete -c homeward -n "__fish_homeward_needs_command" -f -a "checks" -d 'List the checks'
complete -c homeward -n "__fish_homeward_needs_command" -f -a "explain" -d 'Tell all about one check: what, why, what to do, whose rule, its limits'
complete -c homeward -n "__fish_homeward_needs_command" -f -a "guidance" -d 'Show what is asked of a connection, try a guidance file, see which check serves which clause'
complete -c homeward -n "__fish_homeward_needs_command" -f -a "attest" -d 'Answer the questions no program can answer'
complete -c homeward -n "__fish_homeward_needs_command" -f -a "history" -d 'What happened when, as far as homeward watch saw it'
complete -c homeward -n "__fish_homeward_needs_command" -f -a "report" -d 'Write a report for the helpdesk: the moment, what came before, what is wrong; names taken out, nothing sent'
complete -c homeward -n "__fish_homeward_needs_command" -f -a "networks" -d 'The places met before: list them, trust this one, forget'
complete -c homeward -n "__fish_homeward_needs_command" -f -a "generate" -d 'Write the manual pages and the shells\' completions into a folder, for packagers'
complete -c homeward -n "__fish_homeward_needs_command" -f -a "privacy" -d 'Tell every packet Homeward can send, every file it keeps, and who can read it'
complete -c homeward -n "__fish_homeward_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c homeward -n "__fish_homeward_using_subcommand check" -l timeout -d 'The whole run takes at most this long' -r
complete -c homeward -n "__fish_homeward_using_subcommand check" -l guidance -d 'Judge by this guidance instead of the installed one' -r -F
complete -c homeward -n "__fish_homeward_using_subcommand check" -l facts -d 'Judge facts recorded earlier, or a report (by what it was judged by), instead of looking; - is standard input' -r -F
complete -c homeward -n "__fish_homeward_using_subcommand check" -l save-facts -d 'Keep the facts in a file that only you can read' -r -F
complete -c homeward -n "__fish_homeward_using_subcommand check" -l html -d 'Write the explanation as a page for the browser, too, in a file that only you can read' -r -F
complete -c homeward -n "__fish_homeward_using_subcommand check" -l metrics -d 'Write the verdict as metrics, too, for node_exporter\'s folder of text files (NAME.prom)' -r -F
complete -c homeward -n "__fish_homeward_using_subcommand check" -l only -d 'Ask only these checks' -r
complete -c homeward -n "__fish_homeward_using_subcommand check" -l skip -d 'Leave these checks out' -r
complete -c homeward -n "__fish_homeward_using_subcommand check" -l sensor -d 'Where homeward-sensor listens [default: /run/homeward/sensor.sock]' -r -F
complete -c homeward -n "__fish_homeward_using_subcommand check" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand check" -l json -d 'Print one JSON document (homeward.check/1)'
complete -c homeward -n "__fish_homeward_using_subcommand check" -l passive -d 'Send nothing: judge by what can be read'
complete -c homeward -n "__fish_homeward_using_subcommand check" -s v -l verbose -d 'Show what is fine and what does not apply, one by one'
complete -c homeward -n "__fish_homeward_using_subcommand check" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand watch" -l guidance -d 'Judge by this guidance instead of the installed one' -r -F
complete -c homeward -n "__fish_homeward_using_subcommand watch" -l sensor -d 'Where homeward-sensor listens [default: /run/homeward/sensor.sock]' -r -F
complete -c homeward -n "__fish_homeward_using_subcommand watch" -l metrics -d 'Keep the verdict as metrics in this file, for node_exporter\'s folder of text files (NAME.prom)' -r -F
complete -c homeward -n "__fish_homeward_using_subcommand watch" -l otlp -d 'Send every change to this collector as OpenTelemetry logs (OTLP/HTTP); nothing is sent without this' -r
complete -c homeward -n "__fish_homeward_using_subcommand watch" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand watch" -l no-tray -d 'No icon on the panel'
complete -c homeward -n "__fish_homeward_using_subcommand watch" -l no-notify -d 'No notifications'
complete -c homeward -n "__fish_homeward_using_subcommand watch" -l jsonl -d 'Print a line of JSON for every change of the verdict or of an alert (homeward.watch/1)'
complete -c homeward -n "__fish_homeward_using_subcommand watch" -l journal -d 'Tell the system\'s journal of every change, in fields (HOMEWARD_CHECK=…)'
complete -c homeward -n "__fish_homeward_using_subcommand watch" -l install -d 'Start with the session from now on (no package needed), and end'
complete -c homeward -n "__fish_homeward_using_subcommand watch" -l uninstall -d 'Start with the session no more, and end'
complete -c homeward -n "__fish_homeward_using_subcommand watch" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand inspect" -l guidance -d 'Judge by this guidance instead of the installed one' -r -F
complete -c homeward -n "__fish_homeward_using_subcommand inspect" -l signatures -d 'Use the signatures in this folder, too' -r -F
complete -c homeward -n "__fish_homeward_using_subcommand inspect" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand inspect" -l json -d 'Print one JSON document (homeward.inspect/1)'
complete -c homeward -n "__fish_homeward_using_subcommand inspect" -l jsonl -d 'Print a line of JSON for each new sighting as it comes (homeward.sighting/1), then the document on one line'
complete -c homeward -n "__fish_homeward_using_subcommand inspect" -s v -l verbose -d 'Show what is fine, and who spoke with whom'
complete -c homeward -n "__fish_homeward_using_subcommand inspect" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and not __fish_seen_subcommand_from list test match help" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and not __fish_seen_subcommand_from list test match help" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and not __fish_seen_subcommand_from list test match help" -f -a "list" -d 'List them: what each shows, what that means, its name and its source'
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and not __fish_seen_subcommand_from list test match help" -f -a "test" -d 'Run every example through the classifier (exit 65 when one does not hold)'
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and not __fish_seen_subcommand_from list test match help" -f -a "match" -d 'Tell which signature matches which packet of a capture'
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and not __fish_seen_subcommand_from list test match help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and __fish_seen_subcommand_from list" -l signatures -d 'Use the signatures in this folder, too' -r -F
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and __fish_seen_subcommand_from list" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document (homeward.signatures/1)'
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and __fish_seen_subcommand_from test" -l signatures -d 'Use the signatures in this folder, too' -r -F
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and __fish_seen_subcommand_from test" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and __fish_seen_subcommand_from match" -l signatures -d 'Use the signatures in this folder, too' -r -F
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and __fish_seen_subcommand_from match" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and __fish_seen_subcommand_from match" -l json -d 'Print a line of JSON for each match (homeward.match/1)'
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and __fish_seen_subcommand_from match" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and __fish_seen_subcommand_from help" -f -a "list" -d 'List them: what each shows, what that means, its name and its source'
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and __fish_seen_subcommand_from help" -f -a "test" -d 'Run every example through the classifier (exit 65 when one does not hold)'
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and __fish_seen_subcommand_from help" -f -a "match" -d 'Tell which signature matches which packet of a capture'
complete -c homeward -n "__fish_homeward_using_subcommand signatures; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c homeward -n "__fish_homeward_using_subcommand checks; and not __fish_seen_subcommand_from explain help" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand checks; and not __fish_seen_subcommand_from explain help" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand checks; and not __fish_seen_subcommand_from explain help" -f -a "explain" -d 'Tell all about one check'
complete -c homeward -n "__fish_homeward_using_subcommand checks; and not __fish_seen_subcommand_from explain help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c homeward -n "__fish_homeward_using_subcommand checks; and __fish_seen_subcommand_from explain" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand checks; and __fish_seen_subcommand_from explain" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand checks; and __fish_seen_subcommand_from help" -f -a "explain" -d 'Tell all about one check'
complete -c homeward -n "__fish_homeward_using_subcommand checks; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c homeward -n "__fish_homeward_using_subcommand explain" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand explain" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand guidance; and not __fish_seen_subcommand_from show validate coverage help" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand guidance; and not __fish_seen_subcommand_from show validate coverage help" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand guidance; and not __fish_seen_subcommand_from show validate coverage help" -f -a "show" -d 'Show the guidance in force, and which file sets what'
complete -c homeward -n "__fish_homeward_using_subcommand guidance; and not __fish_seen_subcommand_from show validate coverage help" -f -a "validate" -d 'Try a guidance file: says good (exit 0), or everything wrong with it (exit 65)'
complete -c homeward -n "__fish_homeward_using_subcommand guidance; and not __fish_seen_subcommand_from show validate coverage help" -f -a "coverage" -d 'Show which checks serve which clause, and what becomes of the others'
complete -c homeward -n "__fish_homeward_using_subcommand guidance; and not __fish_seen_subcommand_from show validate coverage help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c homeward -n "__fish_homeward_using_subcommand guidance; and __fish_seen_subcommand_from show" -l guidance -d 'Show this guidance instead of the installed one' -r -F
complete -c homeward -n "__fish_homeward_using_subcommand guidance; and __fish_seen_subcommand_from show" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand guidance; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON document (homeward.guidance/1)'
complete -c homeward -n "__fish_homeward_using_subcommand guidance; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand guidance; and __fish_seen_subcommand_from validate" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand guidance; and __fish_seen_subcommand_from validate" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand guidance; and __fish_seen_subcommand_from coverage" -l guidance -d 'For this guidance instead of the installed one' -r -F
complete -c homeward -n "__fish_homeward_using_subcommand guidance; and __fish_seen_subcommand_from coverage" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand guidance; and __fish_seen_subcommand_from coverage" -l json -d 'Print one JSON document (homeward.coverage/1)'
complete -c homeward -n "__fish_homeward_using_subcommand guidance; and __fish_seen_subcommand_from coverage" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand guidance; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show the guidance in force, and which file sets what'
complete -c homeward -n "__fish_homeward_using_subcommand guidance; and __fish_seen_subcommand_from help" -f -a "validate" -d 'Try a guidance file: says good (exit 0), or everything wrong with it (exit 65)'
complete -c homeward -n "__fish_homeward_using_subcommand guidance; and __fish_seen_subcommand_from help" -f -a "coverage" -d 'Show which checks serve which clause, and what becomes of the others'
complete -c homeward -n "__fish_homeward_using_subcommand guidance; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c homeward -n "__fish_homeward_using_subcommand attest" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand attest" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand history" -l since -d 'How long back: 90m, 24h, 7d' -r
complete -c homeward -n "__fish_homeward_using_subcommand history" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand history" -l json -d 'Print one JSON document (homeward.history/1)'
complete -c homeward -n "__fish_homeward_using_subcommand history" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand report; and not __fish_seen_subcommand_from diff decode help" -s o -l output -d 'Where to write it: a file, a folder, or - for standard output [default: homeward-report-DATE-TIME.zip here]' -r -F
complete -c homeward -n "__fish_homeward_using_subcommand report; and not __fish_seen_subcommand_from diff decode help" -l since -d 'How far back the history in it goes: 90m, 24h, 7d' -r
complete -c homeward -n "__fish_homeward_using_subcommand report; and not __fish_seen_subcommand_from diff decode help" -l redact -d 'How much is taken out' -r -f -a "none\t'Nothing: names and addresses as they were seen'
support\t'What is yours: names of networks, addresses, keys'
public\t'What is your employer\'s, too: fit to be shown to anybody'"
complete -c homeward -n "__fish_homeward_using_subcommand report; and not __fish_seen_subcommand_from diff decode help" -l note -d 'What you want to say to the helpdesk' -r
complete -c homeward -n "__fish_homeward_using_subcommand report; and not __fish_seen_subcommand_from diff decode help" -l guidance -d 'Judge by this guidance instead of the installed one' -r -F
complete -c homeward -n "__fish_homeward_using_subcommand report; and not __fish_seen_subcommand_from diff decode help" -l facts -d 'Report facts recorded earlier, or another report, instead of looking' -r -F
complete -c homeward -n "__fish_homeward_using_subcommand report; and not __fish_seen_subcommand_from diff decode help" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand report; and not __fish_seen_subcommand_from diff decode help" -l preview -d 'Print all that would be in it; write nothing'
complete -c homeward -n "__fish_homeward_using_subcommand report; and not __fish_seen_subcommand_from diff decode help" -l passive -d 'Send nothing: report what can be read'
complete -c homeward -n "__fish_homeward_using_subcommand report; and not __fish_seen_subcommand_from diff decode help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c homeward -n "__fish_homeward_using_subcommand report; and not __fish_seen_subcommand_from diff decode help" -f -a "diff" -d 'Tell what is different between two reports, or facts files'
complete -c homeward -n "__fish_homeward_using_subcommand report; and not __fish_seen_subcommand_from diff decode help" -f -a "decode" -d 'Tell what a code says that was read out over the phone'
complete -c homeward -n "__fish_homeward_using_subcommand report; and not __fish_seen_subcommand_from diff decode help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c homeward -n "__fish_homeward_using_subcommand report; and __fish_seen_subcommand_from diff" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand report; and __fish_seen_subcommand_from diff" -l json -d 'Print one JSON document (homeward.difference/1)'
complete -c homeward -n "__fish_homeward_using_subcommand report; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand report; and __fish_seen_subcommand_from decode" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand report; and __fish_seen_subcommand_from decode" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand report; and __fish_seen_subcommand_from help" -f -a "diff" -d 'Tell what is different between two reports, or facts files'
complete -c homeward -n "__fish_homeward_using_subcommand report; and __fish_seen_subcommand_from help" -f -a "decode" -d 'Tell what a code says that was read out over the phone'
complete -c homeward -n "__fish_homeward_using_subcommand report; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c homeward -n "__fish_homeward_using_subcommand networks; and not __fish_seen_subcommand_from list trust forget help" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand networks; and not __fish_seen_subcommand_from list trust forget help" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand networks; and not __fish_seen_subcommand_from list trust forget help" -f -a "list" -d 'List them'
complete -c homeward -n "__fish_homeward_using_subcommand networks; and not __fish_seen_subcommand_from list trust forget help" -f -a "trust" -d 'Tell Homeward that the network you are in is one you know, as it is now'
complete -c homeward -n "__fish_homeward_using_subcommand networks; and not __fish_seen_subcommand_from list trust forget help" -f -a "forget" -d 'Forget one, or all'
complete -c homeward -n "__fish_homeward_using_subcommand networks; and not __fish_seen_subcommand_from list trust forget help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c homeward -n "__fish_homeward_using_subcommand networks; and __fish_seen_subcommand_from list" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand networks; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document (homeward.networks-list/1)'
complete -c homeward -n "__fish_homeward_using_subcommand networks; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand networks; and __fish_seen_subcommand_from trust" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand networks; and __fish_seen_subcommand_from trust" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand networks; and __fish_seen_subcommand_from forget" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand networks; and __fish_seen_subcommand_from forget" -l all -d 'All of them'
complete -c homeward -n "__fish_homeward_using_subcommand networks; and __fish_seen_subcommand_from forget" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand networks; and __fish_seen_subcommand_from help" -f -a "list" -d 'List them'
complete -c homeward -n "__fish_homeward_using_subcommand networks; and __fish_seen_subcommand_from help" -f -a "trust" -d 'Tell Homeward that the network you are in is one you know, as it is now'
complete -c homeward -n "__fish_homeward_using_subcommand networks; and __fish_seen_subcommand_from help" -f -a "forget" -d 'Forget one, or all'
complete -c homeward -n "__fish_homeward_using_subcommand networks; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c homeward -n "__fish_homeward_using_subcommand generate" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand generate" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand privacy" -l guidance -d 'As it is under this guidance instead of the installed one' -r -F
complete -c homeward -n "__fish_homeward_using_subcommand privacy" -l lang -d 'Language to speak; there is en so far [default: by the locale]' -r
complete -c homeward -n "__fish_homeward_using_subcommand privacy" -s h -l help -d 'Print help'
complete -c homeward -n "__fish_homeward_using_subcommand help; and not __fish_seen_subcommand_from check watch inspect signatures checks explain guidance attest history report networks generate privacy help" -f -a "check" -d 'Look at this connection once and judge it'
complete -c homeward -n "__fish_homeward_using_subcommand help; and not __fish_seen_subcommand_from check watch inspect signatures checks explain guidance attest history report networks generate privacy help" -f -a "watch" -d 'Stay, notify when something needs you, show an icon that tells how it is'
complete -c homeward -n "__fish_homeward_using_subcommand help; and not __fish_seen_subcommand_from check watch inspect signatures checks explain guidance attest history report networks generate privacy help" -f -a "inspect" -d 'Read packet captures, tell what they show and judge it'
complete -c homeward -n "__fish_homeward_using_subcommand help; and not __fish_seen_subcommand_from check watch inspect signatures checks explain guidance attest history report networks generate privacy help" -f -a "signatures" -d 'List the signatures, run their examples, see which matches what'
complete -c homeward -n "__fish_homeward_using_subcommand help; and not __fish_seen_subcommand_from check watch inspect signatures checks explain guidance attest history report networks generate privacy help" -f -a "checks" -d 'List the checks'
complete -c homeward -n "__fish_homeward_using_subcommand help; and not __fish_seen_subcommand_from check watch inspect signatures checks explain guidance attest history report networks generate privacy help" -f -a "explain" -d 'Tell all about one check: what, why, what to do, whose rule, its limits'
complete -c homeward -n "__fish_homeward_using_subcommand help; and not __fish_seen_subcommand_from check watch inspect signatures checks explain guidance attest history report networks generate privacy help" -f -a "guidance" -d 'Show what is asked of a connection, try a guidance file, see which check serves which clause'
complete -c homeward -n "__fish_homeward_using_subcommand help; and not __fish_seen_subcommand_from check watch inspect signatures checks explain guidance attest history report networks generate privacy help" -f -a "attest" -d 'Answer the questions no program can answer'
complete -c homeward -n "__fish_homeward_using_subcommand help; and not __fish_seen_subcommand_from check watch inspect signatures checks explain guidance attest history report networks generate privacy help" -f -a "history" -d 'What happened when, as far as homeward watch saw it'
complete -c homeward -n "__fish_homeward_using_subcommand help; and not __fish_seen_subcommand_from check watch inspect signatures checks explain guidance attest history report networks generate privacy help" -f -a "report" -d 'Write a report for the helpdesk: the moment, what came before, what is wrong; names taken out, nothing sent'
complete -c homeward -n "__fish_homeward_using_subcommand help; and not __fish_seen_subcommand_from check watch inspect signatures checks explain guidance attest history report networks generate privacy help" -f -a "networks" -d 'The places met before: list them, trust this one, forget'
complete -c homeward -n "__fish_homeward_using_subcommand help; and not __fish_seen_subcommand_from check watch inspect signatures checks explain guidance attest history report networks generate privacy help" -f -a "generate" -d 'Write the manual pages and the shells\' completions into a folder, for packagers'
complete -c homeward -n "__fish_homeward_using_subcommand help; and not __fish_seen_subcommand_from check watch inspect signatures checks explain guidance attest history report networks generate privacy help" -f -a "privacy" -d 'Tell every packet Homeward can send, every file it keeps, and who can read it'
complete -c homeward -n "__fish_homeward_using_subcommand help; and not __fish_seen_subcommand_from check watch inspect signatures checks explain guidance attest history report networks generate privacy help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c homeward -n "__fish_homeward_using_subcommand help; and __fish_seen_subcommand_from signatures" -f -a "list" -d 'List them: what each shows, what that means, its name and its source'
complete -c homeward -n "__fish_homeward_using_subcommand help; and __fish_seen_subcommand_from signatures" -f -a "test" -d 'Run every example through the classifier (exit 65 when one does not hold)'
complete -c homeward -n "__fish_homeward_using_subcommand help; and __fish_seen_subcommand_from signatures" -f -a "match" -d 'Tell which signature matches which packet of a capture'
complete -c homeward -n "__fish_homeward_using_subcommand help; and __fish_seen_subcommand_from checks" -f -a "explain" -d 'Tell all about one check'
complete -c homeward -n "__fish_homeward_using_subcommand help; and __fish_seen_subcommand_from guidance" -f -a "show" -d 'Show the guidance in force, and which file sets what'
complete -c homeward -n "__fish_homeward_using_subcommand help; and __fish_seen_subcommand_from guidance" -f -a "validate" -d 'Try a guidance file: says good (exit 0), or everything wrong with it (exit 65)'
complete -c homeward -n "__fish_homeward_using_subcommand help; and __fish_seen_subcommand_from guidance" -f -a "coverage" -d 'Show which checks serve which clause, and what becomes of the others'
complete -c homeward -n "__fish_homeward_using_subcommand help; and __fish_seen_subcommand_from report" -f -a "diff" -d 'Tell what is different between two reports, or facts files'
complete -c homeward -n "__fish_homeward_using_subcommand help; and __fish_seen_subcommand_from report" -f -a "decode" -d 'Tell what a code says that was read out over the phone'
complete -c homeward -n "__fish_homeward_using_subcommand help; and __fish_seen_subcommand_from networks" -f -a "list" -d 'List them'
complete -c homeward -n "__fish_homeward_using_subcommand help; and __fish_seen_subcommand_from networks" -f -a "trust" -d 'Tell Homeward that the network you are in is one you know, as it is now'
complete -c homeward -n "__fish_homeward_using_subcommand help; and __fish_seen_subcommand_from networks" -f -a "forget" -d 'Forget one, or all'
