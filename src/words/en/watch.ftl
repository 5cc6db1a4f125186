# The watcher: bubbles, tray, the explanation in the browser.

offer-explain = What is this?
offer-sign-in = Open the sign-in page
offer-vpn = Connect the VPN
offer-snooze = Not here until tomorrow

tray-looking = Looking at the connection…
tray-explain = Explain in the browser
tray-check = Check again now
tray-trust = I know this network, as it is now
tray-snooze = Be quiet
tray-snooze-network = About this network until tomorrow
tray-snooze-all = About everything for an hour
tray-report = Save a report for the helpdesk
tray-privacy = What Homeward sends and keeps
tray-quit = Quit
tray-asleep = Quiet until { $until }

html-title = Homeward: this connection
html-skip = To the content
html-wrong = What is wrong
html-open = What could not be told, and matters
html-fine = What is fine
html-unknown = What could not be told
html-seen = What was seen:
html-asks = Who asks for it:
html-cannot-tell = Cannot tell
html-judged = Judged by { $name }, version { $version } ({ $source }).
html-made = Made by Homeward { $version } on this computer. This page asks nothing of anybody; nothing of it was sent anywhere.

watch-running = homeward watch runs in this session already (process { $pid }). It is the one with the tray icon; end it there, or with: kill { $pid }
watch-no-runtime = XDG_RUNTIME_DIR is not set: run it within a desktop session, or set it to a folder of yours that only you can read.
watch-no-desktop = No notifications for now ({ $why }). They begin as soon as a desktop is there.
watch-no-tray = No tray icon for now ({ $why }).
watch-not-shown = A notification could not be shown ({ $why }).
watch-not-opened = The browser could not be opened. The explanation is in { $path }
watch-vpn-failed = The VPN could not be started
watch-vpn-failed-why = { $why } Start it as you usually do, or ask your helpdesk.
watch-guidance-kept = The guidance could not be read ({ $why }); what was in force stays in force.
watch-installed = Written: { $path }. Homeward starts when you next log in; now, too, with: { $now }
watch-installed-already = { $path } is there already, as it should be.
watch-install-foreign = { $path } is there and not Homeward's own: it is left alone. Remove it first, or keep it.
watch-uninstalled = Removed: { $path }
watch-not-installed = Nothing of Homeward's own was found in { $path }

privacy-kept-watch = { $path }: what notifications were told today and what sleeps until when. Only you can read it.
privacy-kept-explanation = { $path }: the explanation last asked for, until you log out. Only you can read it.
privacy-watch = With homeward watch: the same as a check, each time the connection changes; at most six times in a row and then once in ten seconds, and while a sign-in page waits or nothing can be told, again after half a minute up to five minutes.
watch-strange-path = The path of this program has characters that an autostart entry cannot hold. Put it into a folder with a plain name.
watch-no-home = There is no home folder to put the entry into.

report-saved = A report for the helpdesk is saved
report-saved-where = It is { $path }; nothing was sent. The names and addresses of your networks are taken out. Give it to your helpdesk, or read them the code { $code }.
report-not-saved = The report could not be saved
privacy-kept-report = homeward-report-….zip, where you ask for it or in your home from the icon's menu: this moment and what came before, names and addresses of your networks replaced unless you ask for --redact none. Only you can read it; nothing is sent; delete it whenever you like.
