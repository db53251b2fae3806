delete from main.texts
