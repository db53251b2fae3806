select p.paper_key, round(-t.rank, 9) as score
from texts(?) as t
join papers as p on p.paper = t.rowid
order by score desc, p.paper_key
limit ? offset ?
