# Name look-ups.

thing-name-lookups = where name look-ups go
