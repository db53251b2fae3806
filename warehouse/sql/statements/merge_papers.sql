merge into core.papers as t
using stage_papers as s on t.paper_key = s.paper_key
when matched and (
    t.title, t.abstract, t.authors, t.author_count, t.arxiv_id, t.doi, t.published_on, t.published_on_source,
    t.published_certainty, t.institutions, t.links, t.sources, t.first_listed_on, t.last_listed_on, t.previous_keys
) is distinct from (
    s.title, s.abstract, s.authors, s.author_count, s.arxiv_id, s.doi, s.published_on, s.published_on_source,
    s.published_certainty, s.institutions, s.links, s.sources, s.first_listed_on, s.last_listed_on, s.previous_keys
) then
    update set
        title = s.title,
        abstract = s.abstract,
        authors = s.authors,
        author_count = s.author_count,
        arxiv_id = s.arxiv_id,
        doi = s.doi,
        published_on = s.published_on,
        published_on_source = s.published_on_source,
        published_certainty = s.published_certainty,
        institutions = s.institutions,
        links = s.links,
        sources = s.sources,
        first_listed_on = s.first_listed_on,
        last_listed_on = s.last_listed_on,
        previous_keys = s.previous_keys
when not matched then
    insert (
        paper_key, title, abstract, authors, author_count, arxiv_id, doi, published_on, published_on_source,
        published_certainty, institutions, links, sources, first_listed_on, last_listed_on, previous_keys
    )
    values (
        s.paper_key, s.title, s.abstract, s.authors, s.author_count, s.arxiv_id, s.doi, s.published_on,
        s.published_on_source, s.published_certainty, s.institutions, s.links, s.sources, s.first_listed_on,
        s.last_listed_on, s.previous_keys
    )
