-- An instant with a zone, as now() gives it, is taken in UTC whatever the zone of the session is; a cast would not do so.
create or replace macro marts.metric_asof("at") as table
select
    p.paper_key,
    p.title,
    h.source,
    h.metric,
    arg_max(h.value, h.observed_at) as value,
    max(h.observed_at) as observed_at
from core.papers as p
join marts.metric_history as h on h.paper_key = p.paper_key
where h.observed_at <= case
    when typeof("at") = 'TIMESTAMP WITH TIME ZONE' then make_timestamp(epoch_us("at"::timestamptz))
    else "at"::timestamp
end
group by all;

create or replace macro marts.trending(days, "at") as table
with asked as (
    select
        case
            when typeof("at") = 'TIMESTAMP WITH TIME ZONE' then make_timestamp(epoch_us("at"::timestamptz))
            else "at"::timestamp
        end as moment
),
reads as (
    select
        h.paper_key,
        h.source,
        h.observed_at,
        h.value,
        h.observed_at <= a.moment - to_days(days::integer) as is_before
    from marts.metric_history as h
    join asked as a on h.observed_at <= a.moment
    where h.metric = 'upvotes'
),
ends as (
    select
        paper_key,
        source,
        coalesce(max(observed_at) filter (where is_before), min(observed_at)) as since,
        max(observed_at) as until,
        coalesce(arg_max(value, observed_at) filter (where is_before), arg_min(value, observed_at)) as upvotes_before,
        arg_max(value, observed_at) as upvotes
    from reads
    group by all
    having bool_or(not is_before)
)
select
    p.paper_key,
    p.title,
    e.source,
    case when e.until > e.since then e.upvotes - e.upvotes_before end as gained,
    e.upvotes,
    e.since,
    e.until
from ends as e
join core.papers as p on p.paper_key = e.paper_key
order by gained desc nulls last, e.upvotes desc, p.paper_key, e.source;

comment on macro table marts.metric_asof is 'One row a paper, source and metric: the number as known at an instant ("at", UTC where it has no zone of its own).';
comment on macro table marts.trending is 'One row a paper and source: upvotes gained in the days before an instant ("at", UTC where it has no zone of its own), between the reads since and until, most first; gained is NULL where there was one read only.';
