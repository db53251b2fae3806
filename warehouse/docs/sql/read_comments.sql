select schema_name, relation, column_name, comment
from lake.comments
