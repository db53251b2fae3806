select stamp, previous, edition
from state
