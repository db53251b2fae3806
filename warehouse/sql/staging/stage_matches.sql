create or replace temp table stage_matches as
from core.matches
limit 0
