"""Where vectors are kept: Qdrant Edge in process, or a server; and how the store is brought up to date."""
