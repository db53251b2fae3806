select
    e.source,
    e.partition_on,
    e.page_sha256,
    e.section,
    {
        'sighting_key': e.sighting_key,
        'content_key': e.content_key,
        'position': e.position,
        'first_line': e.first_line
    } as seen
from raw.entries as e
join stage_touched as t on t.source = e.source and t.partition_on = e.partition_on
order by e.section, e.position
