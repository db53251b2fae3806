update core.matches
set evidence = '(withheld)'
where sighting_key in (select sighting_key from withheld_records where content = 'author')
