select *, strftime(partition_on, '%Y-%m') as month
from marts.metrics
order by source, month, paper_key, metric, observed_at, sighting_key
