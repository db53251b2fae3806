delete from core.authors
where hash(coalesce(author_key, lower(author))) in (select author_mark from touched_keys)
