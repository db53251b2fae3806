delete from core.authors
