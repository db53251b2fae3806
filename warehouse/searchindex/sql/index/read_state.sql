select engines, snapshot, removals, papers_count, first_day, last_day
from state
