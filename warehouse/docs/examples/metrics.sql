select metric, count(*) as reads, max(value) as most from marts.metrics group by metric
