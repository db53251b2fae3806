insert into raw.pages
by name
select page_sha256, source, first(media_type order by run_id) as media_type, first(byte_count) as byte_count, min(run_id) as run_id
from stage_listings as s
where not exists (from raw.pages as p where p.page_sha256 = s.page_sha256 and p.source = s.source)
group by page_sha256, source
