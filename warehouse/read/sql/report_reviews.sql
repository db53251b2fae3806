with weeks as (
    select
        s.source,
        s.partition_on,
        date_trunc('week', s.partition_on + (o.partition_days - 1) // 2)::date as week_on
    from marts.sightings as s
    join ops.sources as o on o.source = core.list_of(s.source, s.series)
    where o.partition_days > 1
),
shown as (
    select distinct source, partition_on, week_on
    from weeks
    where week_on between $first_week_on and $week_on
    qualify week_on = max(week_on) over (partition by source)
)
select
    w.source,
    w.week_on as partition_on,
    t.week_on,
    w.paper_key,
    p.title,
    p.abstract,
    p.is_withheld,
    p.arxiv_id,
    p.doi,
    p.links,
    w.top_position,
    w.list_position,
    w.upvotes_rank,
    w.upvotes,
    w.listed_on,
    coalesce(nullif(r.primary_institution, ''), p.institutions[1]) as institution,
    r.verdict,
    r.summary,
    r.methodology,
    r.experiments,
    r.reproducibility,
    r.limitations,
    r.impact
from marts.weekly_top as w
join shown as t on t.source = w.source and t.partition_on = w.week_on
join marts.papers as p on p.paper_key = w.paper_key
left join marts.reviews as r
    on r.paper_key = w.paper_key and r.source = w.source and r.partition_on = w.week_on
where w.top_position is not null or w.list_position is not null or w.upvotes_rank <= 10
order by t.week_on desc, w.source, w.top_position nulls last, w.list_position nulls last, w.upvotes_rank, w.paper_key
