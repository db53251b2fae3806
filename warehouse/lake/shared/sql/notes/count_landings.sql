select count(*) from paperlog_landing.landings where address = %(address)s
