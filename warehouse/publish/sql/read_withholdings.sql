from ops.withholdings
