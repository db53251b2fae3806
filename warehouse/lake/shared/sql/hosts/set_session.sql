-- The server itself ends a session that stands still with a locked row: its machine may be asleep or cut off.
select
    set_config('timezone', 'UTC', false),
    set_config('default_transaction_isolation', 'read committed', false),
    set_config('idle_in_transaction_session_timeout', '5s', false),
    set_config('lock_timeout', '20s', false),
    set_config('statement_timeout', '30s', false)
