-- A backslash begins an escape of JSON.
create temp macro words_of(text) as
    regexp_extract_all(lower(regexp_replace(text, '\\(u[0-9a-fA-F]{4}|.)', ' ', 'g')), '[\p{L}\p{N}]+')
