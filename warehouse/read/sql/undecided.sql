-- The first pairs are those of which a decision moves most sightings: the smaller paper's would get another key.
with sizes as (
    select paper_key, count(*) as sightings from core.matches group by all
)
select
    if(c.verdict = 'same', 'same, yet their papers exclude each other', c.verdict) as verdict,
    c.score,
    least(ls.sightings, rs.sightings) as sightings_moved,
    coalesce(
        list_filter(from_json(c.evidence, '[{"field": "varchar", "text": "varchar"}]'), lambda each: each.field = 'rule')[1].text,
        'less than +3 bits'
    ) as reason,
    l.paper_key as left_paper,
    lp.title as left_title,
    r.paper_key as right_paper,
    rp.title as right_title,
    c.left_key,
    c.right_key,
    array_to_string([
        format('{} ({:+.1f} bits)', reason.text, reason.bits)
        for reason in from_json(c.evidence, '[{"bits": "double", "text": "varchar"}]')
    ], '; ') as evidence
from core.comparisons as c
join core.matches as l on l.sighting_key = c.left_key
join core.matches as r on r.sighting_key = c.right_key
join core.papers as lp on lp.paper_key = l.paper_key
join core.papers as rp on rp.paper_key = r.paper_key
join sizes as ls on ls.paper_key = l.paper_key
join sizes as rs on rs.paper_key = r.paper_key
where l.paper_key <> r.paper_key
order by sightings_moved desc, c.score desc, c.left_key, c.right_key
