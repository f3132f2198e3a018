"""Learn the heads of the sense encoder, and what reads a masked place."""
