"""One module for each kind of page: it reads what the page says from the snapshot, as one frozen record."""
