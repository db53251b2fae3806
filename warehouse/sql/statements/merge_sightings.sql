merge into core.sightings as t
using stage_sightings as s on t.sighting_key = s.sighting_key and t.partition_on = s.partition_on
when matched then
    update set
        section = s.section,
        position = s.position,
        first_line = s.first_line,
        content_key = s.content_key,
        page_sha256 = s.page_sha256,
        run_id = s.run_id,
        is_listed = s.is_listed
when not matched then
    insert (
        sighting_key, source, partition_on, section, position, first_line, content_key, page_sha256, run_id, is_listed
    )
    values (
        s.sighting_key, s.source, s.partition_on, s.section, s.position, s.first_line, s.content_key, s.page_sha256,
        s.run_id, s.is_listed
    )
