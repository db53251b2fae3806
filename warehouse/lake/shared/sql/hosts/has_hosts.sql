select to_regclass('paperlog_pace.hosts') is not null
