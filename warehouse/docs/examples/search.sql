select title, round(score, 2) as score from marts.search('tide harbour') limit 5
