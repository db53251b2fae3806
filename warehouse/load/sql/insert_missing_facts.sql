insert into raw.missing_facts by name
from stage_missing_facts as s
anti join raw.missing_facts as t
    on t.service = s.service
    and t.arxiv_id = s.arxiv_id
    and t.asked_at = s.asked_at
    and t.page_sha256 = s.page_sha256
