select v.version, v.created_at, v.size_text, v.is_latest
from marts.arxiv_versions as v
join marts.papers as p on p.arxiv_id = v.arxiv_id
where p.paper_key = $key
order by v.version
