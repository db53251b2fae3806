select s.facets, count(*) as papers_count
from texts(?) as t
join papers as p on p.paper = t.rowid
join facet_sets as s on s.facet_set = p.facet_set
group by s.facet_set
order by s.facets
