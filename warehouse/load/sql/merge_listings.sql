-- A listing keeps the run that read its page first.
merge into raw.listings as t
using (
    select
        s.* exclude (fetched_at, url, final_url, media_type, byte_count) replace (coalesce(l.run_id, s.run_id) as run_id)
    from stage_listings as s
    left join raw.listings as l
        on l.source = s.source and l.partition_on = s.partition_on and l.page_sha256 = s.page_sha256
    where s.run_id in (select unnest($run_ids))
) as s
using (source, partition_on, page_sha256)
when matched then update by name
when not matched then insert by name
