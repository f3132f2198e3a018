"""Text that lost its markup: flattened threads, profile pages, mail, essays."""
