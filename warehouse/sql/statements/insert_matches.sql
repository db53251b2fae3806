insert into core.matches
by name
from stage_matches
