-- Which weeks have gaps, open lists or rejected entries?
select source, week_on, gaps_count, open_count, refused_count, quarantined_count
from marts.coverage
where gaps_count + open_count + refused_count + quarantined_count > 0
order by source, week_on
