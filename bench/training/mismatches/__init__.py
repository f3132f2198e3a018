"""Learn what finds mismatches: sentences, then exchanges, from labelled threads."""
