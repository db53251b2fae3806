delete from papers
where paper = ?
