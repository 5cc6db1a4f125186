# homeward history

history-nothing = Nothing has been kept yet. The history is written by: homeward watch
history-legend = A mark is half an hour: · fine, ? cannot tell, ▒ attention, █ not ok for work, blank not watched
history-legend-plain = A mark is half an hour: . fine, ? cannot tell, - attention, # not ok for work, blank not watched
history-fine = Nothing was wrong while it was watched.
history-line = { $began }–{ $ended }  { $lasted }  { $severity }: { $title }
history-line-lasting = { $began }–  { $lasted } so far  { $severity }: { $title }
history-broken = { $path } cannot be read ({ $why }).
history-not-kept = The history could not be kept ({ $why }).

privacy-kept-history = { $path }: verdicts and troubles, from when to when, in which network by its hash, for 400 days. Only you can read it; remove the file to forget.
