-- What did reviewers put on top, and where did readers put it?
select week_on, coalesce(title, '(no title)') as title, top_position, upvotes_rank, upvotes
from marts.weekly_top
where top_position is not null or upvotes_rank <= 2
order by week_on, top_position nulls last, upvotes_rank, title
