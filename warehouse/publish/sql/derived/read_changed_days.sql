select partition_on::varchar
from changed_days
