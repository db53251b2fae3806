select distinct core.family_of(source) as source
from ops.sources
order by source
