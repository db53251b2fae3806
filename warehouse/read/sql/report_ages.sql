with readings as (
    select
        m.paper_key,
        s.sighting_key,
        s.partition_on,
        date_diff('second', s.partition_on::timestamp, n.observed_at) / 3600.0 as hours,
        max(n.value) as upvotes
    from core.sightings as s
    join ops.sources as o on o.source = s.source
    join core.matches as m on m.sighting_key = s.sighting_key
    join core.metrics as n on n.sighting_key = s.sighting_key
    where s.is_listed
        and not o.is_archive
        and o.partition_days = 1
        and not core.is_dump(o.partition_days, o.closing)
        and n.metric = 'upvotes'
        and n.observed_at >= s.partition_on
        and n.observed_at < s.partition_on + interval 15 days
        and n.observed_at < $week_on + 7
        and s.partition_on >= $since_on
        and s.partition_on < $week_on
    group by all
)
select
    floor(hours / 12)::integer as half_day,
    count(distinct paper_key) as papers_count,
    median(hours) as hours,
    quantile_cont(upvotes, 0.1) as low,
    quantile_cont(upvotes, 0.5) as middle,
    quantile_cont(upvotes, 0.9) as high
from readings
group by half_day
order by half_day
