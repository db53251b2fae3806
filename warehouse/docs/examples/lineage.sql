select fact, said, url, run_id, extractor_version from marts.lineage((select min(paper_key) from marts.papers))
