-- Sources and services that gave anything.
select core.family_of(source)
from ops.sources
union
select service
from raw.arxiv_facts
order by 1
