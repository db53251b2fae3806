-- What entries say, a row each with everything of it that is withheld.
create temp table withheld_contents as
with found as (
    select e.content_key, r.content, name_key(r.name) as name
    from raw.entries as e
    join withheld_records as r on r.sighting_key = e.sighting_key
    union
    select e.content_key, w.content, null
    from raw.entries as e
    join raw.contents as c on c.content_key = e.content_key
    join stage_withheld as w on w.source = core.family_of(e.source) and w.name = c.submitted_by
    where w.content = 'account'
)
select
    content_key,
    bool_or(content = 'abstract') as has_abstract,
    bool_or(content = 'review') as has_review,
    bool_or(content = 'summary') as has_summary,
    bool_or(content = 'account') as has_account,
    coalesce(list(name) filter (content = 'author'), []) as names
from found
group by content_key
