insert into channels (reader, channel, since_on)
values ($reader, $channel, $since_on)
on conflict do nothing
