"""The snapshot that readers open, and the kept ones."""
