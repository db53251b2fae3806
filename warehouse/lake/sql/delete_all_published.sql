delete from lake.published
