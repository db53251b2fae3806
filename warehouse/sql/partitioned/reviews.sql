select *, strftime(partition_on, '%Y-%m') as month
from marts.reviews
order by source, month, paper_key, partition_on
