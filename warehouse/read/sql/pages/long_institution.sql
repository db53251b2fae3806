select distinct institution_key as key
from marts.paper_institutions
where length(institution_key) > $longer and sha256(institution_key)[:16] = $hash
