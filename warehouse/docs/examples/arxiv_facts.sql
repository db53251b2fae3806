select arxiv_id, latest_version, first_version_on, venue, venue_words from marts.arxiv_facts where venue is not null
