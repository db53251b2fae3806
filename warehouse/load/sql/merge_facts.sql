-- The least and the greatest time of reading: the same whatever is loaded first.
merge into raw.arxiv_facts as t
using stage_facts as s
on t.arxiv_id = s.arxiv_id and t.content_key = s.content_key
when matched and (
    (s.first_read_at, s.first_page_sha256) < (t.first_read_at, t.first_page_sha256)
    or (s.last_read_at, s.last_page_sha256) > (t.last_read_at, t.last_page_sha256)
    or s.extractor_version > t.extractor_version
) then update set
    first_read_at = least(t.first_read_at, s.first_read_at),
    first_page_sha256 = case
        when (s.first_read_at, s.first_page_sha256) < (t.first_read_at, t.first_page_sha256) then s.first_page_sha256
        else t.first_page_sha256
    end,
    last_read_at = greatest(t.last_read_at, s.last_read_at),
    last_page_sha256 = case
        when (s.last_read_at, s.last_page_sha256) > (t.last_read_at, t.last_page_sha256) then s.last_page_sha256
        else t.last_page_sha256
    end,
    venue = case when s.extractor_version > t.extractor_version then s.venue else t.venue end,
    venue_words = case when s.extractor_version > t.extractor_version then s.venue_words else t.venue_words end,
    is_withdrawn = case when s.extractor_version > t.extractor_version then s.is_withdrawn else t.is_withdrawn end,
    extractor_version = greatest(t.extractor_version, s.extractor_version)
when not matched then insert by name
