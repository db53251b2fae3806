"""The snapshot that readers open."""
