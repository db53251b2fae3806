insert into raw.readings
by name
select s.source, s.partition_on, s.page_sha256, s.fetched_at, s.url, s.final_url, s.run_id
from stage_listings as s
where not exists (
    from raw.readings as r
    where r.source = s.source
        and r.partition_on = s.partition_on
        and r.page_sha256 = s.page_sha256
        and r.fetched_at = s.fetched_at
)
