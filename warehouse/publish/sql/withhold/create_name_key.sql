-- One for all spellings that differ in case, accents, full stops and blanks alone.
create temp macro name_key(name) as trim(regexp_replace(lower(strip_accents(name)), '[\s.\p{Z}]+', ' ', 'g'))
