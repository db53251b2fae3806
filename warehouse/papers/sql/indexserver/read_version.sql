select version
from state
