"""Find claims: the query line is read, candidates are ranked, filtered and grouped."""
