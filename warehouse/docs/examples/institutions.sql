select institution, spellings, alias_origins from marts.institutions where len(spellings) > 1
