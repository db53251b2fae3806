select coalesce(max(paper), 0)
from papers
