select
    left(paper_key, 7) as bucket,
    count(*) as papers_count,
    bit_xor(fingerprint) as fingerprint,
    min(day) as first_day,
    max(day) as last_day
from fingerprints
group by bucket
order by bucket
