select
    s.sighting_key, s.source, s.partition_on, s.section, s.position, s.first_line, s.content_key, s.page_sha256,
    s.run_id, s.is_listed
from core.sightings as s
join stage_touched as t on t.source = s.source and t.partition_on = s.partition_on
