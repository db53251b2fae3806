create or replace temp table stage_founders as
from core.founders
limit 0
