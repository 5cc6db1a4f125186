# The questions only a person can answer.

attested-na-not-asked = the guidance does not ask this
attested-na-phone = the connection runs over a phone
attested-na-public = this is not a home network
attested-evidence-yes = { $days ->
    [0] You said yes today.
    [one] You said yes { $days } day ago.
   *[other] You said yes { $days } days ago.
}
attested-evidence-no = { $days ->
    [0] You said no today.
    [one] You said no { $days } day ago.
   *[other] You said no { $days } days ago.
}
attested-evidence-dont-know = { $days ->
    [0] You said today that you do not know.
    [one] You said { $days } day ago that you do not know.
   *[other] You said { $days } days ago that you do not know.
}
