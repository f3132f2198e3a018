"""Clusters of claims: what many people say in their own words, topic by topic."""
