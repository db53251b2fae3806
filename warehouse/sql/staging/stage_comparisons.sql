create or replace temp table stage_comparisons as
from core.comparisons
limit 0
