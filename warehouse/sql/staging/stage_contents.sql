create or replace temp table stage_contents as
from raw.contents
limit 0
