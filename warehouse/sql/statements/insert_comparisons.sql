insert into core.comparisons
by name
from stage_comparisons
