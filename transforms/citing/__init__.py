"""Citations of papers: one record, and what writes it as BibTeX, RIS, CSL-JSON and for the heads of pages."""
