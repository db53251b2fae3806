create or replace temp table stage_papers as
from core.papers
limit 0
