select part
from changed_papers
union
select part
from former_papers
