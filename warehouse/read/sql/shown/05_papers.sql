create table marts.papers_now as
select p.* replace (a.text as abstract)
from marts.papers as p
left join shown_abstracts as a on a.paper_key = p.paper_key
order by p.paper_key
