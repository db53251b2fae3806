"""What each page says: a frozen record per kind of page, its template, and its place among the addresses.

Nothing here knows HTTP or folders: `flows/serve` answers requests with these pages, `flows/site` writes them as files.
"""
