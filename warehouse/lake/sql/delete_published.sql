-- Those that are not kept go at the next publish, kept ones if they are not the last of one of the latest days.
delete from lake.published
where
    snapshot_id < $newest
    and snapshot_id not in (
        select max(snapshot_id)
        from lake.published
        where is_kept
        group by published_at::date
        order by max(published_at) desc
        limit $days
    )
    and (not is_kept or $days > 0)
