delete from postings
