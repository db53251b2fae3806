create temp macro name_key(name) as trim(regexp_replace(lower(strip_accents(name)), '[\s.]+', ' ', 'g'))
