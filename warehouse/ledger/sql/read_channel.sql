select since_on, looked_at, look, issues_count
from channels
where reader = :reader and channel = :channel
