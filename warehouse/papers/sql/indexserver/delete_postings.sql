delete from postings as p
using unnest(%s::bigint[], %s::bigint[]) as gone (block_key, record)
where p.block_key = gone.block_key and p.record = gone.record
