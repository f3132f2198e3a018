"""The faces: command line, HTTP API, MCP and web. They only translate; they wire `ingest` to `index`."""
