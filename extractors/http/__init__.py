"""HTTP requests, polite and within limits: each ends as a page or as a named error."""
