select p.title, max(m.value) as upvotes, any_value(r.primary_institution) as institution
from papers as p
join reviews as r on r.paper_key = p.paper_key
join metrics as m on m.paper_key = p.paper_key and m.metric = 'upvotes'
group by p.paper_key, p.title
order by upvotes desc, p.title
limit 3
