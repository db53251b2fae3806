select
    if(c.verdict = 'same', 'same, yet their papers exclude each other', c.verdict) as verdict,
    c.score,
    l.paper_key as left_paper,
    r.paper_key as right_paper,
    c.left_key,
    c.right_key,
    array_to_string([
        format('{} ({:+.1f} bits)', reason.text, reason.bits)
        for reason in from_json(c.evidence, '[{"bits": "double", "text": "varchar"}]')
    ], '; ') as evidence
from core.comparisons as c
join core.matches as l on l.sighting_key = c.left_key
join core.matches as r on r.sighting_key = c.right_key
where l.paper_key <> r.paper_key
order by c.score desc, c.left_key, c.right_key
