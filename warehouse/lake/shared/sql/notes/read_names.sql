select name
from paperlog_landing.notes
where address = %(address)s and folder = %(folder)s
order by name
