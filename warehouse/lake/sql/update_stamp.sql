update lake.writer
set stamp = $stamp
where stamp = $before
