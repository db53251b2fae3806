-- The last issue that arrived, and whether one was made after it that did not.
select
    (select made_at from issues where reader = $reader and channel = $channel and state = 'sent' order by number desc limit 1)
        as sent_at,
    coalesce(
        (select state from issues where reader = $reader and channel = $channel order by number desc limit 1) <> 'sent',
        false
    ) as is_overdue
