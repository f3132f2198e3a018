"""How an author stands to what they say: stated probabilities, hedges and boosters, kinds of claim, retractions."""
