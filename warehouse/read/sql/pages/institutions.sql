select
    institution_key as key,
    institution as name,
    papers_count,
    reviewed_count as more_count,
    count(*) over () as total
from marts.institutions
where papers_count >= $least and ($words is null or contains(institution_key, core.institution_key($words)))
order by papers_count desc, institution_key
limit $most offset $offset
