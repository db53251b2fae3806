create schema if not exists paperlog_pace
