update state
set previous = stamp, stamp = ?
