merge into raw.listings as t
using stage_listings as s
    on t.source = s.source and t.partition_on = s.partition_on and t.page_sha256 = s.page_sha256
when matched and (t.outcome, t.is_closed, t.is_degraded, t.entries_digest, t.extractor_version, t.shape)
    is distinct from (s.outcome, s.is_closed, s.is_degraded, s.entries_digest, s.extractor_version, s.shape) then
    update set
        outcome = s.outcome,
        is_closed = s.is_closed,
        is_degraded = s.is_degraded,
        previous_on = s.previous_on,
        next_on = s.next_on,
        entries_count = s.entries_count,
        sightings_count = s.sightings_count,
        rejections_count = s.rejections_count,
        entries_digest = s.entries_digest,
        extractor_version = s.extractor_version,
        reason = s.reason,
        shape = s.shape
when not matched then
    insert (
        source, partition_on, page_sha256, outcome, is_closed, is_degraded, previous_on, next_on, entries_count,
        sightings_count, rejections_count, entries_digest, extractor_version, reason, shape, run_id
    )
    values (
        s.source, s.partition_on, s.page_sha256, s.outcome, s.is_closed, s.is_degraded, s.previous_on, s.next_on,
        s.entries_count, s.sightings_count, s.rejections_count, s.entries_digest, s.extractor_version, s.reason,
        s.shape, s.run_id
    )
returning merge_action, source, partition_on, page_sha256
