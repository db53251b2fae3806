-- How many entries and lists each day has that some source lists; the months from which they are shown are few.
with months as (
    select distinct date_trunc('month', partition_on)::date as month_on
    from ops.partitions
    where state in ('open', 'final') and entries_count > 0
),
chosen as (
    select month_on, count(*) over () as total
    from months
    order by month_on desc
    limit $most offset $offset
)
select
    p.partition_on,
    sum(p.entries_count)::bigint as entries_count,
    list(distinct core.family_of(p.source) order by core.family_of(p.source)) as sources,
    bool_or(p.state = 'open') as is_open,
    max(c.total) as months_total
from ops.partitions as p
join chosen as c on c.month_on = date_trunc('month', p.partition_on)
where p.state in ('open', 'final') and p.entries_count > 0
group by p.partition_on
order by p.partition_on desc
