"""The MCP server: tools for assistants, each a request to the HTTP API (docs/adr/0032-mcp.md)."""
