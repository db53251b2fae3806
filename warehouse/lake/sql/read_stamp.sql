select stamp
from lake.writer
