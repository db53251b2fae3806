select check_name, level, count(*) as runs from marts.findings group by all
