select distinct lower(trim(regexp_replace(word, '\s+', ' ', 'g'))) as key
from (select unnest(site_keywords) as word from raw.contents where len(site_keywords) > 0)
where length(word) > $longer and sha256(key)[:16] = $hash
