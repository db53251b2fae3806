select *
from raw.fact_answers
where service = $service
