-- MD5 of a row's JSON does not depend on DuckDB's version, and sums depend neither on order nor on threads.
select
    part,
    count(*) as rows_count,
    sum((number >> 64)::hugeint) as lower_sum,
    sum((number & 18446744073709551615::uhugeint)::hugeint) as upper_sum
from (
    select part, md5_number(line) as number
    from parted
    where $parts is null or list_contains($parts, part)
)
group by part
