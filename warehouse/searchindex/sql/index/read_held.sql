select p.paper_key, p.paper, p.fingerprint
from json_each(?) as b
join papers as p on p.paper_key >= b.value and p.paper_key < b.value || '~'
