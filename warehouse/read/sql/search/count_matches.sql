select count(*)
from (
    select rowid
    from texts(?)
    limit ?
) as found
