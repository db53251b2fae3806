create or replace temp table records as
select s.sighting_key, s.source, s.partition_on, s.content_key
from core.sightings as s
join stage_keys as k on k.sighting_key = s.sighting_key and k.partition_on = s.partition_on
