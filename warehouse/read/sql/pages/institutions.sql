with found as materialized (
    select institution_key as key, institution as name, papers_count, reviewed_count as more_count
    from marts.institutions
    where papers_count >= $least and ($words is null or contains(institution_key, core.institution_key($words)))
)
select key, name, papers_count, more_count, (select count(*) from found) as total
from found
order by papers_count desc, key
limit $most offset $offset
