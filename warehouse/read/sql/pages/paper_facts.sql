select
    p.paper_key, f.title, f.categories, f.comments, f.venue, f.venue_words, f.journal_ref, f.doi, f.license, f.submitter,
    f.first_version_on, f.latest_version, f.versions, f.has_all_versions, f.is_withdrawn, f.is_deleted, f.renumbered_to,
    f.changed_on, f.service, f.read_at, f.page_sha256
from marts.papers as p
join marts.arxiv_facts as f on f.arxiv_id = p.arxiv_id
where p.paper_key in (select unnest($keys))
