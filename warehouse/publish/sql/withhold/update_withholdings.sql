update ops.withholdings
set name = null, reason = null
