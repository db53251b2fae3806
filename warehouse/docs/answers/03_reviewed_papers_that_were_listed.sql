-- Which reviewed papers were also on a daily list, and when?
select p.title, r.partition_on as reviewed_week_on, d.source, d.listed_on, d.rank, d.upvotes
from marts.reviews as r
join marts.papers_daily as d on d.paper_key = r.paper_key
join marts.papers as p on p.paper_key = r.paper_key
order by r.partition_on, d.listed_on, d.rank
