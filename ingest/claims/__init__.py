"""From parsed sentences to claims: what is said, in exact words, and whose words they are."""
