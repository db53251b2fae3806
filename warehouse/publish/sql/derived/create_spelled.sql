-- Names as printed. A paper counts once for an author, at the first place that names them.
create or replace temp table spelled as
with listed as (
    select
        authors,
        list_transform(authors, lambda author: core.author_key(author)) as keys,
        paper_key in (select paper_key from core.reviewed_papers) as is_reviewed,
        first_listed_on,
        last_listed_on
    from core.papers
    where paper_key in (select paper_key from touched_papers)
),
places as (
    select
        unnest(authors) as author,
        unnest(keys) as author_key,
        unnest(list_transform(keys, lambda key, place: list_position(keys, key) = place)) as is_counted,
        unnest(range(1, len(authors) + 1)) as place,
        is_reviewed,
        first_listed_on,
        last_listed_on
    from listed
)
select
    author,
    any_value(author_key) as author_key,
    count(*) as places_count,
    count(*) filter (where is_counted) as papers_count,
    count(*) filter (where place = 1) as first_author_count,
    count(*) filter (where is_counted and is_reviewed) as reviewed_count,
    min(first_listed_on) as first_listed_on,
    max(last_listed_on) as last_listed_on
from places
where author <> '(name withheld)' and hash(author_key) in (select author_mark from touched_keys)
group by author
