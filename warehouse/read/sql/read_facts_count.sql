select count(*) as facts_count
from raw.arxiv_facts
