with readings as (
    select
        s.sighting_key,
        m.paper_key,
        s.source,
        s.partition_on,
        n.observed_at,
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
        and s.partition_on >= $since_on
        and s.partition_on < $week_on + 7
    group by all
),
firsts as (
    select sighting_key, min(observed_at) as first_at, arg_min(upvotes, observed_at) as first_upvotes
    from readings
    group by sighting_key
),
rises as (
    select
        r.paper_key,
        r.source,
        r.partition_on,
        r.upvotes - f.first_upvotes as gained,
        r.upvotes,
        date_diff('second', f.first_at, r.observed_at) / 3600.0 as hours
    from readings as r
    join firsts as f on f.sighting_key = r.sighting_key
    where f.first_at < r.partition_on + interval 36 hours
        and r.observed_at >= f.first_at + interval 12 hours
        and r.observed_at <= f.first_at + interval 36 hours
    qualify row_number() over (
        partition by r.sighting_key
        order by abs(date_diff('second', f.first_at, r.observed_at) - 86400), r.observed_at
    ) = 1
),
usual as (
    select
        source,
        count(*) as usual_count,
        quantile_cont(gained, 0.1) as usual_low,
        quantile_cont(gained, 0.5) as usual_middle,
        quantile_cont(gained, 0.9) as usual_high
    from rises
    where partition_on < $week_on
    group by source
)
select
    r.paper_key,
    r.source,
    r.gained,
    r.upvotes,
    r.hours,
    coalesce(u.usual_count, 0) as usual_count,
    u.usual_low,
    u.usual_middle,
    u.usual_high
from rises as r
left join usual as u on u.source = r.source
where r.partition_on >= $week_on
qualify row_number() over (partition by r.paper_key order by r.partition_on, r.source) = 1
order by r.gained desc, r.upvotes desc, r.paper_key
