select facet_set
from facet_sets
where facets = ?
