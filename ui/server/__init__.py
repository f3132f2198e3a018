"""One process and one port for the web app, the API and the tools for assistants."""
