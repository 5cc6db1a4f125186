# What a fleet's collectors are told

fleet-state = { $verdict }.
fleet-began = Began: { $title }
fleet-ended = Over: { $title }
fleet-lost = { $count } records were dropped while no collector could be reached.

watch-journal-gone = The journal does not take messages ({ $why }); they are left out.
watch-metrics-failed = { $path } could not be written: { $why }
watch-otlp-refused = The collector refuses these records ({ $why }); they are dropped.
watch-otlp-broken = The records for the collector cannot be kept ({ $why }).

privacy-otlp = With homeward watch --otlp URL, and only then: to the collector at that address, which your employer runs, each change of the verdict and each trouble that begins or ends: its check, severity, medium, VPN level, and the network by its hash; no name and no address. While the collector cannot be reached up to 10,000 of them wait in history.db.
privacy-local-journal = With --journal the same goes to this machine's own journal, with --metrics the verdict into the file you name.
