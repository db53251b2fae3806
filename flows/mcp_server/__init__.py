"""The published snapshot for programs that speak the Model Context Protocol: `paperlog mcp`."""
