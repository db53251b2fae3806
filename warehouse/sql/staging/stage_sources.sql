create or replace temp table stage_sources as
from ops.sources
limit 0
