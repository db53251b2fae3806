select distinct trim(regexp_replace(lower(strip_accents(author)), '[\s.]+', ' ', 'g')) as key
from (select unnest(authors) as author from core.papers)
where length(author) > $longer and sha256(key)[:16] = $hash
