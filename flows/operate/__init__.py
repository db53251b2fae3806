"""What an operator does beside loading: back up and restore, run everything, look after it."""
