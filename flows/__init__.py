"""Decides order, retries and failure; the only room that knows Prefect, the environment and the command line."""
