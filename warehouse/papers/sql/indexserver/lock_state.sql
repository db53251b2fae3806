select edition
from state
for update
