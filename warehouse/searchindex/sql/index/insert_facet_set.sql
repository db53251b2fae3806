insert or ignore into facet_sets (facets)
values (?)
