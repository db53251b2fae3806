-- What was read last holds; of two readings at one time, that of the newer reader, then that of the greater hash.
merge into core.arxiv_facts as t
using (
    select
        arxiv_id,
        content_key,
        extractor_version,
        last_read_at as read_at,
        last_page_sha256 as page_sha256,
        first_version_on,
        latest_version,
        doi,
        journal_ref,
        venue,
        venue_words,
        categories,
        license,
        is_withdrawn,
        core.abstract_key(abstract) as abstract_key
    from raw.arxiv_facts
    where arxiv_id in (
        select arxiv_id
        from stage_facts
    )
    qualify row_number() over (
        partition by arxiv_id
        order by last_read_at desc, extractor_version desc, last_page_sha256 desc, content_key desc
    ) = 1
) as s
using (arxiv_id)
when matched and t is distinct from s then update by name
when not matched then insert by name
