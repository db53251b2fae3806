create or replace temp table stage_paper_keys (
    paper_key varchar
)
