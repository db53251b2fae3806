select f.rowid, snippet(found, -1, ?, ?, '…', ?) as snippet
from found(?) as f
