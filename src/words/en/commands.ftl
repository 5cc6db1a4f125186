# What the commands say beside their results.

lang-missing = There is no catalogue for the language “{ $lang }” yet; English is used.
facts-too-big = larger than { $limit } MiB
facts-not-utf8 = not text in UTF-8
id-unknown = There is no check “{ $id }”.
id-nearest = There is no check “{ $id }”; did you mean “{ $nearest }”?
id-list = `homeward checks` lists them.
nothing-left = --only and --skip leave no check to ask.
