-- The search index is a file of its own since then (warehouse/searchindex).
drop table ops.search_index;
