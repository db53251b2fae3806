select paper_key, title, arxiv_id, doi, sources, previous_keys
from core.papers
where paper_key = $key
