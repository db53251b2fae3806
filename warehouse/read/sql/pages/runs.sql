select
    run_id,
    flow,
    core.family_of(source) as source,
    core.series_of(source) as series,
    partition_on,
    status,
    cause,
    reason,
    finished_at,
    entries_count,
    sightings_count,
    rejections_count,
    papers_added_count,
    count(*) over () as total
from ops.runs
where $status is null or status = $status
order by load_order desc
limit $most offset $offset
