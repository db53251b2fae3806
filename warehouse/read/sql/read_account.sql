select $name as name
where exists (
    from raw.contents as c
    join raw.entries as e on e.content_key = c.content_key
    where c.submitted_by = $name and core.family_of(e.source) = $source
)
or exists (
    from raw.arxiv_facts
    where submitter = $name and service = $source
)
