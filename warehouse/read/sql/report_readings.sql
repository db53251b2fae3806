with listed as (
    select m.paper_key, s.sighting_key, s.partition_on, min(s.partition_on) over (partition by m.paper_key) as listed_on
    from core.sightings as s
    join ops.sources as o on o.source = s.source
    join core.matches as m on m.sighting_key = s.sighting_key
    where s.is_listed
        and not o.is_archive
        and o.partition_days = 1
        and not core.is_dump(o.partition_days, o.closing)
        and s.partition_on >= $week_on
        and s.partition_on < $week_on + 7
)
select l.paper_key, l.listed_on, n.observed_at, max(n.value) as upvotes
from listed as l
join core.metrics as n on n.sighting_key = l.sighting_key
where l.partition_on = l.listed_on
    and n.metric = 'upvotes'
    and n.observed_at >= l.listed_on
    and n.observed_at < l.listed_on + interval 15 days
group by all
order by l.paper_key, n.observed_at
