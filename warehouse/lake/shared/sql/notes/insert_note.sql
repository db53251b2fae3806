insert into paperlog_landing.notes (address, folder, name, data)
values (%(address)s, %(folder)s, %(name)s, %(data)s)
on conflict do nothing
