"""The pages over HTTP: read-only, from the published snapshot, for this machine unless told otherwise."""
