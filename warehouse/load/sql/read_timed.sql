select
    r.partition_on,
    r.page_sha256,
    r.final_url as url,
    r.fetched_at,
    l.is_closed,
    l.is_partial,
    coalesce(
        map_from_entries(list((e.sighting_key, e.upvotes)) filter (where e.upvotes is not null)), map {}
    ) as upvotes
from raw.readings as r
join raw.listings as l
    on l.source = r.source and l.partition_on = r.partition_on and l.page_sha256 = r.page_sha256
left join raw.entries as e
    on e.source = r.source and e.partition_on = r.partition_on and e.page_sha256 = r.page_sha256
anti join ops.forgotten_readings as f
    on f.source = r.source
    and f.partition_on = r.partition_on
    and f.page_sha256 = r.page_sha256
    and f.fetched_at = r.fetched_at
where r.source = $source and list_contains($days, r.partition_on) and l.outcome = 'listing' and not l.is_degraded
group by all
order by r.fetched_at, r.page_sha256
