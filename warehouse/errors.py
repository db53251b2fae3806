"""What can go wrong with the warehouse, worded so that a person knows what to do."""

from __future__ import annotations

from transforms.errors import PaperlogError


class WarehouseError(PaperlogError):
    """The warehouse cannot do it; nothing was half done."""


class WarehouseBusyError(WarehouseError):
    """Another process holds the writer's lock; a retry may help."""


class BatchRefusedError(WarehouseError):
    """A batch contradicts itself; the whole transaction was rolled back."""
