insert into core.redirects
by name
from stage_redirects
