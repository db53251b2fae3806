-- Which papers did a list lose again, or show on a second day?
select
    p.title,
    d.source,
    list(d.listed_on order by d.listed_on) as days,
    list(d.listed_on order by d.listed_on) filter (where not d.is_listed) as lost_on
from marts.papers_daily as d
join marts.papers as p on p.paper_key = d.paper_key
group by d.paper_key, p.title, d.source
having count(*) > 1 or not bool_and(d.is_listed)
order by p.title, d.source
