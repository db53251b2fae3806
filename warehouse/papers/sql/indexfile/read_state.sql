select stamp, previous
from state
