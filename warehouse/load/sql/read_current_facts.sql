select arxiv_id, content_key, extractor_version, abstract_key
from core.arxiv_facts
where arxiv_id in (
    select arxiv_id
    from stage_facts
)
