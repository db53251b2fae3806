with listed as (
    select paper_key, min(listed_on) as listed_on
    from marts.papers_daily
    where is_listed and date_trunc('week', listed_on) = $week_on
    group by paper_key
)
select
    h.paper_key,
    l.listed_on,
    h.observed_at,
    max(h.value) as upvotes
from listed as l
join marts.metric_history as h on h.paper_key = l.paper_key
where h.metric = 'upvotes' and h.observed_at >= l.listed_on
group by h.paper_key, l.listed_on, h.observed_at
order by h.paper_key, h.observed_at
