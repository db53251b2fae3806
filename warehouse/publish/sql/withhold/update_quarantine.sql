-- An entry of a withheld paper, on the same page or with its arXiv id.
update ops.quarantine as q
set detail = '(withheld)', entry_text = '(withheld)'
where exists (
    from raw.entries as e
    where e.page_sha256 = q.page_sha256
        and e.section is not distinct from q.section
        and e.position = q.position
        and e.sighting_key in (select sighting_key from withheld_records)
)
or regexp_matches(q.entry_text, (select string_agg(distinct regexp_escape(arxiv_id), '|') from withheld_ids))
