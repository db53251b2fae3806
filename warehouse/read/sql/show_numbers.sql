select
    source,
    metric,
    min_by(value, observed_at) as first_value,
    min(observed_at) as first_at,
    max_by(value, observed_at) as last_value,
    max(observed_at) as last_at,
    max(value) as most_value,
    min_by(observed_at, (-value, observed_at)) as most_at,
    list({'observed_at': observed_at, 'value': value} order by observed_at) as readings
from marts.metric_history
where paper_key = $key
group by source, metric
order by metric <> 'upvotes', metric, source
