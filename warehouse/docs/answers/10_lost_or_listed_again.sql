-- Which papers did a list lose again, or show on a second day?
with moved as (
    select paper_key, source
    from marts.papers_daily
    group by paper_key, source
    having count(*) > 1 or not bool_and(is_listed)
)
select
    p.title,
    d.source,
    list(d.listed_on order by d.listed_on) as days,
    list(d.listed_on order by d.listed_on) filter (where not d.is_listed) as lost_on
from marts.papers_daily as d
join moved as m on m.paper_key = d.paper_key and m.source = d.source
join marts.papers as p on p.paper_key = d.paper_key
group by d.paper_key, p.title, d.source
order by p.title, d.source
