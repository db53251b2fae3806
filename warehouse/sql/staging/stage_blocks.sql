create or replace temp table stage_blocks as
from core.blocks
limit 0
