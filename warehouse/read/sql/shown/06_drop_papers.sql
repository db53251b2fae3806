drop view marts.papers
