select content, source
from marts.withheld
where paper_key = $key
order by content, source
