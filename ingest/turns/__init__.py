"""Where a new voice begins on a page without author marks: features, weights, and the probability of each paragraph."""
