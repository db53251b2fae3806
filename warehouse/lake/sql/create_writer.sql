-- One row, which every transaction of a writer changes: of two that began from the same state only one can commit.
create table if not exists lake.writer (stamp varchar)
