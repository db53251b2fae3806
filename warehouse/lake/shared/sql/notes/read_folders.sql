-- One look into the key for each folder, and not one for each note.
with recursive found (folder) as (
    (
        select n.folder
        from paperlog_landing.notes as n
        where n.address = %(address)s and n.folder > %(folder)s || '/' and n.folder < %(folder)s || '0'
        order by n.folder
        limit 1
    )
    union all
    select (
        select n.folder
        from paperlog_landing.notes as n
        where n.address = %(address)s and n.folder > f.folder and n.folder < %(folder)s || '0'
        order by n.folder
        limit 1
    )
    from found as f
    where f.folder is not null
)

select distinct split_part(substr(folder, length(%(folder)s) + 2), '/', 1) as name
from found
where folder is not null
order by name
