delete from raw.entries as e
using stage_listings as s
where e.source = s.source and e.partition_on = s.partition_on and e.page_sha256 = s.page_sha256
