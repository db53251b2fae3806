"""The commands: each reads its arguments, calls one job or query, and shows what came of it."""
