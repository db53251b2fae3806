alter table marts.papers_now rename to papers
