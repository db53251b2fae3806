select f.* exclude (versions, page_sha256)
from marts.arxiv_facts as f
join marts.papers as p on p.arxiv_id = f.arxiv_id
where p.paper_key = $key
