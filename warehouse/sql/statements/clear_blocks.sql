delete from core.blocks
