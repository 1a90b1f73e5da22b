"""What the agnhost image is made of beyond its small commands: netexec's HTTP server."""
