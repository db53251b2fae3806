select folder || '/' || name from paperlog_landing.notes where address = %(address)s
