select
    (select count(*) from paper_marks_now) as papers_count,
    (select count(*) from changed_papers) + (select count(*) from former_papers) as changed_papers_count,
    (select count(*) from day_marks_now) as days_count,
    (select count(*) from changed_days) as changed_days_count
