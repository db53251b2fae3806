"""The jobs as Prefect runs them; no other folder imports Prefect."""
