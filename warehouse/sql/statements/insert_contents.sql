insert into raw.contents
by name
from stage_contents
