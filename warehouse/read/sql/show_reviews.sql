select * exclude (paper_key, title, arxiv_id, authors, first_version_on)
from marts.reviews
where paper_key = $key
order by partition_on, source, first_line
