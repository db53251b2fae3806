"""The embedded engine: a private working file for the one writer, a published snapshot for everybody else."""
