insert into raw.entries
by name
from stage_entries
