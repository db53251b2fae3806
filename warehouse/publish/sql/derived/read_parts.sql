select * replace (lower_sum::hugeint as lower_sum, upper_sum::hugeint as upper_sum)
from ops.digest_parts
