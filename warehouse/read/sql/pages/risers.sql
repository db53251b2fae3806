-- Of the lists of some days: who gained most upvotes between its last two readings, by the hour.
with reads as (
    select sighting_key, observed_at, max(value) as value
    from core.metrics
    where metric = 'upvotes' and partition_on between $first and $last
    group by all
),
ends as (
    select
        sighting_key,
        arg_max({'value': value, 'observed_at': observed_at}, observed_at, 2) as last_two
    from reads
    group by sighting_key
    having count(*) > 1
)
select
    m.paper_key,
    e.last_two[1].value as upvotes,
    e.last_two[1].value - e.last_two[2].value as gained,
    e.last_two[2].observed_at as since,
    e.last_two[1].observed_at as until
from ends as e
join core.matches as m on m.sighting_key = e.sighting_key
where m.partition_on between $first and $last
    and e.last_two[1].value > e.last_two[2].value
qualify row_number() over (partition by m.paper_key order by gained desc) = 1
order by gained desc, m.paper_key
limit $most
