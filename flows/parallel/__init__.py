"""Work that other processes do for this one: programs beside it on this machine, or the workers of a cluster."""
