-- Which papers of each week did readers upvote most?
select date_trunc('week', listed_on)::date as week_on, title, max(upvotes) as upvotes
from marts.papers_daily
where upvotes is not null
group by week_on, paper_key, title
qualify row_number() over (partition by week_on order by max(upvotes) desc, title) <= 3
order by week_on, max(upvotes) desc, title
