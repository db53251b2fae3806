select pattern
from withheld_names
