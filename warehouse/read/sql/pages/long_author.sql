select author_key as key
from marts.authors
where length(author_key) > $longer and sha256(author_key)[:16] = $hash
