from marts.search($text)
limit $most
