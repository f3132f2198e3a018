"""Measures of quality and speed, each a command that prints a table with a baseline beside it."""
