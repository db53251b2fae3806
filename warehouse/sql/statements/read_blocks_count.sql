select count(*) from core.blocks
