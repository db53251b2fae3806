insert into paperlog_landing.landings (address) values (%(address)s) on conflict do nothing
