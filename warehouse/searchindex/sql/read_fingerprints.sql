select paper_key, fingerprint
from fingerprints
where left(paper_key, 7) in (select unnest(from_json($buckets, '["varchar"]')))
order by paper_key
