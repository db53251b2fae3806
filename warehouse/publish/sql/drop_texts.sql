drop table main.texts
