# homeward networks

networks-no-home = There is no home folder in which anything could be kept.
networks-none = There is no connection now whose network could be known again.
networks-too-little = Of this network { $known } things are known; a network is trusted by at least { $enough } (its name, its protection, the make of its access point, its router, who lends addresses, which addresses, what it calls itself). Check again once you have an address.
networks-trusted = { $name } is trusted as it is now. It is known again by all of this together, never by its name alone.
networks-cable = The network at this cable
networks-nothing = No network is remembered.
networks-some-wifi = a Wi-Fi
networks-some-cable = a network by cable
networks-line = { $id }  { $name }, on { $days ->
    [one] { $days } day
   *[other] { $days } days
}, last on { $last }
networks-line-trusted = { $id }  { $name } (trusted), on { $days ->
    [one] { $days } day
   *[other] { $days } days
}, last on { $last }
networks-weakest = weakest protection: { $protection }
networks-more = Names are kept only of networks you trust; all else as hashes with a key of this computer. One is forgotten with: homeward networks forget ID
networks-forgot = { $which } is forgotten.
networks-forgot-all = All networks are forgotten.
networks-not-known = No network is known by { $which }. See: homeward networks list
networks-several = Several networks begin with { $which }: give more of the id.
networks-broken = { $path } is not what Homeward keeps ({ $why }). Remove it, or all of it with: homeward networks forget --all

privacy-kept-networks = { $path }: the networks you met, as hashes with a key of this computer, and the names of those you trust. Only you can read it; homeward networks forget --all removes it.
