select since_on, looked_at, look
from channels
where reader = $reader and channel = $channel
