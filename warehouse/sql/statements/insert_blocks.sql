insert into core.blocks
by name
from stage_blocks
