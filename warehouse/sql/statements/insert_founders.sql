insert into core.founders
by name
from stage_founders
