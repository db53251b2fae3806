insert into core.metrics
by name
select e.sighting_key, e.source, e.partition_on, e.metric, m.observed_at, e.value, e.page_sha256, m.run_id
from (
    unpivot raw.entries
    on upvotes, comments, github_stars
    into name metric value value
) as e
join stage_measured as m
    on m.source = e.source and m.partition_on = e.partition_on and m.page_sha256 = e.page_sha256
order by e.partition_on, m.observed_at, e.sighting_key, e.metric
