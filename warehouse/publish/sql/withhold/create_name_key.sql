-- One for all spellings that differ in case, accents, full stops and blanks alone; Greek has two small letters for one capital.
create temp macro name_key(name) as trim(
    regexp_replace(replace(lower(strip_accents(name)), 'ς', 'σ'), '[\s.\p{Z}]+', ' ', 'g')
)
