drop table gathered
