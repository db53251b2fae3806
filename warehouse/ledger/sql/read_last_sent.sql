select max(made_at)
from issues
where reader = :reader and channel = :channel and state = 'sent'
