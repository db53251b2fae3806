select content, source, count(*) as papers from marts.withheld group by content, source
