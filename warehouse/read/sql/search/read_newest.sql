select p.paper_key, null as score
from texts(?) as t
join papers as p on p.paper = t.rowid
order by p.day desc, p.paper_key
limit ? offset ?
