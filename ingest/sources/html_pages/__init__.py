"""Saved pages of forums, and of mirrors of forums."""
