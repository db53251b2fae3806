-- Which papers of each week did readers upvote most?
with best as (
    select date_trunc('week', listed_on)::date as week_on, any_value(title) as title, max(upvotes) as upvotes
    from marts.papers_daily
    where upvotes is not null
    group by week_on, paper_key
)
select *
from best
qualify row_number() over (partition by week_on order by upvotes desc, title) <= 3
order by week_on, upvotes desc, title
