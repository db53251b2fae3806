-- A verdict is often split off the summary.
create temp macro is_part(text, summary) as coalesce(contains(summary, text) or contains(text, summary), false)
