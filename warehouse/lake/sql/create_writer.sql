-- One row, which every transaction of a writer changes: of two that began from the same state only one can commit.
create table lake.writer (stamp varchar)
