insert into raw.pages (page_sha256, source, media_type, byte_count, run_id)
select page_sha256, source, first(media_type order by run_id), first(byte_count), min(run_id)
from stage_listings as s
where not exists (from raw.pages as p where p.page_sha256 = s.page_sha256 and p.source = s.source)
group by page_sha256, source
