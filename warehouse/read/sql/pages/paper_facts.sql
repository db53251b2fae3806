select
    title, categories, comments, venue, venue_words, journal_ref, doi, license, submitter, first_version_on,
    latest_version, versions, has_all_versions, is_withdrawn, is_deleted, renumbered_to, changed_on, service, read_at,
    page_sha256
from marts.arxiv_facts
where arxiv_id = $arxiv_id
