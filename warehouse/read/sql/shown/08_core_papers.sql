update core.papers as p
set abstract = n.abstract
from marts.papers as n
where n.paper_key = p.paper_key and n.abstract is distinct from p.abstract
