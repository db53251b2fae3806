-- Which papers gained upvotes fastest between two reads?
select p.title, h.previous_value, h.value, round(h.hours, 1) as hours, round(24 * h.gained / h.hours, 1) as gained_a_day
from marts.metric_history as h
join marts.papers as p on p.paper_key = h.paper_key
where h.metric = 'upvotes' and h.gained > 0
order by h.gained / h.hours desc, p.title
limit 5
