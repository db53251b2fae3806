-- Which institutions have most reviewed papers?
select institution, reviewed_count, primary_count, papers_count, array_to_string(spellings, '; ') as spellings
from marts.institutions
where reviewed_count > 0
order by reviewed_count desc, primary_count desc, institution
limit 10
