select e.source, e.partition_on, e.page_sha256, e.sighting_key, e.content_key, e.section, e.position, e.first_line
from raw.entries as e
join stage_touched as t on t.source = e.source and t.partition_on = e.partition_on
order by e.section, e.position
