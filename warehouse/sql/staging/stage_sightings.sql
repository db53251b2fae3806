create or replace temp table stage_sightings as
from core.sightings
limit 0
