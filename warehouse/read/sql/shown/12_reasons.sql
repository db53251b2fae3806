-- A reason may name a file by its path: the folders of this machine are nobody's business.
update ops.runs
set reason = regexp_replace(reason, '(^|[\s"''(])/(?:[^\s/]+/)+', '\1…/', 'g')
where reason like '%/%'
