-- The papers of the lists and reviews of some days, most upvoted first; those of an archive's lists, which nobody chose, last.
with placed as (
    select
        m.paper_key,
        s.sighting_key,
        s.partition_on,
        s.position,
        o.is_archive,
        o.partition_days
    from core.sightings as s
    join core.matches as m on m.partition_on = s.partition_on and m.sighting_key = s.sighting_key
    join ops.sources as o on o.source = s.source
    where s.partition_on between $first - 31 and $last
        and m.partition_on between $first - 31 and $last
        and s.partition_on + (o.partition_days - 1) // 2 * $is_by_middle between $first and $last
        and s.is_listed
        and ($source is null or core.family_of(s.source) = $source)
),
votes as (
    select sighting_key, arg_max(value, observed_at) as upvotes
    from core.metrics
    where metric = 'upvotes' and partition_on between $first - 31 and $last
    group by sighting_key
),
papers as (
    select
        p.paper_key,
        bool_and(p.is_archive) as is_archive,
        max(v.upvotes) as upvotes,
        min(p.partition_on) as partition_on,
        min(p.position) as position
    from placed as p
    left join votes as v on v.sighting_key = p.sighting_key
    group by p.paper_key
)
select paper_key, count(*) over () as total
from papers
order by is_archive, upvotes desc nulls last, partition_on desc, position, paper_key
limit $most offset $offset
