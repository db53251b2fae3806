select name, data
from paperlog_landing.notes
where address = %(address)s and folder = %(folder)s and name = any(%(names)s)
