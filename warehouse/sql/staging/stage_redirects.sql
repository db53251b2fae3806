create or replace temp table stage_redirects as
from core.redirects
limit 0
