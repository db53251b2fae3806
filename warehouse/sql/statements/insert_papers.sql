insert into core.papers
by name
from stage_papers
