create or replace temp table members as
select m.paper_key, m.sighting_key, m.partition_on
from core.matches as m
join stage_paper_keys as k on k.paper_key = m.paper_key
