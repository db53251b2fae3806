select to_regclass('paperlog_landing.notes') is not null and to_regclass('paperlog_landing.landings') is not null
