select decision_id
from ops.withholdings
